using FitTrack.Core.Data;

namespace FitTrack.Worker.Data;

/// <summary>Removes idempotency keys whose day is over. Any number of workers may try: there is nothing to lose.</summary>
internal sealed partial class ExpiredKeysWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ExpiredKeysWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        LogPass(logger, await services.GetRequiredService<FitTrackDbContext>().ForgetExpiredAsync(Clock.Now(), ct));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Idempotency keys: {Removed} expired ones removed.")]
    private static partial void LogPass(ILogger logger, int removed);
}
