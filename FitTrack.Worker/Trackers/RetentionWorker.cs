using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Strava;

namespace FitTrack.Worker.Trackers;

/// <summary>Deletes what Strava's terms do not let us keep, and providers' messages that were read long ago. Any number of workers may try: there is nothing to lose.</summary>
internal sealed partial class RetentionWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RetentionWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(12), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var forgotten = await services.GetRequiredService<StravaRetention>().RunAsync(ct);
        var messages = await services.GetRequiredService<WebhookInbox>().RemoveOldAsync(ct);
        if (forgotten + messages > 0)
            LogPass(logger, forgotten, messages);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Strava: the content of {Forgotten} activities was deleted, as its terms ask. {Messages} messages of providers were too old to keep.")]
    private static partial void LogPass(ILogger logger, int forgotten, int messages);
}
