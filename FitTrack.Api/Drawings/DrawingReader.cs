using System.Globalization;
using System.Linq.Expressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Drawings;

/// <summary>Reads drawings as the public and their entrants see them.</summary>
internal sealed class DrawingReader(FitTrackDbContext db, OfficialRules rules, MemberDirectory members, TimeProvider clock)
{
    private static readonly int[] Quantities = [1, 5, 10, 25, 50, 100];

    /// <summary>What is public: everything that was ever scheduled.</summary>
    public IQueryable<Drawing> Public => db.Set<Drawing>().AsNoTracking().Where(d => d.ScheduledAt != null);

    public Expression<Func<Drawing, DrawingItem>> Item => d => new DrawingItem(
        d.Id, d.Name, d.Type, d.Status, d.Entropy, d.TicketPrice, db.Set<DrawingGate>().Where(g => g.DrawingId == d.Id).Sum(g => g.Sold),
        d.OpensAt, d.SalesCloseAt, d.DrawAt, d.CompletedAt, d.ImageUrl,
        d.Prizes.OrderBy(p => p.Rank)
            .Select(p => new PrizeItem(p.Id, p.Rank, p.Name, p.Description, p.Quantity, p.ValueCents, p.Kind, p.ImageUrl, db.Set<Sponsor>().Where(s => s.Id == p.SponsorId).Select(s => s.Name).FirstOrDefault()))
            .ToList());

    public async Task<DrawingDetails?> FindAsync(Guid id, Guid? caller, CancellationToken ct)
    {
        if (await Public.SingleOrDefaultAsync(d => d.Id == id, ct) is not { } drawing) return null;
        var item = await Public.Where(d => d.Id == id).Select(Item).SingleAsync(ct);
        var entrant = caller is null ? null : await db.Set<DrawingEntrant>().AsNoTracking().SingleOrDefaultAsync(e => e.DrawingId == id && e.UserId == caller, ct);
        var hash = await db.Set<DrawingProof>().Where(p => p.DrawingId == id).Select(p => p.ManifestHash).SingleOrDefaultAsync(ct);
        return new DrawingDetails(
            drawing.Id, drawing.Name, drawing.Description, drawing.Type, drawing.Status, drawing.TicketPrice, item.TicketsSold,
            drawing.OpensAt, drawing.SalesCloseAt, drawing.DrawAt, drawing.CompletedAt, drawing.CancelledAt, drawing.CancelReason, drawing.ImageUrl,
            item.Prizes, OddsOf(drawing, item.TicketsSold, entrant), CountdownOf(drawing, clock.GetUtcNow()),
            new DrawingCommitment(drawing.Entropy, drawing.Entropy == EntropyKind.Commit, drawing.ChainHash, drawing.Round, drawing.Commitment, hash),
            new DrawingEligibility(drawing.EligibleUsers, drawing.MinAccountAgeDays, drawing.MinAge),
            new DrawingLimits(drawing.MaxTicketsPerPurchase, drawing.MaxTicketsPerMember, drawing.FreeEntriesPerMember),
            drawing.Alternates, new DrawingRulesText(drawing.RulesVersion, await rules.TextAsync(drawing.RulesVersion, ct)), caller is null ? null : MineOf(drawing, entrant));
    }

    /// <summary>Null until the drawing is completed.</summary>
    public async Task<DrawingResults?> FindResultsAsync(Guid id, Guid? caller, CancellationToken ct)
    {
        var drawing = await Public.Include(d => d.Prizes).SingleOrDefaultAsync(d => d.Id == id && d.Status == DrawingStatus.Completed, ct);
        if (drawing is null) return null;
        var picks = await db.Set<DrawingPick>().AsNoTracking().Where(p => p.DrawingId == id && p.PrizeId != null).OrderBy(p => p.Rank).ThenBy(p => p.Slot).ToListAsync(ct);
        var cards = await members.CardsAsync([.. picks.Select(p => p.UserId)], ct);
        var prizes = drawing.Prizes.ToDictionary(p => p.Id);
        var winners = picks.ConvertAll(p => new Winner(
            (int)p.Rank, p.Slot, prizes[p.PrizeId!.Value].Name, prizes[p.PrizeId.Value].ValueCents, p.TicketNumber, cards.GetValueOrDefault(p.UserId).PublicName()));
        var unawarded = drawing.Prizes.OrderBy(p => p.Rank)
            .Select(p => new UnawardedPrize(p.Rank, p.Name, p.Quantity - winners.Count(w => w.Rank == p.Rank)))
            .Where(p => p.Quantity > 0).ToList();
        var sold = (drawing.PaidTickets + drawing.FreeTickets)!.Value;
        return new DrawingResults(id, drawing.Name, drawing.CompletedAt!.Value, sold, winners, unawarded, caller is null ? null : picks.Any(p => p.UserId == caller));
    }

    private static DrawingOdds OddsOf(Drawing drawing, long tickets, DrawingEntrant? entrant)
    {
        var mine = entrant is null ? 0 : entrant.PaidTickets + entrant.FreeEntries;
        var left = MineOf(drawing, entrant).TicketsLeft;
        var after = Quantities.Where(q => q <= drawing.MaxTicketsPerPurchase && q <= left).Select(q => new OddsAfter(q, Odds(tickets + q, mine + q)));
        return new DrawingOdds(tickets, mine, mine == 0 ? null : Odds(tickets, mine), drawing.Status is DrawingStatus.Open or DrawingStatus.Scheduled ? [.. after] : []);
    }

    /// <summary>One digit after the point where it is not a whole number.</summary>
    private static string Odds(long tickets, int mine) => string.Create(CultureInfo.InvariantCulture, $"1 in {(decimal)tickets / mine:0.#}");

    private static MyEntry MineOf(Drawing drawing, DrawingEntrant? entrant)
    {
        var (paid, free) = (entrant?.PaidTickets ?? 0, entrant?.FreeEntries ?? 0);
        return new MyEntry(paid, free, Math.Max(0, drawing.MaxTicketsPerMember - paid), Math.Max(0, drawing.FreeEntriesPerMember - free));
    }

    private static DrawingCountdown? CountdownOf(Drawing drawing, DateTimeOffset now) => drawing.Status switch
    {
        DrawingStatus.Scheduled => Until("opens", drawing.OpensAt, now),
        DrawingStatus.Open => Until("sales_close", drawing.SalesCloseAt, now),
        DrawingStatus.Closed => Until("draw", drawing.DrawAt, now),
        _ => null,
    };

    private static DrawingCountdown Until(string next, DateTimeOffset at, DateTimeOffset now) => new(next, at, Math.Max(0, (long)(at - now).TotalSeconds));
}
