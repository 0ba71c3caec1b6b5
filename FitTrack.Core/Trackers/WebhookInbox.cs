using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers;

/// <summary>Takes webhooks in: stored first, acknowledged then, processed by the Worker.</summary>
public sealed class WebhookInbox(FitTrackDbContext db, IMessageBus bus, IOptions<WebhookOptions> options, TimeProvider clock) : IWorkBacklog
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

    /// <summary>A delivery that comes again after its message was removed is worked off again, which changes nothing: records know their versions.</summary>
    /// <returns>How many messages.</returns>
    public Task<int> RemoveOldAsync(CancellationToken ct)
    {
        var before = clock.Now().AddDays(-options.Value.KeepDays);
        return db.Set<WebhookMessage>().Where(m => m.Status != WebhookStatus.Pending && m.ReceivedAt < before).ExecuteDeleteAsync(ct);
    }

    /// <summary>As <see cref="RetryAsync"/>, and the Worker is told.</summary>
    internal async Task WakeAsync(TrackerService service, string account, string reason, CancellationToken ct)
    {
        if (await RetryAsync(db, service, account, reason, clock.Now(), ct) > 0)
            bus.PublishOnCommit(db, BusTopics.Work, QueueName);
    }

    /// <summary>Lets an account's messages be tried again that waited for something, or were given up for the want of it.</summary>
    /// <param name="reason">What they waited for, as <see cref="WebhookMessage.Error"/> says it.</param>
    internal static Task<int> RetryAsync(FitTrackDbContext db, TrackerService service, string account, string reason, DateTimeOffset now, CancellationToken ct) =>
        db.Set<WebhookMessage>()
            .Where(m => m.ExternalUserId == account && m.Service == service && m.Error == reason && (m.Status == WebhookStatus.Pending || m.Status == WebhookStatus.Failed))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, WebhookStatus.Pending).SetProperty(m => m.Attempts, 0).SetProperty(m => m.NextAttemptAt, now), ct);

    async Task<long> IWorkBacklog.CountWaitingAsync(CancellationToken ct) =>
        await db.Set<WebhookMessage>().LongCountAsync(m => m.Status == WebhookStatus.Pending, ct);
}
