using System.Net;
using FitTrack.Core.Drawings;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Whatever members and administrators do at once, no point and no ticket comes from nowhere or gets lost.</summary>
public sealed class ConservationTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private const int Members = 4;
    private const long Points = 3_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private enum Act
    {
        Buy,
        BuyTwiceUnderOneKey,
        EnterFree,
        Close,
        Execute,
        Cancel,
    }

    /// <param name="Quantity">Also what no purchase may have.</param>
    private sealed record Deed(Act Act, int Member, int Drawing, long Quantity);

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task PointsAndTickets_AfterAnyDeedsAtOnce_AddUp(int seed)
    {
        var members = await Task.WhenAll(Enumerable.Range(0, Members).Select(_ => fixture.NewMemberAsync(points: Points)));
        var drawings = new[] { await fixture.NewDrawingAsync(changes: ("maxTicketsPerMember", 12)), await fixture.NewDrawingAsync() };
        var random = new Random(seed);
        var deeds = Enumerable.Range(0, 60).Select(_ => Any(random)).ToList();

        // Eight hands take them in order, each as soon as it is free.
        await Parallel.ForEachAsync(deeds, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (deed, _) => await DoAsync(deed, members[deed.Member], drawings[deed.Drawing]));

        foreach (var member in members)
        {
            await AssertPointsAddUpAsync(member.Id);
            member.Dispose();
        }

        foreach (var drawing in drawings) await AssertTicketsAddUpAsync(drawing);
        await using var scope = fixture.Factory.NewScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<LedgerVerifier>().VerifyAsync(null, Ct)).IsIntact);
    }

    private static Deed Any(Random random)
    {
        Act[] acts = [.. Enumerable.Repeat(Act.Buy, 12), .. Enumerable.Repeat(Act.BuyTwiceUnderOneKey, 4), .. Enumerable.Repeat(Act.EnterFree, 4), Act.Close, Act.Execute, Act.Cancel];
        long[] wrong = [0, -1, 101, 1_000_000_000];
        var quantity = random.Next(12) == 0 ? wrong[random.Next(wrong.Length)] : random.Next(1, 7);
        return new Deed(acts[random.Next(acts.Length)], random.Next(Members), random.Next(2), quantity);
    }

    private async Task DoAsync(Deed deed, Entrant member, Guid drawing)
    {
        var answers = deed.Act switch
        {
            Act.Buy => [await BuyAsync(null)],
            Act.BuyTwiceUnderOneKey => await BuyTwiceAsync(),
            Act.EnterFree => [await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/free-entry", null)],
            Act.Cancel => [await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/cancel", new { reason = "Rain" })],
            _ => new[] { await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/{(deed.Act == Act.Close ? "close" : "execute")}", null) },
        };
        foreach (var answer in answers)
        {
            // Every no is one that was meant.
            HttpStatusCode[] meant = [HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Forbidden, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity];
            Assert.True(meant.Contains(answer.StatusCode), $"{deed}: {answer.StatusCode}\n{string.Join('\n', fixture.Logs.Errors)}");
            answer.Dispose();
        }

        Task<HttpResponseMessage> BuyAsync(string? key) =>
            member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = deed.Quantity }, key is null ? [] : [("Idempotency-Key", key)]);

        async Task<HttpResponseMessage[]> BuyTwiceAsync()
        {
            var key = Guid.NewGuid().ToString();
            return await Task.WhenAll(BuyAsync(key), BuyAsync(key));
        }
    }

    /// <summary>Earned = balance + spent - refunded.</summary>
    private async Task AssertPointsAddUpAsync(Guid member)
    {
        await using var db = fixture.OpenDb();
        var moved = await db.Set<PointTransaction>().Where(t => t.UserId == member).GroupBy(t => t.Type).Select(g => new { g.Key, Sum = g.Sum(t => t.Amount) }).ToDictionaryAsync(g => g.Key, g => g.Sum, Ct);
        var (spent, refunded) = (-moved.GetValueOrDefault(PointTransactionType.Spend), moved.GetValueOrDefault(PointTransactionType.Refund));
        Assert.Equal(Points, await fixture.BalanceAsync(member) + spent - refunded);
        var paid = await db.Set<Ticket>().Where(t => t.UserId == member).SumAsync(t => (long)t.PricePaid, Ct);
        var called = await db.Set<Ticket>().Where(t => t.UserId == member && db.Set<Drawing>().Any(d => d.Id == t.DrawingId && d.Status == DrawingStatus.Cancelled)).SumAsync(t => (long)t.PricePaid, Ct);
        Assert.Equal((paid, called), (spent, refunded));
    }

    /// <summary>Tickets = paid + free, in the gates, with the entrants and, once closed, in the drawing and its numbers.</summary>
    private async Task AssertTicketsAddUpAsync(Guid id)
    {
        await using var db = fixture.OpenDb();
        var drawing = await db.Set<Drawing>().SingleAsync(d => d.Id == id, Ct);
        var tickets = await db.Set<Ticket>().Where(t => t.DrawingId == id).ToListAsync(Ct);
        var entrants = await db.Set<DrawingEntrant>().Where(e => e.DrawingId == id).ToListAsync(Ct);
        var (paid, free) = (tickets.Count(t => t.Kind == TicketKind.Paid), tickets.Count(t => t.Kind == TicketKind.Free));
        Assert.Equal((paid, free), (entrants.Sum(e => e.PaidTickets), entrants.Sum(e => e.FreeEntries)));
        Assert.Equal(tickets.Count, await db.Set<DrawingGate>().Where(g => g.DrawingId == id).SumAsync(g => g.Sold, Ct));
        Assert.All(entrants, e => Assert.True(e.PaidTickets <= drawing.MaxTicketsPerMember && e.FreeEntries <= drawing.FreeEntriesPerMember));
        if (drawing.Status is not (DrawingStatus.Closed or DrawingStatus.Completed)) return;
        Assert.Equal((paid, free), (drawing.PaidTickets!.Value, drawing.FreeTickets!.Value));
        Assert.Equal(Enumerable.Range(1, tickets.Count), await db.Set<NumberedTicket>().Where(n => n.DrawingId == id).Select(n => n.TicketNumber).Order().ToListAsync(Ct));
    }
}
