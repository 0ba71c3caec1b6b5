namespace FitTrack.Worker;

/// <summary>Does its work at the start and then at intervals; a pass that fails is logged and tried again with the next.</summary>
/// <param name="every">From one pass to the next.</param>
internal abstract partial class PeriodicWorker(TimeSpan every, IServiceScopeFactory scopes, TimeProvider clock, ILogger logger) : BackgroundService
{
    protected TimeProvider Clock => clock;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        try
        {
            do
                await RunPassAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
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
            await WorkAsync(scope.ServiceProvider, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, GetType().Name, e);
        }
    }

    /// <summary>One pass, with services of its own.</summary>
    protected abstract Task WorkAsync(IServiceProvider services, CancellationToken ct);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Worker} could not do its work; it is tried again.")]
    private static partial void LogFailed(ILogger logger, string worker, Exception exception);
}
