using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

public enum CloseOutcome
{
    Closed,
    NotFound,
    Stale,
}

/// <summary>
/// Soft deletion: the row stays with its time, the member is gone from every list and running board, signed out everywhere, and no tracker
/// sends for them any more. Their personal data is erased later.
/// </summary>
public sealed class CloseAccount(FitTrackDbContext db, Sessions sessions, ScoreBoard boards, TrackerConnections trackers, AuditLog audit, IMessageBus bus, TimeProvider clock)
{
    /// <param name="userId">The account.</param>
    /// <param name="mayChange">Whether the caller may close this version; null: whatever is there.</param>
    /// <param name="admin">Who closes it, when that is not its owner: goes to the audit log.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<CloseOutcome> ExecuteAsync(Guid userId, Func<long, bool>? mayChange, AdminActor? admin, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Set<User>().SingleOrDefaultAsync(u => u.Id == userId && u.Status != UserStatus.Deleted, ct) is not { } user)
            return CloseOutcome.NotFound;
        if (mayChange?.Invoke(user.Version) == false)
            return CloseOutcome.Stale;

        var (before, now) = (user.Status, clock.Now());
        user.Delete(now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Who asks twice at once is told what a closed account answers.
            var isThere = await db.Set<User>().AnyAsync(u => u.Id == userId && u.Status != UserStatus.Deleted, ct);
            return isThere ? CloseOutcome.Stale : CloseOutcome.NotFound;
        }

        await sessions.EndAllAsync(userId, SessionEnd.AccountClosed, ct);
        await boards.RemoveAsync(userId, now, ct);
        await trackers.DisconnectAllAsync(userId, now, ct);
        bus.PublishOnCommit(db, BusTopics.Member, userId.ToString());
        if (admin is not null)
        {
            await audit.AppendAsync(
                AuditRecord.Of(admin, "user.delete", "user", userId.ToString(), new { Status = Naming.Snake(before.ToString()) }, new { Status = "deleted" }), ct);
        }

        await transaction.CommitAsync(ct);
        return CloseOutcome.Closed;
    }
}
