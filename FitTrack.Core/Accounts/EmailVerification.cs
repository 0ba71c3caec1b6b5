using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

public enum VerificationOutcome
{
    Verified,
    Expired,
    Invalid,
}

/// <summary>The link that proves that an address belongs to its owner: 24 hours, single use.</summary>
public sealed class EmailVerification(FitTrackDbContext db, Outbox outbox, IDataProtectionProvider protection, IOptions<AccountsOptions> options, TimeProvider clock)
{
    /// <summary>Purpose under which a link's token waits in the outbox; the mail's template unprotects it.</summary>
    internal const string ProtectionPurpose = "FitTrack.Notifications.LinkToken";

    /// <summary>Makes the account of a valid token active.</summary>
    public async Task<VerificationOutcome> ConfirmAsync(string? token, CancellationToken ct)
    {
        if (SecretToken.HashOf(token) is not { } hash)
            return VerificationOutcome.Invalid;
        var now = clock.Now();
        var link = await db.Set<AccountToken>().AsNoTracking()
            .SingleOrDefaultAsync(t => t.TokenHash == hash && t.Purpose == AccountTokenPurpose.EmailVerification, ct);
        if (link is null || link.UsedAt is not null)
            return VerificationOutcome.Invalid;
        if (link.ExpiresAt <= now)
            return VerificationOutcome.Expired;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Of two clicks at once, the second finds the token used.
        if (await db.Set<AccountToken>().Where(t => t.Id == link.Id && t.UsedAt == null).ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), ct) == 0)
            return VerificationOutcome.Invalid;
        var user = await db.Set<User>().SingleAsync(u => u.Id == link.UserId, ct);
        if (user.Status is UserStatus.Deleted or UserStatus.Suspended)
            return VerificationOutcome.Invalid;
        user.VerifyEmail(now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return VerificationOutcome.Verified;
    }

    /// <summary>Sends another link if the address has a pending account; tells nobody whether it does.</summary>
    public async Task ResendAsync(string? email, CancellationToken ct)
    {
        if (EmailAddress.Normalize(email) is not { } normalized)
            return;
        var now = clock.Now();
        var since = now - options.Value.VerificationInterval;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await db.Set<User>().SingleOrDefaultAsync(u => u.NormalizedEmail == normalized && u.Status == UserStatus.Pending, ct);
        if (user is null || await db.Set<AccountToken>().AnyAsync(t => t.UserId == user.Id && t.Purpose == AccountTokenPurpose.EmailVerification && t.CreatedAt > since, ct))
            return;
        Send(user, now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Adds a token and its mail to the context.</summary>
    internal void Send(User user, DateTimeOffset now)
    {
        var token = SecretToken.Create();
        var link = AccountToken.Issue(user.Id, AccountTokenPurpose.EmailVerification, SecretToken.HashOf(token)!, now, options.Value.VerificationLifetime);
        db.Add(link);
        var protectedToken = protection.CreateProtector(ProtectionPurpose).Protect(token);
        outbox.Enqueue(MailTypes.VerifyEmail, user.Id, new VerifyEmailMail(protectedToken, link.ExpiresAt), $"{MailTypes.VerifyEmail}:{link.Id}");
    }
}
