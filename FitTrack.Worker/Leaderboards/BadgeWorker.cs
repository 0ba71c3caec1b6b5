using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;

namespace FitTrack.Worker.Leaderboards;

internal static class LeaderboardJobs
{
    public static IServiceCollection AddLeaderboardJobs(this IServiceCollection services) => services.AddHostedService<BadgeWorker>();
}

/// <summary>
/// Keeps badges as their rules say: every minute for the members whose points changed, of whom the bus tells, and once a day, at
/// the start and after messages may have been lost for everybody who has points this week or the last. One instance does it.
/// </summary>
internal sealed partial class BadgeWorker : PeriodicWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly CompetitionCalendar _calendar;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;
    private readonly Lock _gate = new();

    /// <summary>Null means everybody.</summary>
    private HashSet<Guid>? _changed;
    private DateOnly _day;

    public BadgeWorker(IServiceScopeFactory scopes, IMessageBus bus, CompetitionCalendar calendar, TimeProvider clock, ILogger<BadgeWorker> logger)
        : base(Interval, scopes, clock, logger)
    {
        (_calendar, _logger) = (calendar, logger);
        _subscription = bus.Subscribe(BusTopics.Score, Remember, () => Take(next: null));
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task WorkAsync(IServiceProvider services, CancellationToken ct)
    {
        var today = _calendar.DayOf(Clock.GetUtcNow());
        var changed = Take(next: []);
        var isDone = false;
        try
        {
            if (await services.GetRequiredService<Leases>().TryAcquireAsync("badges", 5 * Interval, ct) is null)
                return;
            var awards = services.GetRequiredService<BadgeAwards>();
            var badges = changed is not null && _day == today ? await awards.RecomputeAsync(changed, ct) : await awards.RecomputeRecentAsync(ct);
            if (badges > 0)
                LogPass(_logger, badges);
            (_day, isDone) = (today, true);
        }
        finally
        {
            // Those who were told of are forgotten by now.
            if (!isDone)
                Take(next: null);
        }
    }

    private void Remember(string member)
    {
        lock (_gate)
            _changed?.Add(Guid.Parse(member));
    }

    private HashSet<Guid>? Take(HashSet<Guid>? next)
    {
        lock (_gate)
        {
            var taken = _changed;
            _changed = next;
            return taken;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Badges: {Badges} given, moved or taken back.")]
    private static partial void LogPass(ILogger logger, int badges);
}
