using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FitTrack.Core.Data;

/// <summary>
/// Brings a database to this build's schema by running the numbered scripts of <c>Data/Schema</c> that it has not seen,
/// one process at a time, each once. What was applied stands in <c>schema_history</c> with its SHA-256, so that a
/// script that was changed afterwards, and a database that a newer build has migrated, are refused.
/// </summary>
public sealed partial class SchemaMigrator
{
    private readonly FitTrackDbContext _db;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SchemaDialect _dialect;
    private readonly IReadOnlyList<SchemaScript> _scripts;

    public SchemaMigrator(FitTrackDbContext db, TimeProvider? clock = null, ILogger<SchemaMigrator>? logger = null)
        : this(db, SchemaDialect.For(DatabaseProviders.Of(db.Database.ProviderName)), SchemaScript.Embedded(DatabaseProviders.Of(db.Database.ProviderName)), clock, logger)
    {
    }

    internal SchemaMigrator(FitTrackDbContext db, SchemaDialect dialect, IReadOnlyList<SchemaScript> scripts, TimeProvider? clock = null, ILogger<SchemaMigrator>? logger = null)
    {
        _db = db;
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? (ILogger)NullLogger.Instance;
        _dialect = dialect;
        _scripts = scripts;
    }

    /// <summary>Applies what is missing; returns at once when nothing is. A run that died goes on where it stopped.</summary>
    /// <exception cref="SchemaException">A script was changed, the database is newer, or a statement failed.</exception>
    public async Task<MigrationReport> MigrateAsync(CancellationToken ct)
    {
        await using var guard = await LockAsync(ct);
        await using var connection = await OpenAsync(ct);
        await SchemaDialect.ExecuteAsync(connection, _dialect.CreateHistory, ct);
        var history = await ReadHistoryAsync(connection, ct);
        var state = Compare(history);
        if (state.Detail is not null)
            throw new SchemaException(state.Detail);

        var applied = new List<AppliedScript>();
        foreach (var script in _scripts.Where(s => state.Pending.Contains(s.Name, StringComparer.Ordinal)))
        {
            var started = _clock.GetTimestamp();
            if (_dialect.TransactionalDdl)
                await ApplyWholeAsync(connection, script, started, ct);
            else
                await ApplyByStatementAsync(connection, script, started, history.GetValueOrDefault(script.Name), ct);
            var duration = _clock.GetElapsedTime(started);
            LogApplied(_logger, script.Name, duration.TotalMilliseconds);
            applied.Add(new AppliedScript(script.Name, duration));
        }

        return new MigrationReport(applied, _scripts.Count - applied.Count);
    }

