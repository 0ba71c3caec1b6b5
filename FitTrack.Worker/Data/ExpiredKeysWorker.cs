using FitTrack.Core.Data;

namespace FitTrack.Worker.Data;

/// <summary>Removes idempotency keys whose day is over. Any number of workers may try: there is nothing to lose.</summary>
internal sealed partial class ExpiredKeysWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ExpiredKeysWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RunPassAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure.
        }
    }

    internal async Task RunPassAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var removed = await scope.ServiceProvider.GetRequiredService<FitTrackDbContext>().ForgetExpiredAsync(clock.Now(), ct);
            LogPass(logger, removed);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Idempotency keys: {Removed} expired ones removed.")]
    private static partial void LogPass(ILogger logger, int removed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired idempotency keys could not be removed; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
