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

    private static readonly Func<FitTrackDbContext, Guid, CancellationToken, Task<Standing?>> StandingOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid userId, CancellationToken ct) => db.Set<PointBalance>().AsNoTracking()
            .Where(b => b.UserId == userId)
            .Select(b => new Standing(b.Balance, b.Seq, b.LastHash, null))
            .FirstOrDefault());

    // One round trip answers both questions: where the member's chain stands, and whether this reference was booked before.
    private static readonly Func<FitTrackDbContext, Guid, string, string, CancellationToken, Task<Standing?>> StandingAndBooked = EF.CompileAsyncQuery(
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
            var plan = Plan(entry, await StandingAndBooked(db, entry.UserId, entry.ReferenceKind, entry.ReferenceKey, ct));
            if (plan.Move is null)
                return plan.Outcome;

            var batch = new StatementBatch(db);
            batch.Add(plan.Move);
            if ((await batch.ExecuteAsync(ct))[0] == 1)
            {
                db.Add(plan.Row!);
                return plan.Outcome;
            }
        }

        return new LedgerOutcome.LostRace();
    }

    /// <summary>
    /// The same in halves, for callers that send the balance's compare-and-swap and the ledger's row together with statements of their own.
    /// The entry's reference must be new: a booked one ends in a unique violation.
    /// </summary>
    internal async Task<LedgerPlan> PlanNewAsync(LedgerEntry entry, CancellationToken ct) => Plan(entry, await StandingOf(db, entry.UserId, ct));

    private LedgerPlan Plan(LedgerEntry entry, Standing? standing)
    {
        if (standing?.BookedAs is { } seq)
            return new LedgerPlan(new LedgerOutcome.AlreadyThere(seq));
        var balance = standing?.Balance ?? 0;
        if (entry.Amount < 0 && !entry.MayGoBelowZero && balance + entry.Amount < 0)
            return new LedgerPlan(new LedgerOutcome.InsufficientBalance(balance));

        var now = clock.Now();
        if (standing is null)
            return new LedgerPlan(OpenWith(entry, now));

        var row = PointTransaction.After(standing.Seq, standing.Balance, standing.LastHash, entry, now);
        return new LedgerPlan(Appended(row), row, Move(row, standing.Seq, entry.CountsAsEarned ? entry.Amount : 0));
    }

    /// <summary>Moves the balance to where the row says, if nobody else moved it since <paramref name="fromSeq"/>.</summary>
    internal static FormattableString Move(PointTransaction row, long fromSeq, long earned) =>
        $"""
        UPDATE point_balances SET balance = {row.BalanceAfter}, earned_total = earned_total + {earned}, seq = {row.Seq}, last_hash = {row.Hash}
        WHERE user_id = {row.UserId} AND seq = {fromSeq}
        """;

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

    private sealed record Standing(long Balance, long Seq, byte[] LastHash, long? BookedAs);
}

/// <summary>A booking that only waits for the balance to be moved.</summary>
/// <param name="Outcome">What the booking comes to if the move succeeds, or why there is none.</param>
/// <param name="Row">The ledger's new row; null without a move.</param>
/// <param name="Move">Compare-and-swap of the balance row; null where there is nothing to move.</param>
internal sealed record LedgerPlan(LedgerOutcome Outcome, PointTransaction? Row = null, FormattableString? Move = null)
{
    /// <summary>Adds move and row. Where somebody else moved the balance meanwhile, the row's number is taken: the batch ends with a unique violation.</summary>
    public void MoveIn(StatementBatch batch)
    {
        batch.Add(Move ?? throw new InvalidOperationException("Nothing was planned."));
        batch.Insert(Row!);
    }
}
