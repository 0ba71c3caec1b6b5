using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Syncing;

namespace FitTrack.Worker.Trackers;

/// <summary>Gives jobs to connections that have none, forgets sign-ins that were never finished and the tokens of accounts whose provider has been told.</summary>
internal sealed class SyncUpkeepWorker(SyncRunner runner, IServiceScopeFactory scopes, TimeProvider clock, ILogger<SyncUpkeepWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        await runner.FillAsync(ct);
        await services.GetRequiredService<SignInStates>().ForgetEndedAsync(ct);
        await services.GetRequiredService<TrackerFarewell>().RemoveDoneAsync(ct);
    }
}
