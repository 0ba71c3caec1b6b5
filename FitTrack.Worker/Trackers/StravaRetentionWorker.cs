using FitTrack.Core.Trackers.Strava;

namespace FitTrack.Worker.Trackers;

/// <summary>Deletes what Strava's terms do not let us keep. Any number of workers may try: there is nothing to lose.</summary>
internal sealed partial class StravaRetentionWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<StravaRetentionWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(12), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var forgotten = await services.GetRequiredService<StravaRetention>().RunAsync(ct);
        if (forgotten > 0)
            LogPass(logger, forgotten);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Strava: the content of {Forgotten} activities was deleted, as its terms ask.")]
    private static partial void LogPass(ILogger logger, int forgotten);
}
