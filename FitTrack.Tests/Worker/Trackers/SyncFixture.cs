using FitTrack.Tests.Fixtures;

namespace FitTrack.Tests.Worker.Trackers;

/// <summary>Terra is scripted, Strava and Hevy are simulated.</summary>
public class SyncFixture(PostgresServer server, SimulatorServer simulators) : TrackersFixture(server, simulators)
{
    private TerraSender? _sender;

    public ScriptedTerra Terra { get; } = new();

    public TerraSender Sender => _sender ??= new TerraSender(this);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Terra.StartAsync();
        Set("Terra:BaseUrl", Terra.Server.Url.AbsoluteUri);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Terra.DisposeAsync();
        await base.DisposeAsync();
    }
}
