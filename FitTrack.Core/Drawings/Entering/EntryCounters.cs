using System.Security.Cryptography;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>
/// The counters that an entry must get past, in the entry's transaction and always in this order: gate, entrant, own spending limit.
/// Each is one conditional update, so that limits hold however many entries race.
/// </summary>
public sealed class EntryCounters(FitTrackDbContext db, CompetitionCalendar calendar)
{
    private static int _lastGate;

    /// <summary>Through one of the 64 gates, in turn so that neighbours in time do not meet. False when sales are closed.</summary>
    public async Task<bool> PassGateAsync(Guid drawingId, int quantity, DateTimeOffset now, CancellationToken ct)
    {
        var gate = (int)((uint)Interlocked.Increment(ref _lastGate) % DrawingGate.Gates);
        return await db.Set<DrawingGate>()
            .Where(g => g.DrawingId == drawingId && g.Gate == gate && g.IsOpen && g.SalesCloseAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(g => g.Sold, g => g.Sold + quantity), ct) == 1;
    }

    /// <summary>Against the limit a member; false when it is reached. The first entry's row waits in the context for the caller's save.</summary>
    public async Task<bool> CountAsync(DrawingFacts drawing, Guid userId, TicketKind kind, int quantity, DateTimeOffset now, CancellationToken ct)
    {
        var (id, isFree) = (drawing.Id, kind == TicketKind.Free);
        var limit = isFree ? drawing.FreeEntriesPerMember : drawing.MaxTicketsPerMember;
        var mine = db.Set<DrawingEntrant>().Where(e => e.DrawingId == id && e.UserId == userId);
        var counted = isFree
            ? await mine.Where(e => e.FreeEntries + quantity <= limit).ExecuteUpdateAsync(set => set.SetProperty(e => e.FreeEntries, e => e.FreeEntries + quantity), ct)
            : await mine.Where(e => e.PaidTickets + quantity <= limit).ExecuteUpdateAsync(set => set.SetProperty(e => e.PaidTickets, e => e.PaidTickets + quantity), ct);
        if (counted == 1) return true;
        if (quantity > limit || await mine.AnyAsync(ct)) return false;

        var salt = drawing.Entropy == EntropyKind.Drand ? RandomNumberGenerator.GetBytes(Pseudonym.SaltLength) : null;
        db.Add(DrawingEntrant.Create(id, userId, isFree ? 0 : quantity, isFree ? quantity : 0, salt, drawing.RulesVersion, now));
        return true;
    }

    /// <summary>Against what the member allows themselves a week; false when it would be more.</summary>
    public async Task<bool> SpendAsync(Guid userId, long cost, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var week = calendar.PeriodOf(PeriodKind.Weekly, calendar.DayOf(now));
        var (weekStart, startsAt) = (week.Start, week.StartsAt);
        var spending = db.Set<TicketSpending>().Where(s => s.UserId == userId && s.WeekStart == weekStart);
        if (await spending.Where(s => s.Points + cost <= limit).ExecuteUpdateAsync(set => set.SetProperty(s => s.Points, s => s.Points + cost), ct) == 1) return true;
        if (await spending.AnyAsync(ct)) return false;

        var before = await db.Set<DrawingEntrant>().Where(e => e.UserId == userId)
            .Join(db.Set<Ticket>(), e => new { e.DrawingId, e.UserId }, t => new { t.DrawingId, t.UserId }, (_, t) => t)
            .Where(t => t.PurchasedAt >= startsAt)
            .SumAsync(t => (long)t.PricePaid, ct);
        if (before + cost > limit) return false;

        db.Add(TicketSpending.Create(userId, weekStart, before + cost));
        return true;
    }
}
