using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Notifications;

/// <summary>What reaches a member how; <see cref="CanSkipMail"/> is false for what has to arrive: their account's safety, and prizes that wait for an answer.</summary>
public sealed record NoticeChoice(NotificationCategory Category, bool InApp, bool Email, bool CanSkipMail);

/// <summary>Members' own list on the site of what was mailed to them, and their choices about both.</summary>
public sealed class Notices(FitTrackDbContext db, TimeProvider clock)
{
    /// <summary>Categories that have messages, in the order they are shown. The last is for administrators.</summary>
    public static readonly IReadOnlyList<NotificationCategory> Categories =
        [NotificationCategory.Prizes, NotificationCategory.Drawings, NotificationCategory.Trackers, NotificationCategory.Account, NotificationCategory.Admin];

    public IQueryable<Notification> Of(Guid userId) => db.Set<Notification>().AsNoTracking().Where(n => n.UserId == userId);

    /// <summary>Marks all as read.</summary>
    /// <returns>How many were not.</returns>
    public Task<int> ReadAllAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        return db.Set<Notification>().Where(n => n.UserId == userId && n.ReadAt == null).ExecuteUpdateAsync(s => s.SetProperty(n => n.ReadAt, now), ct);
    }

    public async Task<IReadOnlyList<NoticeChoice>> ChoicesAsync(Guid userId, CancellationToken ct)
    {
        var chosen = await db.Set<NotificationPreference>().AsNoTracking().Where(p => p.UserId == userId).ToListAsync(ct);
        return [.. Categories.Select(c => new NoticeChoice(c, IsOn(chosen, c, NotificationChannel.InApp), !CanSkip(c) || IsOn(chosen, c, NotificationChannel.Email), CanSkip(c)))];
    }

    /// <summary>Sets what is named; a mail that has to arrive stays.</summary>
    public async Task ChooseAsync(Guid userId, IEnumerable<(NotificationCategory Category, NotificationChannel Channel, bool IsEnabled)> choices, CancellationToken ct)
    {
        var now = clock.Now();
        var chosen = await db.Set<NotificationPreference>().Where(p => p.UserId == userId).ToListAsync(ct);
        foreach (var (category, channel, isEnabled) in choices)
        {
            if (chosen.Find(p => p.Category == category && p.Channel == channel) is { } preference)
                preference.Choose(isEnabled, now);
            else
                db.Add(new NotificationPreference(userId, category, channel, isEnabled, now));
        }

        await db.SaveChangesAsync(ct);
    }

    /// <summary>Puts a mail's occasion into its receiver's list, once, unless they do not want it there.</summary>
    /// <param name="message">What is about to be mailed.</param>
    /// <param name="subject">Of the mail. Its text stays in the mail: it may hold a link or a code that opens something.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Whether the mail is to be sent.</returns>
    internal async Task<bool> TakeAsync(OutboxMessage message, string subject, CancellationToken ct)
    {
        if (message.UserId is not { } userId || CategoryOf(message.MessageType) is not { } category)
            return true;
        var chosen = await db.Set<NotificationPreference>().AsNoTracking().Where(p => p.UserId == userId && p.Category == category).ToListAsync(ct);
        var occasion = $"mail:{message.Id}";
        if (IsOn(chosen, category, NotificationChannel.InApp) && !await db.Set<Notification>().AnyAsync(n => n.UserId == userId && n.OccasionKey == occasion, ct))
        {
            var (body, link) = Words(category, message.MessageType);
            var title = subject.Length <= Notification.MaxTitle ? subject : subject[..(Notification.MaxTitle - 1)] + "…";
            var notice = db.Add(Notification.Create(userId, category, occasion, title, body, link, clock.Now()));
            await db.SaveChangesAsync(ct);
            notice.State = EntityState.Detached;
        }

        return !CanSkip(category) || IsOn(chosen, category, NotificationChannel.Email);
    }

    private static bool CanSkip(NotificationCategory category) => category is not (NotificationCategory.Account or NotificationCategory.Prizes);

    private static bool IsOn(IEnumerable<NotificationPreference> chosen, NotificationCategory category, NotificationChannel channel) =>
        chosen.FirstOrDefault(p => p.Category == category && p.Channel == channel)?.IsEnabled ?? true;

    /// <summary>Null for mails that are the occasion themselves: a link that was asked for.</summary>
    private static NotificationCategory? CategoryOf(string mail) => mail switch
    {
        MailTypes.LockedOut or MailTypes.NewDevice or MailTypes.SecurityChanged => NotificationCategory.Account,
        MailTypes.TrackerNeedsReconnect => NotificationCategory.Trackers,
        MailTypes.DrawingClosed or MailTypes.DrawingCompleted => NotificationCategory.Drawings,
        MailTypes.DrawingWon or MailTypes.PrizeDelivered or MailTypes.PrizeReminder or MailTypes.PrizeShipped or MailTypes.PrizeArrived or MailTypes.PrizeForfeited => NotificationCategory.Prizes,
        MailTypes.PrizeToShip or MailTypes.PrizeReturned or MailTypes.PrizeValue => NotificationCategory.Admin,
        _ => null,
    };

    private static (string Body, string Link) Words(NotificationCategory category, string mail) => category switch
    {
        NotificationCategory.Prizes => ("Your prizes say what comes next.", "/prizes"),
        NotificationCategory.Drawings => ("Your tickets, and what became of them.", "/tickets"),
        NotificationCategory.Trackers => ("Sign in to it again, so that nothing is lost.", "/trackers"),
        NotificationCategory.Admin when mail == MailTypes.PrizeValue => ("Some states want sweepstakes of that value registered.", "/admin/drawings"),
        NotificationCategory.Admin => ("The queue of prizes has it.", "/admin/fulfillments"),
        _ => ("Was it not you? Change your password and look through your devices.", "/settings/security"),
    };
}
