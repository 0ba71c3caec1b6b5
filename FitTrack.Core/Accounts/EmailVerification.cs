using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

public enum VerificationOutcome
{
    Verified,
    Expired,
    Invalid,
}

/// <summary>The link that proves that an address belongs to its owner: 24 hours, single use.</summary>
public sealed class EmailVerification(FitTrackDbContext db, AccountLinks links, TimeProvider clock)
{
    /// <summary>Makes the account of a valid token active.</summary>
    public async Task<VerificationOutcome> ConfirmAsync(string? token, CancellationToken ct)
    {
        var now = clock.Now();
        if (await links.FindAsync(token, AccountTokenPurpose.EmailVerification, ct) is not { } link)
            return VerificationOutcome.Invalid;
        if (link.ExpiresAt <= now)
            return VerificationOutcome.Expired;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await links.UseAsync(link, now, ct))
            return VerificationOutcome.Invalid;
        var user = await db.Set<User>().SingleAsync(u => u.Id == link.UserId, ct);
        if (user.Status is UserStatus.Deleted or UserStatus.Suspended)
            return VerificationOutcome.Invalid;
        user.VerifyEmail(now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return VerificationOutcome.Verified;
    }
}
