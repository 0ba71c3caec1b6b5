using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Drawings.Running;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>The gate of domain section 5: members buy while sales close, thousands of times.</summary>
public sealed class BuyAndCloseTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private const int Buyers = 12;
    private const int Limit = 40;

    /// <summary>Drawings that are sold and closed side by side.</summary>
    private const int AtOnce = 4;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Buy_WhileSalesClose_LeavesEveryTicketNumberedAndEveryLimitKept() => RunAsync(12);

    [Fact, Trait("Category", "Chaos")]
    public Task Buy_WhileSalesCloseTwoHundredTimes_LeavesEveryTicketNumberedAndEveryLimitKept() => RunAsync(200);

    private async Task RunAsync(int drawings)
    {
        var buyers = await Task.WhenAll(Enumerable.Range(0, Buyers * AtOnce).Select(_ => fixture.NewMemberAsync(points: 100_000_000)));
        var free = new System.Collections.Concurrent.ConcurrentBag<Entrant[]>(buyers.Chunk(Buyers));
        var random = new Random(drawings);
        var rounds = Enumerable.Range(0, drawings).Select(_ => random.Next(Buyers, Buyers * 5)).ToList();
        await Parallel.ForEachAsync(rounds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct }, async (closeAfter, _) =>
        {
            Assert.True(free.TryTake(out var some));
            await SellAndCloseAsync(some, closeAfter);
            free.Add(some);
        });
        foreach (var buyer in buyers) buyer.Dispose();
    }

    private async Task SellAndCloseAsync(Entrant[] buyers, int closeAfter)
    {
        var id = await fixture.NewDrawingAsync(changes: ("maxTicketsPerMember", Limit));
        var sold = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bought = Task.WhenAll(buyers.Select(async (buyer, i) =>
        {
            var mine = 0;
            // One after the other until the gate is shut, or the limit is reached.
            for (var quantity = 1; ; quantity = (quantity % 3) + 1)
            {
                var outcome = await BuyAsync(id, buyer.Id, quantity);
                if (outcome is not EntryOutcome.Entered) return (Mine: mine, Last: outcome, Quantity: quantity);
                mine += quantity;
                if (Interlocked.Add(ref sold, quantity) >= closeAfter) enough.TrySetResult();
            }
        }));
        await Task.WhenAny(enough.Task, bought);
        await using (var scope = fixture.Factory.NewScope())
            Assert.IsType<StepOutcome.Done>(await scope.ServiceProvider.GetRequiredService<CloseDrawing>().ExecuteAsync(new StepRequest(id, Actor.System), Ct));

        Assert.All(await bought, b => Assert.True(b.Last is EntryOutcome.Refused || (b.Last is EntryOutcome.LimitReached && b.Mine + b.Quantity > Limit), $"{b}"));
        await AssertExactAsync(id, buyers.Zip(await bought).ToDictionary(p => p.First.Id, p => p.Second.Mine));
    }

    private async Task<EntryOutcome> BuyAsync(Guid drawing, Guid member, int quantity)
    {
        await using var scope = fixture.Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<EnterDrawing>().BuyAsync(drawing, member, quantity, null, Ct);
    }

    private async Task AssertExactAsync(Guid id, Dictionary<Guid, int> bought)
    {
        await using var db = fixture.OpenDb();
        var drawing = await db.Set<Drawing>().SingleAsync(d => d.Id == id, Ct);
        Assert.Equal((DrawingStatus.Closed, (long)bought.Values.Sum(), 0L), (drawing.Status, drawing.PaidTickets!.Value, drawing.FreeTickets!.Value));
        var tickets = await db.Set<Ticket>().Where(t => t.DrawingId == id).OrderBy(t => t.PurchasedAt).ThenBy(t => t.Id).ToListAsync(Ct);
        Assert.Equal(bought.Where(b => b.Value > 0).OrderBy(b => b.Key), tickets.GroupBy(t => t.UserId).Select(g => KeyValuePair.Create(g.Key, g.Count())).OrderBy(b => b.Key));
        Assert.All(bought.Values, mine => Assert.InRange(mine, 0, Limit));
        var entrants = await db.Set<DrawingEntrant>().Where(e => e.DrawingId == id).ToListAsync(Ct);
        Assert.All(entrants, e => Assert.Equal((bought[e.UserId], 0), (e.PaidTickets, e.FreeEntries)));
        Assert.Equal(tickets.Count, await db.Set<DrawingGate>().Where(g => g.DrawingId == id).SumAsync(g => g.Sold, Ct));
        var numbers = await db.Set<NumberedTicket>().Where(n => n.DrawingId == id).OrderBy(n => n.TicketNumber).ToListAsync(Ct);
        Assert.Equal(Enumerable.Range(1, tickets.Count), numbers.Select(n => n.TicketNumber));
        Assert.Equal(tickets.Select(t => t.Id).Order(), numbers.Select(n => n.TicketId).Order());
    }
}
