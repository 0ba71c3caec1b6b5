using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>How the reset of a password ended.</summary>
public abstract record ResetOutcome
{
    private ResetOutcome()
    {
    }

    public sealed record Done : ResetOutcome;

    public sealed record Expired : ResetOutcome;

    /// <summary>Unknown, or used before.</summary>
    public sealed record InvalidToken : ResetOutcome;

    /// <summary>The link stays good for another try.</summary>
    public sealed record Invalid(IReadOnlyList<InvalidField> Fields) : ResetOutcome;

    /// <summary>Too many passwords wait to be hashed.</summary>
    public sealed record Busy : ResetOutcome;
}

/// <summary>A new password by a mailed link: 1 hour, single use, and every session ends.</summary>
public sealed class PasswordReset(FitTrackDbContext db, AccountLinks links, Users users, PasswordHashing hashing, Sessions sessions, SecurityNotices notices, TimeProvider clock)
{
    public async Task<ResetOutcome> ExecuteAsync(string? token, string newPassword, CancellationToken ct)
    {
        if (await links.FindAsync(token, AccountTokenPurpose.PasswordReset, ct) is not { } link)
            return new ResetOutcome.InvalidToken();
        if (link.ExpiresAt <= clock.Now())
            return new ResetOutcome.Expired();
        using var turn = await hashing.TryEnterAsync(ct);
        if (turn is null)
            return new ResetOutcome.Busy();
        if (await db.Set<User>().SingleOrDefaultAsync(u => u.Id == link.UserId && (u.Status == UserStatus.Active || u.Status == UserStatus.Pending), ct) is not { } user)
            return new ResetOutcome.InvalidToken();
        var set = await Task.Run(() => users.SetPasswordAsync(user, newPassword), ct);
        if (!set.Succeeded)
            return new ResetOutcome.Invalid([.. set.Errors.Select(e => new InvalidField("newPassword", e.Description))]);

        var now = clock.Now();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await links.UseAsync(link, now, ct))
            return new ResetOutcome.InvalidToken();
        // Who reads the address's mail owns it.
        if (user.Status == UserStatus.Pending)
            user.VerifyEmail(now);
        notices.Add(user.Id, SecurityChange.PasswordChanged, now);
        await db.SaveChangesAsync(ct);
        await sessions.EndAllAsync(user.Id, SessionEnd.PasswordChanged, ct);
        await transaction.CommitAsync(ct);
        return new ResetOutcome.Done();
    }
}

/// <summary>Tells members by mail what changed in how they sign in.</summary>
public sealed class SecurityNotices(Outbox outbox)
{
    /// <summary>Adds the mail to the context.</summary>
    internal void Add(Guid userId, SecurityChange change, DateTimeOffset now) =>
        outbox.Enqueue(MailTypes.SecurityChanged, userId, new SecurityChangedMail(change, now), $"{MailTypes.SecurityChanged}:{Guid.CreateVersion7(now)}");
}
