using FitTrack.Core.Activities;

namespace FitTrack.Worker.Activities;

/// <summary>Puts what lies far above its tier before an administrator, every hour.</summary>
internal sealed partial class PlausibilityWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<PlausibilityWorker> logger)
    : PeriodicWorker(TimeSpan.FromHours(1), scopes, clock, logger)
{
    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        if (await services.GetRequiredService<Plausibility>().OpenReviewsAsync(ct) is > 0 and var opened)
            Opened(logger, opened);
    }

    [LoggerMessage(LogLevel.Information, "Plausibility: {Reviews} reviews opened")]
    private static partial void Opened(ILogger logger, int reviews);
}
