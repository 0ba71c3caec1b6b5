using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;

namespace FitTrack.Worker.Leaderboards;

internal static class LeaderboardJobs
{
    public static IServiceCollection AddLeaderboardJobs(this IServiceCollection services) => services.AddHostedService<BadgeWorker>();
}

/// <summary>
/// Keeps badges as their rules say: every ten seconds for the members whose points changed, of whom the bus tells, and once a day, at
/// the start and after messages may have been lost for everybody who has points this week or the last. One instance does it.
/// </summary>
internal sealed partial class BadgeWorker : PeriodicWorker
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How long badges wait when the instance that gives them dies.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

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
            var leases = services.GetRequiredService<Leases>();
            if (await leases.TryAcquireAsync("badges", LeaseTime, ct) is not { } lease)
                return;
            var awards = services.GetRequiredService<BadgeAwards>();
            var some = _day == today ? changed : null;
            var badges = 0;
            IEnumerable<Guid> members = some is null ? await awards.RecentAsync(ct) : some;
            foreach (var chunk in members.Chunk(BadgeAwards.MembersAtOnce))
            {
                badges += await awards.RecomputeAsync(chunk, ct);
                // A pass over a million members takes longer than the lease.
                if (await leases.RenewAsync(lease, LeaseTime, ct) is null)
                    return;
            }

            if (some is null)
                badges += await awards.AwardWeeksAsync(ct);
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
