using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings.Conservation;

/// <summary>What holds whatever was done, and wherever it was broken off.</summary>
internal sealed class ConservationLaws(DrawingsFixture fixture, ConservationWorld world)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task AssertAsync()
    {
        await using var db = fixture.OpenDb();
        for (var i = 0; i < world.Members.Length; i++) await AssertPointsAsync(db, i);
        foreach (var drawing in world.Drawings) await AssertTicketsAsync(db, drawing);
        foreach (var drawing in world.Drawings) await AssertPrizesAsync(db, drawing);
        var bought = (await db.Set<Ticket>().Where(t => world.Drawings.Contains(t.DrawingId)).Select(t => t.Id).ToListAsync(Ct)).ToHashSet();
        Assert.All(world.Receipts.SelectMany(r => r.GetProperty("tickets").EnumerateArray()), t => Assert.Contains(t.GetProperty("id").GetGuid(), bought));
        Assert.Null((await new LedgerVerifier(db).VerifyAsync(null, Ct)).FirstDifference);
    }

    /// <summary>Earned = balance + spent - refunded, and each purchase is paid once.</summary>
    private async Task AssertPointsAsync(FitTrackDbContext db, int index)
    {
        var member = world.Members[index].Id;
        var rows = await db.Set<PointTransaction>().Where(t => t.UserId == member).ToListAsync(Ct);
        var tickets = await db.Set<Ticket>().Where(t => t.UserId == member).ToListAsync(Ct);
        var called = await db.Set<Drawing>().Where(d => world.Drawings.Contains(d.Id) && d.Status == DrawingStatus.Cancelled).Select(d => d.Id).ToListAsync(Ct);
        var (spent, refunded) = (tickets.Sum(t => (long)t.PricePaid), tickets.Where(t => called.Contains(t.DrawingId)).Sum(t => (long)t.PricePaid));
        var trained = await db.Set<PointDay>().Where(d => d.UserId == member).SumAsync(d => (long)d.Total, Ct);
        var given = rows.Where(r => r.Type == PointTransactionType.Adjust && r.EarnedOn is null).Sum(r => r.Amount);
        var balance = await fixture.BalanceAsync(member);

        Assert.Equal(trained, rows.Where(r => r.EarnedOn is not null).Sum(r => r.Amount));
        Assert.Equal(trained + given, balance + spent - refunded);
        Assert.True(balance >= 0, $"A balance of {balance}");
        var purchases = tickets.Where(t => t.Kind == TicketKind.Paid).GroupBy(t => t.PurchaseId.ToString()).ToDictionary(g => g.Key, g => g.Sum(t => (long)t.PricePaid), StringComparer.Ordinal);
        Assert.Equal(purchases.OrderBy(p => p.Key, StringComparer.Ordinal), rows.Where(r => r.Type == PointTransactionType.Spend).Select(r => KeyValuePair.Create(r.ReferenceKey, -r.Amount)).OrderBy(p => p.Key, StringComparer.Ordinal));
        Assert.True(purchases.Count <= world.Asked.Keys.Count(k => k.Member == index), "More was bought than was asked for");
        var weeks = await db.Set<TicketSpending>().Where(s => s.UserId == member).Select(s => s.Points).ToListAsync(Ct);
        Assert.Equal(index == 0 ? spent : 0, weeks.Sum());
        Assert.All(weeks, points => Assert.InRange(points, 0, ConservationWorld.OwnLimit));
    }

    /// <summary>Tickets = paid + free, in the gates, with the entrants, in the drawing and in its numbers.</summary>
    private static async Task AssertTicketsAsync(FitTrackDbContext db, Guid id)
    {
        var drawing = await db.Set<Drawing>().SingleAsync(d => d.Id == id, Ct);
        var tickets = await db.Set<Ticket>().Where(t => t.DrawingId == id).ToListAsync(Ct);
        var entrants = await db.Set<DrawingEntrant>().Where(e => e.DrawingId == id).ToListAsync(Ct);
        var (paid, free) = (tickets.Count(t => t.Kind == TicketKind.Paid), tickets.Count(t => t.Kind == TicketKind.Free));
        Assert.Equal((paid, free), (entrants.Sum(e => e.PaidTickets), entrants.Sum(e => e.FreeEntries)));
        Assert.All(entrants, e => Assert.Equal(e.PaidTickets + e.FreeEntries, tickets.Count(t => t.UserId == e.UserId)));
        Assert.All(entrants, e => Assert.True(e.PaidTickets <= drawing.MaxTicketsPerMember && e.FreeEntries <= drawing.FreeEntriesPerMember, "Over the limit"));
        Assert.Equal(tickets.Count, await db.Set<DrawingGate>().Where(g => g.DrawingId == id).SumAsync(g => g.Sold, Ct));
        Assert.Equal(drawing.Status == DrawingStatus.Cancelled && drawing.ClosedAt is null ? (null, null) : ((long?)paid, (long?)free), (drawing.PaidTickets, drawing.FreeTickets));
        var numbers = await db.Set<NumberedTicket>().Where(n => n.DrawingId == id).OrderBy(n => n.TicketNumber).ToListAsync(Ct);
        var inOrder = drawing.ClosedAt is null ? [] : await db.Set<Ticket>().Where(t => t.DrawingId == id).OrderBy(t => t.PurchasedAt).ThenBy(t => t.Id).Select(t => t.Id).ToListAsync(Ct);
        Assert.Equal(inOrder.Select((ticket, i) => (i + 1, ticket)), numbers.Select(n => (n.TicketNumber, n.TicketId)));
    }

    /// <summary>The proof verifies; a member wins once, and each prize that was won has one holder, or went back to the sponsor.</summary>
    private async Task AssertPrizesAsync(FitTrackDbContext db, Guid id)
    {
        var drawing = await db.Set<Drawing>().Include(d => d.Prizes).SingleAsync(d => d.Id == id, Ct);
        var prizes = await db.Set<Fulfillment>().Where(f => f.DrawingId == id).ToListAsync(Ct);
        if (drawing.Status != DrawingStatus.Completed)
        {
            Assert.Empty(prizes);
            return;
        }

        using var anonymous = fixture.Anonymous();
        var verdict = DrawingVerifier.Verify(await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/proof"), await anonymous.GetJsonAsync("/.well-known/draw-keys.json"));
        Assert.True(verdict.Outcome == Outcome.NotIndependent, $"{verdict.Summary}: {string.Join("; ", verdict.Reasons)}");
        var entrants = await db.Set<DrawingEntrant>().CountAsync(e => e.DrawingId == id, Ct);
        var slots = prizes.GroupBy(f => (f.Rank, f.Slot)).Select(g => g.OrderBy(f => f.Attempt).ToList()).ToList();
        Assert.Equal(Math.Min(entrants, drawing.Prizes.Sum(p => p.Quantity)), slots.Count);
        Assert.Equal(prizes.Count, prizes.Select(f => f.UserId).Distinct().Count());
        Assert.All(slots, holders => Assert.Equal(Enumerable.Range(0, holders.Count), holders.Select(f => f.Attempt)));
        Assert.All(slots, holders => Assert.All(holders.SkipLast(1), f => Assert.Equal(FulfillmentStatus.Forfeited, f.Status)));
        Assert.All(slots, holders => Assert.NotEqual(FulfillmentStatus.Forfeited, holders[^1].Status));
    }
}
