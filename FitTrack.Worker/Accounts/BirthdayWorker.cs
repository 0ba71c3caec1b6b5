using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;

namespace FitTrack.Worker.Accounts;

/// <summary>Moves members into the tier of their age, at the start and after each competition midnight. Every instance may run it: a move happens once.</summary>
internal sealed partial class BirthdayWorker(IServiceScopeFactory scopes, CompetitionCalendar calendar, TimeProvider clock, ILogger<BirthdayWorker> logger)
    : PeriodicWorker(TimeSpan.FromMinutes(1), scopes, clock, logger)
{
    private DateOnly? _done;

    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var today = calendar.DayOf(Clock.GetUtcNow());
        if (_done == today)
            return;
        var moved = await services.GetRequiredService<MemberTiers>().RecomputeAllAsync(ct);
        _done = today;
        LogPass(logger, moved, today);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Tiers: {Moved} members moved on {Day}.")]
    private static partial void LogPass(ILogger logger, int moved, DateOnly day);
}
