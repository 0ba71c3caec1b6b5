using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Data.Messaging;

public sealed class LeasesTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();
    private readonly InstanceId _one = new();
    private readonly InstanceId _two = new();
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task TryAcquireAsync_WhenHeldByAnother_ReturnsNullUntilItExpires()
    {
        var first = await AcquireAsync(_one);
        Assert.NotNull(first);
        Assert.Null(await AcquireAsync(_two));

        _clock.Advance(Minute + TimeSpan.FromMicroseconds(1));
        var second = await AcquireAsync(_two);

        Assert.NotNull(second);
        Assert.True(second.Fencing > first.Fencing);
    }

    [Fact]
    public async Task TryAcquireAsync_WhenReleased_IsFreeAtOnce()
    {
        var first = await AcquireAsync(_one);
        await using (var db = _database.Open())
            await new Leases(db, _one, _clock).ReleaseAsync(first!, Ct);

        Assert.NotNull(await AcquireAsync(_two));
    }

    [Fact]
    public async Task TryAcquireAsync_WhenManyTryAtOnce_OneGetsIt()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AcquireAsync(new InstanceId())));

        Assert.Single(grants, g => g is not null);
    }

    [Fact]
    public async Task RenewAsync_WhenTakenOver_ReturnsNull()
    {
        var first = await AcquireAsync(_one);
        _clock.Advance(2 * Minute);
        await AcquireAsync(_two);

        await using var db = _database.Open();

        Assert.Null(await new Leases(db, _one, _clock).RenewAsync(first!, Minute, Ct));
    }

    [Fact]
    public async Task RenewAsync_WhenStillHeld_KeepsOthersOut()
    {
        var grant = await AcquireAsync(_one);
        _clock.Advance(0.5 * Minute);
        await using var db = _database.Open();
        grant = await new Leases(db, _one, _clock).RenewAsync(grant!, Minute, Ct);
        _clock.Advance(0.9 * Minute);

        Assert.NotNull(grant);
        Assert.Null(await AcquireAsync(_two));
    }

    [Fact]
    public async Task ConfirmAsync_WhenTakenOverWhileAsleep_IsFalse()
    {
        var asleep = await AcquireAsync(_one);
        _clock.Advance(2 * Minute);
        var awake = await AcquireAsync(_two);
        await using var db = _database.Open();

        Assert.False(await new Leases(db, _one, _clock).ConfirmAsync(asleep!, Ct));
        Assert.True(await new Leases(db, _two, _clock).ConfirmAsync(awake!, Ct));
    }

    private async Task<LeaseGrant?> AcquireAsync(InstanceId who)
    {
        await using var db = _database.Open();
        return await new Leases(db, who, _clock).TryAcquireAsync("job", Minute, Ct);
    }
}
