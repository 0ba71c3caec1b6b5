using FitTrack.Core.Data;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>Shown on the webhook messages, which refer to nothing.</summary>
public sealed class BulkSaveTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task SaveAsync_WhenRowsAreNewAndChanged_StoresThemAsSaveChangesWould()
    {
        await using (var db = _database.Open())
        {
            db.AddRange(Message("one", "7f3", _clock.Now), Message("two", null, null));
            await SaveAsync(db);
            Assert.DoesNotContain(db.ChangeTracker.Entries(), e => e.State != EntityState.Unchanged);

            var first = db.Set<WebhookMessage>().Local.Single(m => m.DeliveryId == "one");
            db.Entry(first).Property(m => m.Error).CurrentValue = "It's {0}, and NULL";
            db.Entry(first).Property(m => m.Status).CurrentValue = WebhookStatus.Failed;
            db.Entry(first).Property(m => m.ProcessedAt).CurrentValue = _clock.Now;
            db.Add(Message("three", "", null));
            await SaveAsync(db);
        }

        await using var fresh = _database.Open();
        var stored = await fresh.Set<WebhookMessage>().OrderBy(m => m.Id).Select(m => new { m.DeliveryId, m.ExternalUserId, m.OrderedAt, m.Status, m.Error, m.ProcessedAt, m.LeaseUntil }).ToListAsync(Ct);
        Assert.Equal(
            [("one", "7f3", _clock.Now, WebhookStatus.Failed, "It's {0}, and NULL", _clock.Now), ("three", "", null, WebhookStatus.Pending, null, null), ("two", null, null, WebhookStatus.Pending, null, null)],
            stored.OrderBy(s => s.DeliveryId, StringComparer.Ordinal).Select(s => (s.DeliveryId, s.ExternalUserId, s.OrderedAt, s.Status, s.Error, s.ProcessedAt)));
    }

    [Fact]
    public async Task SaveAsync_WhenAValueIsTooLong_IsRefusedAndNotCutOff()
    {
        await using var db = _database.Open();
        db.Add(Message(new string('x', WebhookMessage.MaxDeliveryId + 1), null, null));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => SaveAsync(db));
        Assert.Equal(PostgresErrorCodes.StringDataRightTruncation, refused.SqlState);
    }

    [Fact]
    public async Task SaveAsync_WhenAChangedRowIsGone_IsALostRace()
    {
        await using var db = _database.Open();
        var message = db.Add(Message("one", null, null)).Entity;
        await SaveAsync(db);
        await using (var other = _database.Open())
            await other.Set<WebhookMessage>().ExecuteDeleteAsync(Ct);

        db.Entry(message).Property(m => m.Error).CurrentValue = "late";
        Assert.True(DbErrors.IsLostRace(await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => SaveAsync(db))));
    }

    private static async Task SaveAsync(FitTrackDbContext db)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        await BulkSave.SaveAsync(db, Ct);
        await transaction.CommitAsync(Ct);
    }

    private WebhookMessage Message(string delivery, string? account, DateTimeOffset? orderedAt) =>
        WebhookMessage.Receive(TrackerService.Terra, delivery, "daily", account, "{}", orderedAt, _clock.Now);
}
