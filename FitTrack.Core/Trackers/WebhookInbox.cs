using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Trackers;

/// <summary>Takes webhooks in: stored first, acknowledged then, processed by the Worker.</summary>
public sealed class WebhookInbox(FitTrackDbContext db, IMessageBus bus) : IWorkBacklog
{
    /// <summary>The queue's name on the bus and in health answers.</summary>
    public const string QueueName = "webhook_messages";

    string IWorkBacklog.Name => QueueName;

    /// <summary>Stores a message; false when this delivery is stored already.</summary>
    /// <exception cref="Exception">The database could not store it: the sender must keep it.</exception>
    public async Task<bool> StoreAsync(WebhookMessage message, CancellationToken ct)
    {
        db.Add(message);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            return false;
        }

        bus.Publish(BusTopics.Work, QueueName);
        return true;
    }

    async Task<long> IWorkBacklog.CountWaitingAsync(CancellationToken ct) =>
        await db.Set<WebhookMessage>().LongCountAsync(m => m.Status == WebhookStatus.Pending, ct);
}
