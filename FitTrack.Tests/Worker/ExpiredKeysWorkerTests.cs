using FitTrack.Core.Data;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Worker;

public sealed class ExpiredKeysWorkerTests(PostgresServer server) : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly LogRecorder _logs = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task RunPass_WhenKeysHaveExpired_RemovesThoseOnly()
    {
        await RememberAsync("old");
        _clock.Advance(TimeSpan.FromHours(23));
        await RememberAsync("young");
        _clock.Advance(TimeSpan.FromHours(1));
        await RunPassAsync(_database.ConnectionString);
        await using var db = _database.Open();
        Assert.Equal(["young"], await db.Set<IdempotencyKey>().Select(k => k.Key).ToListAsync());
        Assert.Contains(_logs.Lines, l => l.Text.StartsWith("Idempotency keys: 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunPass_WhenTheDatabaseIsDown_SaysSoAndGoesOn()
    {
        await RunPassAsync("Host=127.0.0.1;Port=9;Username=none;Database=none;Timeout=2");
        Assert.Single(_logs.Errors, line => line.StartsWith("ExpiredKeysWorker could not do its work", StringComparison.Ordinal));
    }

    private async Task RememberAsync(string key)
    {
        await using var db = _database.Open();
        db.Remember(new IdempotentRequest(Guid.NewGuid(), key, Idempotency.Hash(key)), 201, new { key }, location: null, _clock.Now);
        await db.SaveChangesAsync();
    }

    private async Task RunPassAsync(string connectionString)
    {
        await using var services = new ServiceCollection().AddDbContext<FitTrackDbContext>(o => o.UseNpgsql(connectionString)).BuildServiceProvider();
        using var loggers = new LoggerFactory([_logs]);
        using var worker = new ExpiredKeysWorker(services.GetRequiredService<IServiceScopeFactory>(), _clock, loggers.CreateLogger<ExpiredKeysWorker>());
        await worker.RunPassAsync(CancellationToken.None);
    }
}
