using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Gives the points of a cancelled drawing back, a hundred members a transaction, each member once whatever happens in between.</summary>
public sealed class RefundTickets(FitTrackDbContext db, Ledger ledger, TimeProvider clock)
{
    private const int Batch = 100;
    private const int Attempts = 5;

    /// <summary>Cancelled drawings that still owe somebody.</summary>
    public Task<List<Guid>> OutstandingAsync(CancellationToken ct) => db.Set<Drawing>()
        .Where(d => d.Status == DrawingStatus.Cancelled && db.Set<DrawingEntrant>().Any(e => e.DrawingId == d.Id && e.PaidTickets > 0 && e.RefundedAt == null))
        .Select(d => d.Id)
        .ToListAsync(ct);

    /// <returns>How many members were refunded.</returns>
    public async Task<int> ExecuteAsync(Guid drawingId, CancellationToken ct)
    {
        var drawing = await db.Set<Drawing>().AsNoTracking().SingleAsync(d => d.Id == drawingId && d.Status == DrawingStatus.Cancelled, ct);
        var refunded = 0;
        for (var lost = 0; ;)
        {
            try
            {
                var members = await RefundSomeAsync(drawing, ct);
                if (members == 0) return refunded;
                refunded += members;
            }
            catch (Exception e) when (lost < Attempts && (DbErrors.IsUniqueViolation(e) || DbErrors.IsLostRace(e)))
            {
                lost++;
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<int> RefundSomeAsync(Drawing drawing, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var entrants = await db.Set<DrawingEntrant>()
            .Where(e => e.DrawingId == drawing.Id && e.PaidTickets > 0 && e.RefundedAt == null)
            .OrderBy(e => e.UserId)
            .Take(Batch)
            .ToListAsync(ct);
        foreach (var entrant in entrants)
        {
            var paid = await db.Set<Ticket>().Where(t => t.DrawingId == drawing.Id && t.UserId == entrant.UserId).SumAsync(t => (long)t.PricePaid, ct);
            var entry = LedgerEntry.Refund(entrant.UserId, paid, "drawing_refund", drawing.Id.ToString(), $"Refund: {drawing.Name} was cancelled");
            if (await ledger.AppendAsync(entry, ct) is LedgerOutcome.LostRace) throw new DbUpdateConcurrencyException("The balance kept moving.");
            entrant.Refund(clock.Now());
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return entrants.Count;
    }
}
