using System.Text.RegularExpressions;
using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>The EF model, the PostgreSQL scripts and the Oracle scripts say the same.</summary>
public sealed partial class SchemaAgreementTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgresScripts_Applied_MakeWhatTheModelExpects()
    {
        await using var database = await server.CreateDatabaseAsync(Ct);

        var catalog = await SchemaShape.OfPostgresAsync(database.ConnectionString, Ct);

        AssertSame([.. SchemaShape.OfModel(DatabaseProvider.Postgres).Select(SchemaShape.AsInCatalog)], catalog);
    }

    [Fact]
    public void PostgresScripts_Read_SayWhatTheModelSays() =>
        AssertSame(SchemaShape.OfModel(DatabaseProvider.Postgres), OfScripts(DatabaseProvider.Postgres));

    [Fact]
    public void OracleScripts_Read_SayWhatTheModelSays() =>
        AssertSame(SchemaShape.OfModel(DatabaseProvider.Oracle), OfScripts(DatabaseProvider.Oracle));

    [Fact]
    public void OracleAndPostgresScripts_OneByOne_DifferInTypesOnly()
    {
        var pairs = SchemaScript.Embedded(DatabaseProvider.Postgres).Zip(SchemaScript.Embedded(DatabaseProvider.Oracle)).ToList();

        Assert.NotEmpty(pairs);
        foreach (var (postgresScript, oracleScript) in pairs.Where(p => IsRelational(p.First)))
            AssertSame(WithoutTypes(SchemaShape.OfScript(postgresScript)), WithoutTypes(SchemaShape.OfScript(oracleScript)));
    }

    /// <summary>A difference that is known shows that the comparison sees anything at all.</summary>
    [Fact]
    public void OfScript_WhenAColumnDiffers_ShowsIt()
    {
        var first = SchemaShape.OfScript(SchemaScript.Create("a.sql", "CREATE TABLE a (\n    id    uuid  NOT NULL,\n    name  varchar(20),\n    CONSTRAINT pk_a PRIMARY KEY (id)\n);\n"));
        var second = SchemaShape.OfScript(SchemaScript.Create("b.sql", "CREATE TABLE A (\n    ID    VARCHAR2(36)  NOT NULL,\n    NAME  VARCHAR2(20 CHAR)  NOT NULL,\n    CONSTRAINT PK_A PRIMARY KEY (ID)\n);\nALTER TABLE A ADD NOTE CLOB;\n"));

        Assert.Equal(["column a.id uuid not null", "column a.name varchar(20)", "constraint a.pk_a primary key (id)", "table a"], first);
        Assert.Equal(["column a.name"], WithoutTypes(first).Except(WithoutTypes(second)));
        Assert.Equal(["column a.name not null", "column a.note"], WithoutTypes(second).Except(WithoutTypes(first)));
    }

    [Theory]
    [InlineData("DROP VIEW a;")]
    [InlineData("CREATE TABLE a (id integer);")]
    [InlineData("CREATE TABLE a (\n    id  uuid  DEFAULT 'x'\n);")]
    public void OfScript_WhenItCannotReadAStatement_SaysSo(string sql) =>
        Assert.Throws<InvalidOperationException>(() => SchemaShape.OfScript(SchemaScript.Create("a.sql", sql)));

    private static SortedSet<string> OfScripts(DatabaseProvider provider)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var own in SchemaScript.Embedded(provider).Where(IsRelational).Select(SchemaShape.OfScript))
        {
            var dropped = own.Where(l => l.StartsWith(SchemaShape.Dropped, StringComparison.Ordinal)).ToList();
            lines.RemoveWhere(l => dropped.Exists(d => l.StartsWith(d[SchemaShape.Dropped.Length..], StringComparison.Ordinal)));
            lines.UnionWith(own.Except(dropped));
        }

        return lines;
    }

    /// <summary>The views of the document API are no part of the EF model, and neither are triggers.</summary>
    private static bool IsRelational(SchemaScript script) => script.Name is not "011_final_drawings.sql" && !script.Name.EndsWith("_views.sql", StringComparison.Ordinal);

    private static SortedSet<string> WithoutTypes(SortedSet<string> lines) =>
        new(lines.Select(l => ColumnType().Replace(l, "${column}${required}")), StringComparer.Ordinal);

    private static void AssertSame(SortedSet<string> expected, SortedSet<string> actual)
    {
        Assert.NotEmpty(expected);
        Assert.NotEmpty(actual);
        var differences = expected.Except(actual, StringComparer.Ordinal).Select(l => "missing: " + l)
            .Concat(actual.Except(expected, StringComparer.Ordinal).Select(l => "too much: " + l)).ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [GeneratedRegex(@"^(?<column>column \S+) .+?(?<required> not null)?$", RegexOptions.None, 1000)]
    private static partial Regex ColumnType();
}
