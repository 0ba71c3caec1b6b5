using FitTrack.Core.Activities;
using FitTrack.Core.Messaging;

namespace FitTrack.Worker.Activities;

internal static class ActivityJobs
{
    public static IServiceCollection AddActivityJobs(this IServiceCollection services) => services.AddHostedService<WaitingActivitiesWorker>().AddHostedService<PlausibilityWorker>();
}

/// <summary>Scores what waited for a profile: when the bus tells of a changed member, and every minute.</summary>
internal sealed partial class WaitingActivitiesWorker(WaitingActivities waiting, IMessageBus bus, TimeProvider clock, ILogger<WaitingActivitiesWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _woken = new(1, 1);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = bus.Subscribe(BusTopics.Member, _ => Wake(), Wake);
        using var timer = clock.CreateTimer(_ => Wake(), null, Interval, Interval);
        try
        {
            while (true)
            {
                await _woken.WaitAsync(stoppingToken);
                await PassAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure; the next start takes up what is left.
        }
    }

    private async Task PassAsync(CancellationToken ct)
    {
        try
        {
            if (await waiting.ScoreAsync(ct) is > 0 and var scored)
                Scored(logger, scored);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Failed(logger, e);
        }
    }

    private void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // A pass is due already.
        }
    }

    [LoggerMessage(LogLevel.Information, "{Activities} activities no longer wait for a profile")]
    private static partial void Scored(ILogger logger, int activities);

    [LoggerMessage(LogLevel.Error, "What waits for a profile could not be looked at; it is tried again")]
    private static partial void Failed(ILogger logger, Exception exception);
}
