using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class SchemaMigratorTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly SchemaScript First = SchemaScript.Create("001_first.sql", "CREATE TABLE a (id integer);\nCREATE VIEW a_view AS SELECT id FROM a;\n");
    private static readonly SchemaScript Second = SchemaScript.Create("002_second.sql", "CREATE TABLE b (id integer);\n");
    private static readonly SchemaScript HalfWay = SchemaScript.Create("002_half_way.sql", "CREATE TABLE b (id integer);\nSELECT pg_terminate_backend(pg_backend_pid());\nCREATE TABLE c (id integer);\n");

    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateEmptyDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task MigrateAsync_WhenDatabaseIsEmpty_AppliesEveryScriptAndRecordsIt()
    {
        await using var db = _database.Open();
        var scripts = SchemaScript.Embedded(DatabaseProvider.Postgres);

        var report = await new SchemaMigrator(db).MigrateAsync(Ct);

        Assert.Equal(scripts.Select(s => s.Name), report.Applied.Select(a => a.Name));
        Assert.Equal(0, report.AlreadyApplied);
        var recorded = await QueryAsync("SELECT name || ' ' || sha256 FROM schema_history WHERE applied_at IS NOT NULL AND duration_ms >= 0 ORDER BY name");
        Assert.Equal(scripts.Select(s => $"{s.Name} {s.Sha256}"), recorded);
    }

    [Fact]
    public async Task MigrateAsync_WhenRunAgain_AppliesNothing()
    {
        await MigrateAsync(First, Second);

        var report = await MigrateAsync(First, Second);

        Assert.Empty(report.Applied);
        Assert.Equal(2, report.AlreadyApplied);
    }

    [Fact]
    public async Task MigrateAsync_WhenAScriptIsNew_AppliesThatOneOnly()
    {
        await MigrateAsync(First);

        var report = await MigrateAsync(First, Second);

        Assert.Equal(["002_second.sql"], report.Applied.Select(a => a.Name));
        Assert.Equal(1, report.AlreadyApplied);
    }

    [Fact]
    public async Task MigrateAsync_WhenSeveralRunAtOnce_AppliesEachScriptOnce()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(First, Second)));

        Assert.Equal(["001_first.sql", "002_second.sql"], reports.SelectMany(r => r.Applied).Select(a => a.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task MigrateAsync_WhenAScriptWasChanged_RefusesAndNamesBothChecksums()
    {
        await MigrateAsync(First);
        var changed = SchemaScript.Create(First.Name, First.Text + "-- a remark\n");

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(changed, Second));

        Assert.Contains($"Script 001_first.sql was changed after it was applied: expected sha256 {First.Sha256}, found {changed.Sha256}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("b", await TablesAsync());
    }

    [Fact]
    public async Task MigrateAsync_WhenTheDatabaseIsNewer_RefusesAndNamesTheUnknownScript()
    {
        await MigrateAsync(First, Second);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(First));

        Assert.Contains("newer than this build", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("002_second.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_WhenAStatementFails_LeavesNothingOfItsScriptAndCanBeRepeated()
    {
        var broken = SchemaScript.Create(Second.Name, "CREATE TABLE b (id integer);\nCREATE TABLE a (id integer);\n");

        var failure = await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(First, broken));

        Assert.Contains("002_second.sql", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "schema_history"], await TablesAsync());
        Assert.Equal(["002_second.sql"], (await MigrateAsync(First, Second)).Applied.Select(a => a.Name));
    }

    [Fact]
    public async Task MigrateAsync_WhenItsSessionDiesInTheMiddle_LeavesNothingAndFreesTheLock()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => MigrateAsync(First, HalfWay));

        Assert.Equal(["a", "schema_history"], await TablesAsync());
        Assert.Equal(["002_second.sql"], (await MigrateAsync(First, Second)).Applied.Select(a => a.Name));
    }

    [Fact]
    public async Task MigrateAsync_WhenLineEndsDiffer_TakesTheScriptForTheSame()
    {
        await MigrateAsync(First);
        var windows = SchemaScript.Create(First.Name, "\uFEFF" + First.Text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(First.Sha256, windows.Sha256);
        Assert.Empty((await MigrateAsync(windows)).Applied);
    }

    [Fact]
    public async Task MigrateAsync_WhenThereAreNoScripts_IsAMistakeOfTheBuild() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync());

    [Fact]
    public async Task CheckAsync_WhenDatabaseIsEmpty_ReportsEveryScriptPendingAndChangesNothing()
    {
        var state = await CheckAsync(First, Second);

        Assert.Equal(SchemaStatus.Pending, state.Status);
        Assert.Null(state.Version);
        Assert.Equal(["001_first.sql", "002_second.sql"], state.Pending);
        Assert.Empty(await TablesAsync());
    }

    [Fact]
    public async Task CheckAsync_WhenMigrated_ReportsTheVersion()
    {
        await MigrateAsync(First, Second);

        var state = await CheckAsync(First, Second);

        Assert.Equal(new SchemaState(SchemaStatus.UpToDate, "002_second", [], null) with { Pending = state.Pending }, state);
        Assert.Empty(state.Pending);
    }

    [Fact]
    public async Task CheckAsync_WhenChangedOrNewer_SaysSo()
    {
        await MigrateAsync(First, Second);

        Assert.Equal(SchemaStatus.Newer, (await CheckAsync(First)).Status);
        Assert.Equal(SchemaStatus.Changed, (await CheckAsync(First, SchemaScript.Create(Second.Name, "SELECT 1;\n"))).Status);
    }

    [Fact]
    public async Task DropAllAsync_WhenMigrated_LeavesAnEmptySchemaThatCanBeMigratedAgain()
    {
        await MigrateAsync(First);
        await QueryAsync("CREATE SEQUENCE s; CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE MATERIALIZED VIEW m AS SELECT id FROM a; SELECT 'made'");
        await using var db = _database.Open();

        await new SchemaMigrator(db).DropAllAsync(Ct);

        var left = await QueryAsync("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace");
        Assert.Empty(left);
        Assert.Single((await MigrateAsync(First)).Applied);
    }

    private async Task<MigrationReport> MigrateAsync(params SchemaScript[] scripts)
    {
        await using var db = _database.Open();
        return await new SchemaMigrator(db, new PostgresSchemaDialect(), scripts).MigrateAsync(Ct);
    }

    private async Task<SchemaState> CheckAsync(params SchemaScript[] scripts)
    {
        await using var db = _database.Open();
        return await new SchemaMigrator(db, new PostgresSchemaDialect(), scripts).CheckAsync(Ct);
    }

    private Task<List<string>> TablesAsync() => QueryAsync("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");

    private async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct))
            rows.Add(reader.GetString(0));
        return rows;
    }
}
