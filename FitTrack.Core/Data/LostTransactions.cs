using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FitTrack.Core.Data;

/// <summary>A connection broke in the middle of a transaction: nothing of it was stored.</summary>
internal sealed class TransactionLostException() : DbException("The connection was lost in the middle of a transaction.")
{
    public override bool IsTransient => true;
}

/// <summary>
/// Lets a transaction fail whose connection is gone. EF would open another one, forget the transaction, and store what is left of it
/// statement by statement; and a break need not show before, since drivers keep to themselves what happens while a read result is closed.
/// </summary>
internal sealed class LostTransactions : DbConnectionInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    /// <summary>With the lease of the pooled context that began it.</summary>
    private static readonly ConditionalWeakTable<DbContext, object> Begun = [];

    public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result)
    {
        Check(eventData.Context);
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Check(eventData.Context);
        return ValueTask.FromResult(result);
    }

    /// <summary>A command takes the transaction before it looks at the connection, and would say that somebody else had completed it.</summary>
    public InterceptionResult<DbCommand> CommandCreating(CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result)
    {
        if (eventData.Connection.State != ConnectionState.Open) Check(eventData.Context);
        return result;
    }

    public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => End(eventData.Context);

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    public DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        Begin(eventData.Context);
        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Begin(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData.Context);
        return Task.CompletedTask;
    }

    private static void Begin(DbContext? db)
    {
        if (db is not null) Begun.AddOrUpdate(db, db.ContextId.Lease);
    }

    private static void End(DbContext? db)
    {
        if (db is not null) Begun.Remove(db);
    }

    private static void Check(DbContext? db)
    {
        if (db is null || !Begun.TryGetValue(db, out var lease)) return;
        Begun.Remove(db);
        if (db.ContextId.Lease.Equals(lease)) throw new TransactionLostException();
    }
}
