using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Syncing;

namespace FitTrack.Worker.Trackers;

/// <summary>Gives jobs to connections that have none, and forgets sign-ins that were never finished.</summary>
internal sealed class SyncUpkeepWorker(SyncRunner runner, IServiceScopeFactory scopes, TimeProvider clock, ILogger<SyncUpkeepWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        await runner.FillAsync(ct);
        await services.GetRequiredService<SignInStates>().ForgetEndedAsync(ct);
    }
}
