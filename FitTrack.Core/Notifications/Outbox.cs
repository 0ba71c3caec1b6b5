using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Notifications;

/// <summary>Where features leave mails, inside the transaction of what the mail is about.</summary>
public sealed class Outbox(FitTrackDbContext db, IMessageBus bus, TimeProvider clock)
{
    /// <summary>
    /// Adds a message to the context; it is stored by the caller's next save. A second message with the same
    /// <paramref name="dedupeKey"/> fails that save with a unique violation, so the key names the event, such as
    /// <c>drawing_won:{drawing}:{rank}</c>. Inside a transaction the Worker is woken by the commit, else it finds the
    /// message with its next look.
    /// </summary>
    /// <param name="type">One of <see cref="MailTypes"/>.</param>
    /// <param name="userId">Who receives it, at the address the account has when it is sent.</param>
    /// <param name="payload">What the template shows; serialised as camelCase JSON, at most 60,000 characters, no secrets in the clear.</param>
    /// <param name="dedupeKey">At most 200 characters.</param>
    public void Enqueue(string type, Guid? userId, object payload, string dedupeKey)
    {
        db.Add(OutboxMessage.Create(type, userId, JsonSerializer.Serialize(payload, JsonSerializerOptions.Web), dedupeKey, clock.Now()));
        bus.PublishOnCommit(db, BusTopics.Work, OutboxBacklog.QueueName);
    }

    /// <summary>Removes what was done before a time, of a type whose traces nobody needs.</summary>
    /// <returns>How many.</returns>
    internal Task<int> RemoveDoneAsync(string type, DateTimeOffset before, CancellationToken ct) =>
        db.Set<OutboxMessage>().Where(m => m.MessageType == type && m.SentAt < before).ExecuteDeleteAsync(ct);
}

/// <summary>The length of the outbox, for health and metrics.</summary>
internal sealed class OutboxBacklog(FitTrackDbContext db, TimeProvider clock) : IWorkBacklog
{
    public const string QueueName = "outbox_messages";

    public string Name => QueueName;

    public Task<long> CountWaitingAsync(CancellationToken ct)
    {
        var now = clock.Now();
        return db.Set<OutboxMessage>().Where(m => m.SentAt == null && m.DeadAt == null && m.NotBefore <= now).LongCountAsync(ct);
    }
}
