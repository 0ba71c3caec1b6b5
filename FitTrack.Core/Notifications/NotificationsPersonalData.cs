using FitTrack.Core.Data;
using FitTrack.Core.Privacy;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Notifications;

internal sealed class NotificationsPersonalData(FitTrackDbContext db) : IPersonalData
{
    private const string Forgotten = "{}";

    public IEnumerable<PersonalTable> Tables(Guid userId) =>
    [
        new PersonalTable<Notification>("notices", db.Set<Notification>().Where(n => n.UserId == userId)),
        new PersonalTable<NotificationPreference>("notice-preferences", db.Set<NotificationPreference>().Where(p => p.UserId == userId)).Restored(),
        // What a mail says may hold a sealed link; that it was sent, and when, is the member's to know.
        new PersonalTable<OutboxMessage>("mails", db.Set<OutboxMessage>().Where(m => m.UserId == userId))
            .ShownAs(mail => Task.FromResult<object>(new { mail.MessageType, mail.CreatedAt, mail.SentAt })),
    ];

    /// <summary>A mail that was sent need not be kept; that it was sent is, so that it is not sent twice.</summary>
    public Task ForgetAsync(DateTimeOffset before, CancellationToken ct) =>
        db.Set<OutboxMessage>().Where(m => (m.SentAt < before || m.DeadAt < before) && m.Payload.Length > Forgotten.Length).ExecuteUpdateAsync(s => s.SetProperty(m => m.Payload, Forgotten), ct);
}
