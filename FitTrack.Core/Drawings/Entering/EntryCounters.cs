using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
    private const int MostKnown = 50_000;

    private static readonly ConcurrentDictionary<(Guid Drawing, Guid User), byte> Known = new();
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

    /// <summary>Counts a member's first entry with a new row; changes no row where there is one, which is then <see cref="Count"/>'s to count.</summary>
    public static FormattableString CountFirst(DrawingFacts drawing, Guid userId, TicketKind kind, int quantity, DateTimeOffset now)
    {
        var (paid, free) = kind == TicketKind.Free ? (0, quantity) : (quantity, 0);
        object[] salt = drawing.Entropy == EntropyKind.Drand ? [RandomNumberGenerator.GetBytes(Pseudonym.SaltLength)] : [];
        var (column, hole) = salt.Length > 0 ? (", salt", ", {6}") : ("", "");
        var text =
            $$"""
            INSERT INTO drawing_entrants (drawing_id, user_id, paid_tickets, free_entries, rules_version, entered_at{{column}}) SELECT {0}, {1}, {2}, {3}, {4}, {5}{{hole}}
            FROM drawings WHERE id = {0} AND NOT EXISTS (SELECT 1 FROM drawing_entrants WHERE drawing_id = {0} AND user_id = {1})
            """;
        return FormattableStringFactory.Create(text, [drawing.Id, userId, paid, free, drawing.RulesVersion, now, .. salt]);
    }

    /// <summary>
    /// Whether this process saw the member enter the drawing, so that there is nothing for <see cref="CountFirst"/> to do. Entrants are never
    /// deleted; where one is missing all the same, the ticket's foreign key says so and the entry is run again.
    /// </summary>
    public static bool HasEntered(Guid drawingId, Guid userId) => Known.ContainsKey((drawingId, userId));

    /// <summary>To be called after the commit; too many of them, and it starts afresh.</summary>
    public static void Remember(Guid drawingId, Guid userId)
    {
        if (Known.Count >= MostKnown) Known.Clear();
        Known.TryAdd((drawingId, userId), 0);
    }

    /// <summary>Where neither of the two changed a row: whether the limit is reached. If not, the first entry came a moment ago: begin again.</summary>
    public Task<bool> IsLimitReachedAsync(DrawingFacts drawing, Guid userId, TicketKind kind, int quantity, CancellationToken ct)
    {
        var (id, isFree, most) = (drawing.Id, kind == TicketKind.Free, LimitOf(drawing, kind) - quantity);
        return db.Set<DrawingEntrant>().AnyAsync(e => e.DrawingId == id && e.UserId == userId && (isFree ? e.FreeEntries : e.PaidTickets) > most, ct);
    }

    /// <summary>Entries of that kind that a member may have in all.</summary>
    public static int LimitOf(DrawingFacts drawing, TicketKind kind) => kind == TicketKind.Free ? drawing.FreeEntriesPerMember : drawing.MaxTicketsPerMember;

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
