using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;

namespace FitTrack.Worker.Accounts;

/// <summary>Moves members into the tier of their age, at the start and after each competition midnight. Every instance may run it: a move happens once.</summary>
internal sealed partial class BirthdayWorker(IServiceScopeFactory scopes, CompetitionCalendar calendar, TimeProvider clock, ILogger<BirthdayWorker> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private DateOnly? _done;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BetweenLooks, clock);
        try
        {
            do
                await RunIfDueAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure.
        }
    }

    private async Task RunIfDueAsync(CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        if (_done == today)
            return;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var moved = await scope.ServiceProvider.GetRequiredService<MemberTiers>().RecomputeAllAsync(ct);
            _done = today;
            LogPass(logger, moved, today);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tiers: {Moved} members moved on {Day}.")]
    private static partial void LogPass(ILogger logger, int moved, DateOnly day);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tiers could not be recomputed; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
