using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace FitTrack.Core.Data;

/// <summary>
/// Conditional updates and inserts that are sent together: one round trip where the driver can, else one after the other in the same
/// order. For the few places where the way to the database is what costs; everything else uses <c>ExecuteUpdate</c> and <c>SaveChanges</c>.
/// </summary>
/// <remarks>The texts are SQL that both databases share, with unquoted names; values are given as the columns hold them in PostgreSQL.</remarks>
internal sealed class StatementBatch(FitTrackDbContext db)
{
    private static readonly ConcurrentDictionary<IEntityType, Insertion> Insertions = [];

    private readonly List<FormattableString> _statements = [];

    /// <param name="statement">Every hole becomes a parameter.</param>
    /// <returns>The statement's place in what <see cref="ExecuteAsync"/> answers.</returns>
    public int Add(FormattableString statement)
    {
        _statements.Add(statement);
        return _statements.Count - 1;
    }

    /// <summary>A new row of the entity's table, as the model maps it; the context does not learn of it.</summary>
    public void Insert(object entity)
    {
        var type = db.Model.FindEntityType(entity.GetType()) ?? throw new ArgumentException($"{entity.GetType()} is not mapped.", nameof(entity));
        var insertion = Insertions.GetOrAdd(type, Insertion.Into, db.GetService<ISqlGenerationHelper>());
        _statements.Add(FormattableStringFactory.Create(insertion.Text, insertion.Values(entity)));
    }

    /// <summary>Runs all that were added since it last ran, whatever the first ones changed; the caller rolls back when it does not like the answer.</summary>
    /// <returns>How many rows each has changed.</returns>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    public async Task<int[]> ExecuteAsync(CancellationToken ct)
    {
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("A batch is part of the caller's transaction.");
        if (_statements.Count == 0)
            return [];
        var connection = db.Database.GetDbConnection();
        var isOracle = DatabaseProviders.Of(db.Database.ProviderName) == DatabaseProvider.Oracle;
        if (isOracle || !connection.CanCreateBatch)
            return await OneByOneAsync(isOracle, ct);

        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        if (db.Database.GetCommandTimeout() is { } seconds)
            batch.Timeout = seconds;
        foreach (var statement in _statements)
            batch.BatchCommands.Add(Command(batch, statement));
        _statements.Clear();
        await batch.ExecuteNonQueryAsync(ct);
        return [.. batch.BatchCommands.Select(c => c.RecordsAffected)];
    }

    private static DbBatchCommand Command(DbBatch batch, FormattableString statement)
    {
        var command = batch.CreateBatchCommand();
        var names = new object[statement.ArgumentCount];
        for (var i = 0; i < names.Length; i++)
        {
            // Positional, as the server wants it: the driver need not rewrite the text.
            names[i] = string.Create(CultureInfo.InvariantCulture, $"${i + 1}");
            var parameter = command.CreateParameter();
            parameter.Value = statement.GetArgument(i);
            command.Parameters.Add(parameter);
        }

        command.CommandText = string.Format(CultureInfo.InvariantCulture, statement.Format, names);
        return command;
    }

    private async Task<int[]> OneByOneAsync(bool isOracle, CancellationToken ct)
    {
        var changed = new int[_statements.Count];
        for (var i = 0; i < changed.Length; i++)
        {
            var values = Array.ConvertAll(_statements[i].GetArguments(), v => isOracle && v is Guid id ? id.ToString() : v);
            changed[i] = await db.Database.ExecuteSqlRawAsync(_statements[i].Format, values!, ct);
        }

        _statements.Clear();
        return changed;
    }

    /// <param name="Text">With a hole for each column.</param>
    private sealed record Insertion(string Text, IReadOnlyList<IProperty> Columns)
    {
        public static Insertion Into(IEntityType type, ISqlGenerationHelper sql)
        {
            var columns = type.GetProperties().ToList();
            var holes = columns.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{{{i}}}"));
            var names = columns.Select(c => sql.DelimitIdentifier(c.GetColumnName()));
            return new Insertion($"INSERT INTO {sql.DelimitIdentifier(type.GetTableName()!)} ({string.Join(", ", names)}) VALUES ({string.Join(", ", holes)})", columns);
        }

        public object?[] Values(object entity)
        {
            var values = new object?[Columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var value = Columns[i].PropertyInfo!.GetValue(entity);
                values[i] = (Columns[i].GetTypeMapping().Converter is { } converter ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
            }

            return values;
        }
    }
}
