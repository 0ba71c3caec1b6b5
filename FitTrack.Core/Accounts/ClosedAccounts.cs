using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>Accounts that were deleted, on their way to being nobody's.</summary>
public sealed class ClosedAccounts(FitTrackDbContext db, AuditLog audit, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>Who was deleted by then and is not erased yet, the oldest first.</summary>
    public Task<List<Guid>> DueAsync(DateTimeOffset deletedBy, CancellationToken ct) =>
        db.Set<User>().Where(u => u.Status == UserStatus.Deleted && u.AnonymizedAt == null && u.DeletedAt <= deletedBy)
            .OrderBy(u => u.DeletedAt).Take(AtOnce).Select(u => u.Id).ToListAsync(ct);

    /// <summary>Whether the account is closed and its data is still there.</summary>
    public Task<bool> IsKeptAsync(Guid userId, CancellationToken ct) => db.Set<User>().AnyAsync(u => u.Id == userId && u.Status == UserStatus.Deleted && u.AnonymizedAt == null, ct);

    /// <summary>Takes out who it was: address, birth date, state, password, second factor; and their traces in the audit log and among the sign-in attempts. False when that was done.</summary>
    internal async Task<bool> AnonymizeAsync(Guid userId, CancellationToken ct)
    {
        var email = await db.Set<User>().Where(u => u.Id == userId).Select(u => u.NormalizedEmail).SingleAsync(ct);
        var (now, nobody) = (clock.Now(), $"{userId:N}@erased.invalid");
        var changed = await db.Set<User>().Where(u => u.Id == userId && u.Status == UserStatus.Deleted && u.AnonymizedAt == null).ExecuteUpdateAsync(
            s => s.SetProperty(u => u.Email, nobody).SetProperty(u => u.NormalizedEmail, nobody).SetProperty(u => u.PasswordHash, "erased")
                .SetProperty(u => u.DateOfBirth, User.ErasedBirth).SetProperty(u => u.State, User.ErasedState).SetProperty(u => u.ProtectedTotpSecret, (string?)null).SetProperty(u => u.LastTotpStep, (long?)null)
                .SetProperty(u => u.LastLoginAt, (DateTimeOffset?)null).SetProperty(u => u.UpdatedAt, now).SetProperty(u => u.AnonymizedAt, now).SetProperty(u => u.Version, u => u.Version + 1), ct);
        if (changed == 0)
            return false;
        await db.Set<LoginAttempt>().Where(a => a.UserId == userId || a.NormalizedEmail == email).ExecuteDeleteAsync(ct);
        await audit.RedactAsync(userId, ct);
        return true;
    }
}
