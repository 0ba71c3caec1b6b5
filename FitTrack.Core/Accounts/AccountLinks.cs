using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>Mailed links that work once within their lifetime: 24 hours to verify an address, 1 hour to reset a password.</summary>
public sealed class AccountLinks(FitTrackDbContext db, Outbox outbox, IDataProtectionProvider protection, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>Purpose under which a link's token waits in the outbox; the mail's template unprotects it.</summary>
    internal const string ProtectionPurpose = "FitTrack.Notifications.LinkToken";

    /// <summary>Adds a link and its mail to the context.</summary>
    internal void Send(User user, AccountTokenPurpose purpose, DateTimeOffset now)
    {
        var (mail, lifetime) = purpose == AccountTokenPurpose.PasswordReset
            ? (MailTypes.ResetPassword, options.Value.ResetLifetime)
            : (MailTypes.VerifyEmail, options.Value.VerificationLifetime);
        var token = SecretToken.Create();
        var link = AccountToken.Issue(user.Id, purpose, SecretToken.HashOf(token)!, now, lifetime);
        db.Add(link);
        var protectedToken = protection.CreateProtector(ProtectionPurpose).Protect(token);
        outbox.Enqueue(mail, user.Id, new LinkMail(protectedToken, link.ExpiresAt), $"{mail}:{link.Id}");
    }

    /// <summary>Whether one was sent to the account a moment ago.</summary>
    internal Task<bool> WasSentLatelyAsync(Guid userId, AccountTokenPurpose purpose, CancellationToken ct)
    {
        var since = clock.Now() - options.Value.LinkInterval;
        return db.Set<AccountToken>().AnyAsync(t => t.UserId == userId && t.Purpose == purpose && t.CreatedAt > since, ct);
    }

    /// <summary>The link of a token that was not used yet; it may have expired.</summary>
    internal async Task<AccountToken?> FindAsync(string? token, AccountTokenPurpose purpose, CancellationToken ct) =>
        SecretToken.HashOf(token) is { } hash
            ? await db.Set<AccountToken>().AsNoTracking().SingleOrDefaultAsync(t => t.TokenHash == hash && t.Purpose == purpose && t.UsedAt == null, ct)
            : null;

    /// <summary>Uses a link and all others of its kind; false for the second of two clicks at once. Belongs into a transaction.</summary>
    internal async Task<bool> UseAsync(AccountToken link, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Set<AccountToken>().Where(t => t.Id == link.Id && t.UsedAt == null).ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), ct) == 0)
            return false;
        await db.Set<AccountToken>().Where(t => t.UserId == link.UserId && t.Purpose == link.Purpose && t.UsedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), ct);
        return true;
    }
}
