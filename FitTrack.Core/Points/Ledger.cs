using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Points;

/// <summary>
/// The only way in which points move. Used inside the caller's open transaction, so that the booking and what it pays for
/// are stored together or not at all.
/// </summary>
public sealed class Ledger(FitTrackDbContext db, TimeProvider clock)
{
    private const int Attempts = 5;

    // One round trip answers both questions: where the member's chain stands, and whether this reference was booked before.
    private static readonly Func<FitTrackDbContext, Guid, string, string, CancellationToken, Task<Standing?>> StandingOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid userId, string kind, string key, CancellationToken ct) => db.Set<PointBalance>().AsNoTracking()
            .Where(b => b.UserId == userId)
            .Select(b => new Standing(b.Balance, b.Seq, b.LastHash, db.Set<PointTransaction>()
                .Where(t => t.UserId == userId && t.ReferenceKind == kind && t.ReferenceKey == key)
                .Select(t => (long?)t.Seq)
                .FirstOrDefault()))
            .FirstOrDefault());

    /// <summary>
    /// Appends one row to the member's chain: the balance row moves at once, the new row waits in the context for the
    /// caller's <c>SaveChangesAsync</c>, so that it can share a round trip with the caller's own inserts.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transaction is open: the two halves could part.</exception>
    public async Task<LedgerOutcome> AppendAsync(LedgerEntry entry, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("The ledger is written inside the caller's transaction.");

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var standing = await StandingOf(db, entry.UserId, entry.ReferenceKind, entry.ReferenceKey, ct);
            if (standing?.BookedAs is { } seq)
                return new LedgerOutcome.AlreadyThere(seq);
            var balance = standing?.Balance ?? 0;
            if (entry.Amount < 0 && !entry.MayGoBelowZero && balance + entry.Amount < 0)
                return new LedgerOutcome.InsufficientBalance(balance);

            var now = clock.Now();
            if (standing is null)
                return OpenWith(entry, now);

            var row = PointTransaction.After(standing.Seq, standing.Balance, standing.LastHash, entry, now);
            if (await MoveAsync(standing.Seq, row, entry, ct))
            {
                db.Add(row);
                return Appended(row);
            }
        }

        return new LedgerOutcome.LostRace();
    }

    private static LedgerOutcome.Appended Appended(PointTransaction row) => new(row.Id, row.Seq, row.BalanceAfter, row.CreatedAt);

    /// <summary>The member's first row ever; a race for it shows as a unique violation when the caller saves.</summary>
    private LedgerOutcome.Appended OpenWith(LedgerEntry entry, DateTimeOffset now)
    {
        var opened = PointBalance.Open(entry.UserId);
        var row = opened.Append(entry, now);
        db.Add(opened);
        db.Add(row);
        return Appended(row);
    }

    private async Task<bool> MoveAsync(long fromSeq, PointTransaction row, LedgerEntry entry, CancellationToken ct)
    {
        var earned = entry.CountsAsEarned ? entry.Amount : 0;
        var moved = await db.Set<PointBalance>()
            .Where(b => b.UserId == row.UserId && b.Seq == fromSeq)
            .ExecuteUpdateAsync(set => set
                .SetProperty(b => b.Balance, row.BalanceAfter)
                .SetProperty(b => b.EarnedTotal, b => b.EarnedTotal + earned)
                .SetProperty(b => b.Seq, row.Seq)
                .SetProperty(b => b.LastHash, row.Hash), ct);
        return moved == 1;
    }

    private sealed record Standing(long Balance, long Seq, byte[] LastHash, long? BookedAs);
}
