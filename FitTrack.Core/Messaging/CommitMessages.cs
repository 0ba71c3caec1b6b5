using System.Data.Common;
using System.Runtime.CompilerServices;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace FitTrack.Core.Messaging;

/// <summary>
/// Messages that leave when the transaction they belong to has committed, so that whoever hears them can read what
/// they are about, and so that no transaction waits for the bus.
/// </summary>
public static class CommitMessages
{
    private static readonly ConditionalWeakTable<DbContext, HashSet<(string Topic, string Key)>> Pending = [];

    /// <summary>
    /// Publishes after the commit of the context's current transaction, and not at all if that rolls back. Outside a
    /// transaction the changes count as stored already: the message leaves at once.
    /// </summary>
    public static void PublishOnCommit(this IMessageBus bus, FitTrackDbContext db, string topic, string key)
    {
        if (db.Database.CurrentTransaction is null)
            bus.Publish(topic, key);
        else
            Pending.GetOrCreateValue(db).Add((topic, key));
    }

    private static void Send(IMessageBus bus, DbContext? db)
    {
        if (db is null || !Pending.TryGetValue(db, out var messages))
            return;
        Pending.Remove(db);
        foreach (var (topic, key) in messages)
            bus.Publish(topic, key);
    }

    private static void Forget(DbContext? db)
    {
        if (db is not null)
            Pending.Remove(db);
    }

    /// <summary>Tells <see cref="CommitMessages"/> how a context's transaction ended.</summary>
    internal sealed class Interceptor(IMessageBus bus) : DbTransactionInterceptor
    {
        public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Send(bus, eventData.Context);

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Send(bus, eventData.Context);
            return Task.CompletedTask;
        }

        public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Forget(eventData.Context);

        public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Forget(eventData.Context);
            return Task.CompletedTask;
        }

        public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
        {
            // A transaction that was only disposed tells nobody; its messages must not ride on the next one.
            Forget(eventData.Context);
            return result;
        }

        public override ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
        {
            Forget(eventData.Context);
            return ValueTask.FromResult(result);
        }
    }
}
