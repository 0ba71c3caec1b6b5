using FitTrack.Core.Points;

namespace FitTrack.Worker.Points;

internal static class PointJobs
{
    public static IServiceCollection AddPointJobs(this IServiceCollection services) => services.AddHostedService<LedgerRootWorker>();
}

/// <summary>Publishes the ledger's root of each day that is over. Any number of workers may try: the day is a key.</summary>
internal sealed partial class LedgerRootWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<LedgerRootWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
                await PublishAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure; the next start publishes what is missing.
        }
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var day in await scope.ServiceProvider.GetRequiredService<LedgerRoots>().PublishAsync(ct))
                Published(logger, day);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Failed(logger, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "The ledger's root of {Day} is published")]
    private static partial void Published(ILogger logger, DateOnly day);

    [LoggerMessage(LogLevel.Error, "The ledger's root could not be published; it is tried again")]
    private static partial void Failed(ILogger logger, Exception exception);
}
