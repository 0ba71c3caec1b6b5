using System.Security.Cryptography;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>
/// The counters that an entry must get past, in the entry's transaction and always in this order: own spending limit, gate, entrant.
/// Each is one conditional update, so that limits hold however many entries race.
/// </summary>
public sealed class EntryCounters(FitTrackDbContext db, CompetitionCalendar calendar)
{
    private static int _lastGate;

    /// <summary>Through one of the 64 gates, in turn so that neighbours in time do not meet. Changes no row when sales are closed.</summary>
    public static FormattableString PassGate(Guid drawingId, int quantity, DateTimeOffset now)
    {
        var gate = (int)((uint)Interlocked.Increment(ref _lastGate) % DrawingGate.Gates);
        return $"UPDATE drawing_gates SET sold = sold + {quantity} WHERE drawing_id = {drawingId} AND gate = {gate} AND is_open AND sales_close_at > {now}";
    }

    /// <summary>Against the limit a member; changes no row when it is reached, or when this is the member's first entry.</summary>
    public static FormattableString Count(DrawingFacts drawing, Guid userId, TicketKind kind, int quantity)
    {
        if (kind == TicketKind.Free)
            return $"UPDATE drawing_entrants SET free_entries = free_entries + {quantity} WHERE drawing_id = {drawing.Id} AND user_id = {userId} AND free_entries + {quantity} <= {drawing.FreeEntriesPerMember}";
        return $"UPDATE drawing_entrants SET paid_tickets = paid_tickets + {quantity} WHERE drawing_id = {drawing.Id} AND user_id = {userId} AND paid_tickets + {quantity} <= {drawing.MaxTicketsPerMember}";
    }

    /// <summary>Where <see cref="Count"/> changed no row: counts a first entry with a new row, which is put into the batch.</summary>
    /// <returns>False when the limit is reached; null when the row came a moment ago, with another first entry: begin again.</returns>
    internal async Task<bool?> CountFirstAsync(DrawingFacts drawing, Guid userId, TicketKind kind, int quantity, StatementBatch rows, DateTimeOffset now, CancellationToken ct)
    {
        var (id, isFree) = (drawing.Id, kind == TicketKind.Free);
        var limit = isFree ? drawing.FreeEntriesPerMember : drawing.MaxTicketsPerMember;
        if (quantity > limit) return false;
        if (await db.Set<DrawingEntrant>().Where(e => e.DrawingId == id && e.UserId == userId).Select(e => (int?)(isFree ? e.FreeEntries : e.PaidTickets)).FirstOrDefaultAsync(ct) is { } already)
            return already + quantity <= limit ? null : false;

        var salt = drawing.Entropy == EntropyKind.Drand ? RandomNumberGenerator.GetBytes(Pseudonym.SaltLength) : null;
        rows.Insert(DrawingEntrant.Create(id, userId, isFree ? 0 : quantity, isFree ? quantity : 0, salt, drawing.RulesVersion, now));
        return true;
    }

    /// <summary>Against what the member allows themselves a week; false when it would be more.</summary>
    public async Task<bool> SpendAsync(Guid userId, long cost, int limit, DateTimeOffset now, CancellationToken ct)
    {
        var week = calendar.PeriodOf(PeriodKind.Weekly, calendar.DayOf(now));
        var (weekStart, startsAt) = (week.Start, week.StartsAt);
        var spending = db.Set<TicketSpending>().Where(s => s.UserId == userId && s.WeekStart == weekStart);
        if (await CountAsync()) return true;
        // A row that came a moment ago, with the week's first purchase, decides by its own condition.
        if (await spending.AnyAsync(ct)) return await CountAsync();

        var before = await db.Set<DrawingEntrant>().Where(e => e.UserId == userId)
            .Join(db.Set<Ticket>(), e => new { e.DrawingId, e.UserId }, t => new { t.DrawingId, t.UserId }, (_, t) => t)
            .Where(t => t.PurchasedAt >= startsAt)
            .SumAsync(t => (long)t.PricePaid, ct);
        if (before + cost > limit) return false;

        var first = new StatementBatch(db);
        first.Insert(TicketSpending.Create(userId, weekStart, before + cost));
        await first.ExecuteAsync(ct);
        return true;

        async Task<bool> CountAsync() =>
            await spending.Where(s => s.Points + cost <= limit).ExecuteUpdateAsync(set => set.SetProperty(s => s.Points, s => s.Points + cost), ct) == 1;
    }
}
