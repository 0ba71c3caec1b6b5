using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class ErdTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "diagrams", "erd.md");

    [Fact]
    public async Task Erd_Always_IsWhatTheModelSays()
    {
        var expected = ErdDocument.Write(SchemaShape.Model());
        if (Environment.GetEnvironmentVariable("FITTRACK_WRITE_DOCS") == "1")
            await File.WriteAllTextAsync(Page, expected, TestContext.Current.CancellationToken);

        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);

        Assert.True(expected == page.Replace("\r\n", "\n", StringComparison.Ordinal), "docs/diagrams/erd.md is old; run FITTRACK_WRITE_DOCS=1 dotnet test --filter Erd.");
    }

    [Fact]
    public async Task Erd_Always_ShowsEveryTableAndForeignKey()
    {
        var page = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        var tables = SchemaShape.Model().GetEntityTypes().ToList();

        Assert.NotEmpty(tables);
        Assert.All(tables, t => Assert.Contains($"    {t.GetTableName()} {{\n", page, StringComparison.Ordinal));
        Assert.All(tables.SelectMany(t => t.GetForeignKeys()), k => Assert.Matches($@"(?m)^    {k.PrincipalEntityType.GetTableName()} \|[|o]--o[{{|] {k.DeclaringEntityType.GetTableName()} : ""{string.Join(", ", k.Properties.Select(p => p.GetColumnName()))}""$", page));
    }
}