    /// <summary>Compares the database with this build; two short queries, nothing is changed and nothing is waited for.</summary>
    public async Task<SchemaState> CheckAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        return Compare(await HasHistoryAsync(connection, ct) ? await ReadHistoryAsync(connection, ct) : []);
    }

    /// <summary>Drops every object of our schema with all its data. Whether that is allowed is for the caller to decide.</summary>
    public async Task DropAllAsync(CancellationToken ct)
    {
        await using var guard = await LockAsync(ct);
        await using var connection = await OpenAsync(ct);
        await SchemaDialect.ExecuteAsync(connection, _dialect.DropAll, ct);
    }

    private SchemaState Compare(Dictionary<string, HistoryRow> history)
    {
        if (_scripts.Count == 0)
            throw new InvalidOperationException("This build has no schema scripts.");
        var version = history.Where(h => h.Value.Applied).Select(h => Path.GetFileNameWithoutExtension(h.Key)).Max(StringComparer.Ordinal);
        var pending = _scripts.Select(s => s.Name).Where(n => !history.TryGetValue(n, out var row) || !row.Applied).ToList();

        var changed = _scripts.FirstOrDefault(s => history.TryGetValue(s.Name, out var row) && row.Sha256 != s.Sha256);
        if (changed is not null)
        {
            var detail = $"Script {changed.Name} was changed after it was applied: expected sha256 {history[changed.Name].Sha256}, found {changed.Sha256}. "
                + "Restore the script and put the change into a new one.";
            return new SchemaState(SchemaStatus.Changed, version, pending, detail);
        }

        var unknown = history.Keys.Except(_scripts.Select(s => s.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            var detail = $"The database is newer than this build: it has {string.Join(", ", unknown)}, which this build does not know. Deploy the newer build.";
            return new SchemaState(SchemaStatus.Newer, version, pending, detail);
        }

        return new SchemaState(pending.Count == 0 ? SchemaStatus.UpToDate : SchemaStatus.Pending, version, pending, null);
    }

    private async Task ApplyWholeAsync(DbConnection connection, SchemaScript script, long started, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await SchemaDialect.ExecuteAsync(connection, script.Text, ct);
        }
        catch (DbException exception)
        {
            throw new SchemaException($"Script {script.Name} failed and left nothing behind: {exception.Message}", exception);
        }

        await ExecuteAsync(connection, "INSERT INTO schema_history (name, sha256, statements, applied_at, duration_ms) VALUES (:name, :sha256, 0, CURRENT_TIMESTAMP, :ms)", ct,
            ("name", script.Name), ("sha256", script.Sha256), ("ms", Elapsed(started)));
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Where DDL commits by itself: each statement is counted as soon as it is done. The one after the last counted may
    /// have been done too when a run died between the two, so only there "already exists" is taken for done.
    /// </summary>
    private async Task ApplyByStatementAsync(DbConnection connection, SchemaScript script, long started, HistoryRow? earlier, CancellationToken ct)
    {
        if (earlier is null)
        {
            await ExecuteAsync(connection, "INSERT INTO schema_history (name, sha256, statements, duration_ms) VALUES (:name, :sha256, 0, 0)", ct,
                ("name", script.Name), ("sha256", script.Sha256));
        }

        var statements = script.Statements();
        var done = earlier?.Statements ?? 0;
        for (var i = done; i < statements.Count; i++)
        {
            try
            {
                await ApplyOneAsync(connection, script, statements[i], i + 1, ct);
            }
            catch (DbException exception) when (earlier is not null && i == done && _dialect.IsAlreadyThere(exception))
            {
                LogAlreadyThere(_logger, script.Name, i + 1);
            }
            catch (DbException exception)
            {
                throw new SchemaException($"Script {script.Name} failed at statement {i + 1} of {statements.Count}; the next run goes on there: {exception.Message}", exception);
            }
        }

        await ExecuteAsync(connection, "UPDATE schema_history SET statements = :statements, applied_at = CURRENT_TIMESTAMP, duration_ms = :ms WHERE name = :name", ct,
            ("statements", statements.Count), ("ms", Elapsed(started)), ("name", script.Name));
    }

    /// <summary>One transaction for the statement and its count: rows that a script inserts go in once, and only DDL can be done uncounted.</summary>
    private static async Task ApplyOneAsync(DbConnection connection, SchemaScript script, string statement, int number, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await SchemaDialect.ExecuteAsync(connection, statement, ct);
        await ExecuteAsync(connection, "UPDATE schema_history SET statements = :statements WHERE name = :name", ct, ("statements", number), ("name", script.Name));
        await transaction.CommitAsync(ct);
    }

    private async Task<bool> HasHistoryAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _dialect.HistoryExists;
        return Convert.ToInt32(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
    }

    private static async Task<Dictionary<string, HistoryRow>> ReadHistoryAsync(DbConnection connection, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sha256, statements, CASE WHEN applied_at IS NULL THEN 0 ELSE 1 END FROM schema_history";
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new Dictionary<string, HistoryRow>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            rows[reader.GetString(0)] = new HistoryRow(reader.GetString(1), Convert.ToInt32(reader.GetValue(2), CultureInfo.InvariantCulture),
                Convert.ToInt32(reader.GetValue(3), CultureInfo.InvariantCulture) == 1);
        }

        return rows;
    }

    /// <summary>Both databases read <c>:name</c>; the order of the parameters is the order in the text, since Oracle binds by position.</summary>
    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<SchemaLock> LockAsync(CancellationToken ct)
    {
        var connection = await OpenAsync(ct);
        try
        {
            await _dialect.PrepareLockAsync(connection, ct);
            var transaction = await connection.BeginTransactionAsync(ct);
            await SchemaDialect.ExecuteAsync(connection, _dialect.Lock, ct);
            return new SchemaLock(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection of our own, so that neither a transaction nor a retry policy of the context's reaches the scripts.</summary>
    private async Task<DbConnection> OpenAsync(CancellationToken ct)
    {
        var connection = (DbConnection)((ICloneable)_db.Database.GetDbConnection()).Clone();
        try
        {
            if (connection.State != ConnectionState.Open)
                await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private long Elapsed(long started) => (long)_clock.GetElapsedTime(started).TotalMilliseconds;

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied schema script {Script} in {Milliseconds:0} ms")]
    private static partial void LogApplied(ILogger logger, string script, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Statement {Number} of schema script {Script} had been applied by a run that died")]
    private static partial void LogAlreadyThere(ILogger logger, string script, int number);

    /// <summary>The lock's transaction ends at once; a pool would only end it when it hands the connection out again.</summary>
    private sealed class SchemaLock(DbConnection connection, DbTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }

    private sealed record HistoryRow(string Sha256, int Statements, bool Applied);
}
