using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Data.Messaging;

/// <summary>Claiming, shown on the webhook messages.</summary>
public sealed class LeasedWorkTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        await using var db = _database.Open();
        for (var i = 0; i < 20; i++)
            db.Add(WebhookMessage.Receive(TrackerService.Terra, $"delivery-{i:00}", "daily", null, "{}", null, _clock.Now));
        await db.SaveChangesAsync(Ct);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task ClaimAsync_WhenRowsAreDue_TakesTheFirstOfThemOnce()
    {
        var first = await ClaimAsync(5);
        var second = await ClaimAsync(5);

        Assert.Equal(["delivery-00", "delivery-01", "delivery-02", "delivery-03", "delivery-04"], first.Select(m => m.DeliveryId).Order());
        Assert.Equal(5, second.Count);
        Assert.Empty(first.Select(m => m.Id).Intersect(second.Select(m => m.Id)));
        Assert.All(first, m => Assert.Equal(1, m.Fencing));
    }

    [Fact]
    public async Task ClaimAsync_WhenManyClaimAtOnce_GivesNoRowTwice()
    {
        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ClaimAsync(7)));

        var ids = claimed.SelectMany(c => c).Select(m => m.Id).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task ClaimAsync_WhenTheLeaseRanOut_GivesTheRowToAnotherUnderANewNumber()
    {
        var slow = Assert.Single(await ClaimAsync(1));
        _clock.Advance(2 * Minute);
        var quick = Assert.Single(await ClaimAsync(1));

        Assert.Equal(slow.Id, quick.Id);
        Assert.Equal(0, await FinishAsync(slow));
        Assert.Equal(1, await FinishAsync(quick));
    }

    [Fact]
    public async Task ClaimAsync_WhenNothingIsDue_ReturnsNothing()
    {
        await ClaimAsync(100);

        Assert.Empty(await ClaimAsync(100));
    }

    [Fact]
    public async Task ClaimAsync_WhenThePickedRowWasFinishedMeanwhile_LeavesItAlone()
    {
        await using var db = _database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        await db.Set<WebhookMessage>().ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, WebhookStatus.Processed), Ct);
        var claiming = ClaimAsync(1);
        await Until.HoldsAsync("the claim that waits for the row", () => WaitsForMeAsync(db));
        await transaction.CommitAsync(Ct);

        Assert.Empty(await claiming);
    }

    private async Task<List<WebhookMessage>> ClaimAsync(int max)
    {
        await using var db = _database.Open();
        return await db.ClaimAsync(db.Set<WebhookMessage>().Where(m => m.Status == WebhookStatus.Pending), all => all.OrderBy(m => m.DeliveryId), max, new InstanceId(), _clock.Now, Minute, Ct);
    }

    /// <summary>Whether another transaction waits for this one's rows.</summary>
    private static Task<bool> WaitsForMeAsync(FitTrackDbContext db) => db.Database
        .SqlQuery<bool>($"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid) AS \"Value\"").SingleAsync(Ct);

    private async Task<int> FinishAsync(WebhookMessage claimed)
    {
        await using var db = _database.Open();
        return await db.Set<WebhookMessage>().StillHeld(claimed).ExecuteUpdateAsync(set => set.SetProperty(m => m.Status, WebhookStatus.Processed), Ct);
    }
}
