using System.Globalization;
using System.Text.RegularExpressions;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed partial class OracleParserTests(OracleParser parser) : IClassFixture<OracleParser>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatOracleIsSent_Parsed_HasNoErrors()
    {
        // The parser does not know duality views; these have a check of their own.
        var statements = SchemaScript.Embedded(DatabaseProvider.Oracle).SelectMany(s => s.Statements()).Where(s => !DualityView().IsMatch(s)).ToList();
        Assert.True(statements.Count > 100, $"Only {statements.Count} statements were found.");
        var oracle = new OracleSchemaDialect();
        // The parser does not know IF NOT EXISTS, an addition of 23ai.
        statements.AddRange([oracle.CreateHistory.Replace("IF NOT EXISTS ", "", StringComparison.Ordinal), oracle.HistoryExists, oracle.Lock, oracle.DropAll]);

        var errors = await parser.ErrorsAsync(statements, Ct);

        Assert.Equal(statements.Count, errors.Count);
        Assert.Empty(statements.Zip(errors).Where(p => p.Second.Count > 0).Select(p => $"{p.First}: {string.Join("; ", p.Second)}"));
    }

    /// <summary>Written once for both databases; PostgreSQL runs it in every test that buys a ticket.</summary>
    [Fact]
    public async Task SharedSql_Parsed_HasNoErrors()
    {
        var now = DateTimeOffset.UnixEpoch;
        var drawing = new DrawingFacts(Guid.Empty, "", DrawingStatus.Open, EntropyKind.Commit, now, 1, 1, 1, 1, EligibleUsers.All, 0, 18, 1);
        var row = PointTransaction.After(1, 0, LedgerHash.Start, LedgerEntry.Refund(Guid.Empty, 1, "purchase", "x", "x"), now);
        FormattableString[] statements =
        [
            EntryCounters.PassGate(Guid.Empty, 1, now),
            EntryCounters.Count(drawing, Guid.Empty, TicketKind.Paid, 1),
            EntryCounters.Count(drawing, Guid.Empty, TicketKind.Free, 1),
            Ledger.Move(row, 1, 0),
        ];
        var texts = Array.ConvertAll(statements, s => string.Format(CultureInfo.InvariantCulture, s.Format, [.. Enumerable.Range(0, s.ArgumentCount).Select(i => $":p{i}")]));

        Assert.All(await parser.ErrorsAsync(texts, Ct), Assert.Empty);
    }

    [Fact]
    public async Task BadSql_Parsed_HasErrors()
    {
        string[] bad =
        [
            "CREATE TABLE a (id NUMBER(10) NOT NULL,, name VARCHAR2(20 CHAR))",
            "CREATE TABLE a (id NUMBER(10) NOT NULL",
            "CRATE TABLE a (id NUMBER(10))",
            "CREATE INDEX ON a",
            "CREATE TABLE a (id NUMBER(10), CONSTRAINT c FOREIGN KEY id REFERENCES b (id))",
            "COMMENT ON TABLE a IS One sentence.",
            "BEGIN EXECUTE 'DROP TABLE a'; END",
        ];

        Assert.Empty(bad.Zip(await parser.ErrorsAsync(bad, Ct)).Where(p => p.Second.Count == 0).Select(p => p.First));
    }

    /// <summary>Oracle's own tutorial: our way to split a script, and the parser, cope with what real scripts contain.</summary>
    [Fact]
    public async Task OraclesTutorial_SplitAndParsed_HasNoErrors()
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "data", "sql", "oracle-duality-tutorial.sql");
        Assert.SkipUnless(File.Exists(path), "../shared/data is not there.");
        var text = await File.ReadAllTextAsync(path, Ct);
        var ddl = TableOrTrigger().Matches(text).Select(m => m.Value).ToList();
        Assert.True(ddl.Count >= 5, $"Only {ddl.Count} statements were found.");

        var statements = SchemaScript.Create("tutorial.sql", string.Join('\n', ddl)).Statements();

        Assert.Equal(ddl.Count, statements.Count);
        Assert.All(await parser.ErrorsAsync(statements, Ct), Assert.Empty);
    }

    [GeneratedRegex(@"^CREATE( OR REPLACE)?( FORCE)?( JSON)?( RELATIONAL)? DUALITY", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DualityView();

    [GeneratedRegex(@"^(CREATE TABLE [^;]+;|CREATE OR REPLACE TRIGGER .+?^/)$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableOrTrigger();
}
