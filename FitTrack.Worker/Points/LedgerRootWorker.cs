using FitTrack.Core.Points;

namespace FitTrack.Worker.Points;

internal static class PointJobs
{
    public static IServiceCollection AddPointJobs(this IServiceCollection services) => services.AddHostedService<LedgerRootWorker>();
}

/// <summary>Publishes the ledger's root of each day that is over. Any number of workers may try: the day is a key.</summary>
internal sealed partial class LedgerRootWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<LedgerRootWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(30), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        foreach (var day in await services.GetRequiredService<LedgerRoots>().PublishAsync(ct))
            Published(logger, day);
    }

    [LoggerMessage(LogLevel.Information, "The ledger's root of {Day} is published")]
    private static partial void Published(ILogger logger, DateOnly day);
}
