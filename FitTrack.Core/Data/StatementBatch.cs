using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FitTrack.Core.Data;

/// <summary>
/// Conditional updates that are sent together: one round trip where the driver can, else one after the other in the same order.
/// For the few places where the way to the database is what costs; everything else uses <c>ExecuteUpdate</c>.
/// </summary>
/// <remarks>The texts are SQL that both databases share, with unquoted names; values are given as the columns hold them in PostgreSQL.</remarks>
internal sealed class StatementBatch(FitTrackDbContext db)
{
    private readonly List<FormattableString> _statements = [];

    /// <param name="statement">Every hole becomes a parameter.</param>
    /// <returns>The statement's place in what <see cref="ExecuteAsync"/> answers.</returns>
    public int Add(FormattableString statement)
    {
        _statements.Add(statement);
        return _statements.Count - 1;
    }

    /// <summary>Runs all of them, whatever the first ones changed; the caller rolls back when it does not like the answer.</summary>
    /// <returns>How many rows each has changed.</returns>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    public async Task<int[]> ExecuteAsync(CancellationToken ct)
    {
        var transaction = db.Database.CurrentTransaction?.GetDbTransaction() ?? throw new InvalidOperationException("A batch is part of the caller's transaction.");
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

        return changed;
    }
}
