using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>Removes what signing in left behind and nobody needs any more: it says who was where and when.</summary>
public sealed class ExpiredSignIns(FitTrackDbContext db, Outbox outbox, TimeProvider clock)
{
    private static readonly TimeSpan AttemptsKept = TimeSpan.FromDays(90);
    private static readonly TimeSpan TokensKept = TimeSpan.FromDays(30);

    /// <summary>Who asked for a mail, by a hash of the address; needed for a minute.</summary>
    private static readonly TimeSpan NotesKept = TimeSpan.FromDays(1);

    /// <returns>How many rows are gone.</returns>
    public async Task<int> RemoveAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var (attemptsBefore, tokensBefore) = (now - AttemptsKept, now - TokensKept);
        return await db.Set<LoginAttempt>().Where(a => a.AttemptedAt < attemptsBefore).ExecuteDeleteAsync(ct)
            + await db.Set<AccountToken>().Where(t => t.ExpiresAt < tokensBefore).ExecuteDeleteAsync(ct)
            + await outbox.RemoveDoneAsync(AccountMails.WorkType, now - NotesKept, ct)
            + await db.Set<RefreshToken>().Where(t => t.ExpiresAt < tokensBefore).ExecuteDeleteAsync(ct);
    }
}
