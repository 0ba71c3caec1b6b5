using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>The way a script runs where DDL commits by itself (Oracle), tried on PostgreSQL.</summary>
public sealed class SchemaMigratorByStatementTests(PostgresServer server) : IAsyncLifetime
{
    /// <summary>Fails at its third statement while the table <c>gate</c> is empty.</summary>
    private static readonly SchemaScript Gated = SchemaScript.Create("001_gated.sql", """
        -- Statements end with a semicolon at the end of a line.
        CREATE TABLE gate (id integer);
        CREATE TABLE a (id integer);
        SELECT 1 / (SELECT count(*) FROM gate);
        INSERT INTO a (id) VALUES (1);
        CREATE TABLE b (id integer);
        """);

    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateEmptyDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task MigrateAsync_WhenAStatementFails_TheNextRunGoesOnThere()
    {
        var failure = await Assert.ThrowsAsync<SchemaException>(MigrateAsync);
        Assert.Contains("failed at statement 3 of 5", failure.Message, StringComparison.Ordinal);
        Assert.Equal("2", await ScalarAsync("SELECT statements FROM schema_history WHERE applied_at IS NULL"));

        await ScalarAsync("INSERT INTO gate VALUES (1)");
        await MigrateAsync();

        Assert.Equal("5", await ScalarAsync("SELECT statements FROM schema_history WHERE applied_at IS NOT NULL"));
        Assert.Equal("1", await ScalarAsync("SELECT count(*) FROM a"));
        Assert.Empty((await MigrateAsync()).Applied);
    }

    [Fact]
    public async Task MigrateAsync_WhenTheRunDiedBeforeItCountedAStatement_TakesItForDone()
    {
        await Assert.ThrowsAsync<SchemaException>(MigrateAsync);
        await ScalarAsync("UPDATE schema_history SET statements = 1");
        await ScalarAsync("INSERT INTO gate VALUES (1)");

        await MigrateAsync();

        Assert.Equal("5", await ScalarAsync("SELECT statements FROM schema_history WHERE applied_at IS NOT NULL"));
    }

    [Fact]
    public async Task MigrateAsync_WhenAnObjectExistsOnTheFirstRun_DoesNotTakeItForOurs()
    {
        await ScalarAsync("CREATE TABLE gate (name text)");

        var failure = await Assert.ThrowsAsync<SchemaException>(MigrateAsync);

        Assert.Contains("failed at statement 1 of 5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MigrateAsync_WhenAHalfAppliedScriptIsChanged_Refuses()
    {
        await Assert.ThrowsAsync<SchemaException>(MigrateAsync);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => MigrateAsync(SchemaScript.Create(Gated.Name, "CREATE TABLE other (id integer);\n")));

        Assert.Contains("was changed", refusal.Message, StringComparison.Ordinal);
    }

    private Task<MigrationReport> MigrateAsync() => MigrateAsync(Gated);

    private async Task<MigrationReport> MigrateAsync(SchemaScript script)
    {
        await using var db = _database.Open();
        return await new SchemaMigrator(db, new ByStatement(), [script]).MigrateAsync(Ct);
    }

    private async Task<string?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync(Ct))?.ToString();
    }

    private sealed class ByStatement : PostgresSchemaDialect
    {
        public override bool TransactionalDdl => false;
    }
}
