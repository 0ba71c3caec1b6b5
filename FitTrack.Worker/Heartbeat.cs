using FitTrack.Core.Messaging;

namespace FitTrack.Worker;

internal static class HeartbeatRegistration
{
    public static IServiceCollection AddHeartbeat(this IServiceCollection services) => services.AddHostedService<Heartbeat>();
}

/// <summary>Tells the others that this worker runs and, as metrics, how long the queues are.</summary>
internal sealed partial class Heartbeat(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Heartbeat> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Heartbeats>().EndAsync(cancellationToken);
        }
        catch (Exception e)
        {
            LogMissed(logger, e);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Heartbeats.Interval, clock);
        try
        {
            do
                await BeatAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger);
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Heartbeats>().BeatAsync(ct);
            await scope.ServiceProvider.GetRequiredService<QueueLengths>().MeasureAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogMissed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign of life could not be written; the next one is tried in its turn.")]
    private static partial void LogMissed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "No more signs of life: the worker stops.")]
    private static partial void LogStopped(ILogger logger);
}
