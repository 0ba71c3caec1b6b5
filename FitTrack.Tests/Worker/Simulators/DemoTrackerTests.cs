using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Simulators;

/// <summary>The demo's members at the simulated providers, as after a start in Development.</summary>
public sealed class DemoTrackerTests(DemoTrackersFixture api) : IClassFixture<DemoTrackersFixture>
{
    [Fact]
    public async Task Demo_WhenSynchronised_StaysConnected()
    {
        var ct = TestContext.Current.CancellationToken;
        await using (var scope = api.Factory.NewScope())
            await scope.ServiceProvider.GetRequiredService<DemoSeeder>().RunAsync(new SeedOptions(DemoTrackersFixture.Members, Activities: 0, Drawings: 0), progress: null, ct);

        for (var round = 0; round < 2; round++)
        {
            await api.SyncAsync();

            await using var db = api.OpenDb();
            var connections = await db.Set<ProviderConnection>().Where(c => c.Service != TrackerService.Google).ToListAsync(ct);
            Assert.Equal((7, 1, 1), (connections.Count(c => c.Service == TrackerService.Terra), connections.Count(c => c.Provider == "strava"), connections.Count(c => c.Provider == "hevy")));
            Assert.All(connections, c => Assert.Equal((ConnectionStatus.Connected, null, api.Clock.Now), (c.Status, c.LastError, c.LastSyncAt)));
            api.Clock.Advance(TimeSpan.FromHours(7)); // Strava's access ends after six
        }
    }
}

/// <summary>Simulators that know the first members of the demo: one is at Strava, one at Hevy, all are at Terra.</summary>
public sealed class DemoTrackersFixture(PostgresServer server, SimulatorServer simulators) : TrackersFixture(server, simulators)
{
    public const int Members = 7;

    protected override int DemoUsers => Members;
}
