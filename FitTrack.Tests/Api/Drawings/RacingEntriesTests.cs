using System.Net;
using FitTrack.Core.Drawings;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

public sealed class RacingEntriesTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    [Fact]
    public async Task Buy_ManyAtOnceWithTheLastPoints_SpendsThemOnce()
    {
        using var member = await fixture.NewMemberAsync(points: 500);
        var drawings = new[] { await fixture.NewDrawingAsync(), await fixture.NewDrawingAsync() };

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => BuyAsync(member, drawings[i % 2], 1)));

        Assert.Equal(5, answers.Count(a => a == HttpStatusCode.Created));
        Assert.Equal(19, answers.Count(a => a == HttpStatusCode.Conflict));
        Assert.Equal(0, await fixture.BalanceAsync(member.Id));
        await AssertExactAsync(drawings[0]);
        await AssertExactAsync(drawings[1]);
    }

    [Fact]
    public async Task Buy_ManyAtOnceUpToTheLimit_StopsAtTheLimit()
    {
        using var member = await fixture.NewMemberAsync(points: 100_000);
        var drawing = await fixture.NewDrawingAsync(changes: ("maxTicketsPerMember", 10));

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => BuyAsync(member, drawing, 3)));

        Assert.Equal(3, answers.Count(a => a == HttpStatusCode.Created));
        Assert.Equal(9, await AssertExactAsync(drawing));
    }

    [Fact]
    public async Task Buy_ManyAtOnceUnderOneKey_BuysOnce()
    {
        using var member = await fixture.NewMemberAsync(points: 100_000);
        var drawing = await fixture.NewDrawingAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => BuyAsync(member, drawing, 2, "once")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a));
        Assert.Equal(2, await AssertExactAsync(drawing));
        Assert.Equal(99_800, await fixture.BalanceAsync(member.Id));
    }

    [Fact]
    public async Task Buy_WhileSalesClose_LeavesEveryTicketNumberedAndEveryPointAccountedFor()
    {
        var members = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => fixture.NewMemberAsync(points: 1_000_000)));
        for (var round = 0; round < 5; round++)
        {
            var drawing = await fixture.NewDrawingAsync();
            var buyers = members.Select(member => BuyUntilClosedAsync(member, drawing)).ToList();
            await EnoughSoldAsync(drawing, 20);
            await fixture.StepAsync(drawing, "close");
            var bought = await Task.WhenAll(buyers);

            Assert.Equal(bought.Sum(), await AssertExactAsync(drawing));
            await using var db = fixture.OpenDb();
            var numbers = await db.Set<NumberedTicket>().Where(n => n.DrawingId == drawing).OrderBy(n => n.TicketNumber).Select(n => n.TicketNumber).ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Enumerable.Range(1, bought.Sum()), numbers);
            var closed = await db.Set<Drawing>().SingleAsync(d => d.Id == drawing, TestContext.Current.CancellationToken);
            Assert.Equal((DrawingStatus.Closed, (long)bought.Sum(), 0L), (closed.Status, closed.PaidTickets!.Value, closed.FreeTickets!.Value));
        }

        foreach (var member in members) member.Dispose();
    }

    [Fact]
    public async Task Cancel_WhileMembersBuy_RefundsEveryTicket()
    {
        var members = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => fixture.NewMemberAsync(points: 100_000)));
        var drawing = await fixture.NewDrawingAsync();
        var buyers = members.Select(member => BuyUntilClosedAsync(member, drawing)).ToList();
        await EnoughSoldAsync(drawing, 20);

        await fixture.StepAsync(drawing, "cancel", new { reason = "The sponsor withdrew" });
        await Task.WhenAll(buyers);

        foreach (var member in members)
        {
            Assert.Equal(100_000, await fixture.BalanceAsync(member.Id));
            member.Dispose();
        }
    }

    private static async Task<HttpStatusCode> BuyAsync(Entrant member, Guid drawing, int quantity, string? key = null)
    {
        using var response = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity }, key is null ? [] : [("Idempotency-Key", key)]);
        return response.StatusCode;
    }

    private static async Task<int> BuyUntilClosedAsync(Entrant member, Guid drawing)
    {
        for (var bought = 0; ; bought++)
        {
            var answer = await BuyAsync(member, drawing, 1);
            if (answer == HttpStatusCode.Forbidden) return bought;
            Assert.Equal(HttpStatusCode.Created, answer);
        }
    }

    private async Task EnoughSoldAsync(Guid drawing, long tickets)
    {
        await using var db = fixture.OpenDb();
        await Until.HoldsAsync($"{tickets} sold tickets", () => db.Set<DrawingGate>().Where(g => g.DrawingId == drawing).SumAsync(g => g.Sold, TestContext.Current.CancellationToken), sold => sold >= tickets);
    }

    /// <summary>Gates, entrants, tickets and ledger must tell the same; returns the number of tickets.</summary>
    private async Task<int> AssertExactAsync(Guid drawing)
    {
        await using var db = fixture.OpenDb();
        var ct = TestContext.Current.CancellationToken;
        var tickets = await db.Set<Ticket>().Where(t => t.DrawingId == drawing).ToListAsync(ct);
        Assert.Equal(tickets.Count, await db.Set<DrawingGate>().Where(g => g.DrawingId == drawing).SumAsync(g => g.Sold, ct));
        Assert.Equal(tickets.Count, await db.Set<DrawingEntrant>().Where(e => e.DrawingId == drawing).SumAsync(e => e.PaidTickets + e.FreeEntries, ct));
        var purchases = tickets.Select(t => t.PurchaseId.ToString()).Distinct().ToList();
        var spent = await db.Set<PointTransaction>().Where(t => t.ReferenceKind == "purchase" && purchases.Contains(t.ReferenceKey)).SumAsync(t => t.Amount, ct);
        Assert.Equal(-tickets.Sum(t => (long)t.PricePaid), spent);
        return tickets.Count;
    }
}
