using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Points;

/// <summary>A member's points at a glance.</summary>
/// <param name="Balance">Points that can be spent.</param>
/// <param name="EarnedTotal">Ever earned by activity, corrections included.</param>
/// <param name="EarnedToday">Of the competition day that runs.</param>
/// <param name="RemainingToday">Left of today's cap.</param>
public sealed record PointsOverview(long Balance, long EarnedTotal, int EarnedToday, int RemainingToday);

/// <summary>One day, or a stretch of days, in what counted for points.</summary>
public sealed record ScoredPeriod(DateOnly Start, long Steps, long ActiveSeconds, int Points);

/// <summary>A competition day on which a member earned points.</summary>
/// <param name="Day">The day.</param>
/// <param name="Points">At least 1.</param>
/// <param name="Steps">Steps that counted, before the day's limit.</param>
/// <param name="Workouts">Workouts long enough for the bonus, before the day's limit.</param>
public sealed record ScoredDay(DateOnly Day, int Points, long Steps, int Workouts);

/// <summary>What one competition day has earned so far, corrections included.</summary>
/// <param name="Day">The day.</param>
/// <param name="TierCode">Whose rates the day has: those at its midnight.</param>
/// <param name="Steps">Steps that counted.</param>
/// <param name="ActiveMinutes">Whole minutes that counted.</param>
/// <param name="Points">The day's points.</param>
public sealed record EarnedDay(DateOnly Day, string TierCode, long Steps, long ActiveMinutes, int Points);

/// <summary>A member's points, how long they have kept going, and their last days that earned, the newest first.</summary>
public sealed record RecentPoints(DateOnly Today, PointsOverview Points, Streak Streak, IReadOnlyList<EarnedDay> Days);

/// <summary>A competition day of all members together.</summary>
/// <param name="Day">The day.</param>
/// <param name="Members">Who earned points.</param>
/// <param name="Points">What they earned.</param>
public sealed record DayOfAll(DateOnly Day, int Members, long Points);

/// <summary>Reads what members have earned.</summary>
public sealed class PointsOverviews(FitTrackDbContext db, CompetitionCalendar calendar, IOptions<PointsOptions> options, TimeProvider clock)
{
    private const int MostDays = 100;

    // First pages are asked for most: translating these two each time would cost more than running them.
    private static readonly Func<FitTrackDbContext, Guid, CancellationToken, Task<PointBalance?>> BalanceOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid userId, CancellationToken ct) => db.Set<PointBalance>().AsNoTracking().SingleOrDefault(b => b.UserId == userId));

    private static readonly Func<FitTrackDbContext, Guid, IAsyncEnumerable<EarnedDay>> LastDaysOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid userId) => db.Set<PointDay>().Where(d => d.UserId == userId).OrderByDescending(d => d.CompetitionDay).Take(MostDays)
            .Select(d => new EarnedDay(d.CompetitionDay, d.TierCode, d.Steps, (d.LightSeconds + d.ModerateSeconds + d.VigorousSeconds) / 60, d.Total)));

    public async Task<PointsOverview> OfAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        var balance = await BalanceOf(db, userId, ct);
        var earned = await db.Set<PointDay>().Where(d => d.UserId == userId && d.CompetitionDay == today).Select(d => d.Total).SingleOrDefaultAsync(ct);
        return new PointsOverview(balance?.Balance ?? 0, balance?.EarnedTotal ?? 0, earned, Math.Max(0, options.Value.RatesOn(today).PointsPerDay - earned));
    }

    /// <summary>What counted from each of the given days up to today.</summary>
    public async Task<IReadOnlyList<ScoredPeriod>> SinceAsync(Guid userId, IReadOnlyCollection<DateOnly> starts, CancellationToken ct)
    {
        var first = starts.Min();
        var days = await db.Set<PointDay>().AsNoTracking().Where(d => d.UserId == userId && d.CompetitionDay >= first).ToListAsync(ct);
        return [.. starts.Select(start =>
        {
            var within = days.FindAll(d => d.CompetitionDay >= start);
            return new ScoredPeriod(start, within.Sum(d => d.Steps), within.Sum(d => d.LightSeconds + d.ModerateSeconds + d.VigorousSeconds), within.Sum(d => d.Total));
        })];
    }

    /// <summary>The last days that earned, the newest first.</summary>
    public async Task<IReadOnlyList<EarnedDay>> DaysAsync(Guid userId, CancellationToken ct) => await LastDaysOf(db, userId).ToListAsync(ct);

    /// <summary>All that a first page shows, from few reads.</summary>
    public async Task<RecentPoints> RecentAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        var balance = await BalanceOf(db, userId, ct);
        var days = await DaysAsync(userId, ct);
        var earned = days.FirstOrDefault(d => d.Day == today)?.Points ?? 0;
        var points = new PointsOverview(balance?.Balance ?? 0, balance?.EarnedTotal ?? 0, earned, Math.Max(0, options.Value.RatesOn(today).PointsPerDay - earned));
        var streak = days.Count < MostDays ? Streak.Of([.. days.Where(d => d.Points > 0).Select(d => d.Day).Reverse()], today, options.Value) : await StreakAsync(userId, ct);
        return new RecentPoints(today, points, streak, days);
    }

    /// <summary>How long a member has kept going.</summary>
    public async Task<Streak> StreakAsync(Guid userId, CancellationToken ct)
    {
        var days = await db.Set<PointDay>().Where(d => d.UserId == userId && d.Total > 0).OrderBy(d => d.CompetitionDay).Select(d => d.CompetitionDay).ToListAsync(ct);
        return Streak.Of(days, calendar.DayOf(clock.GetUtcNow()), options.Value);
    }

    /// <summary>The days with points of each of the members that have any, the first day first.</summary>
    /// <param name="members">At most 1,000.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<Dictionary<Guid, List<ScoredDay>>> DaysOfAsync(IReadOnlyCollection<Guid> members, CancellationToken ct)
    {
        var days = await db.Set<PointDay>().Where(d => members.Contains(d.UserId) && d.Total > 0).OrderBy(d => d.UserId).ThenBy(d => d.CompetitionDay)
            .Select(d => new { d.UserId, Day = new ScoredDay(d.CompetitionDay, d.Total, d.Steps, d.Bonuses) }).ToListAsync(ct);
        return days.GroupBy(d => d.UserId).ToDictionary(g => g.Key, g => g.Select(d => d.Day).ToList());
    }

    /// <summary>The last days up to today, the first one first, those without points included.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<List<DayOfAll>> LastDaysAsync(int count, CancellationToken ct)
    {
        var first = calendar.DayOf(clock.GetUtcNow()).AddDays(1 - count);
        var days = await db.Set<PointDay>().Where(d => d.CompetitionDay >= first && d.Total > 0).GroupBy(d => d.CompetitionDay)
            .Select(g => new { Day = g.Key, Members = g.Count(), Points = g.Sum(d => (long)d.Total) }).ToDictionaryAsync(g => g.Day, ct);
        return [.. Enumerable.Range(0, count).Select(first.AddDays).Select(day => days.TryGetValue(day, out var all) ? new DayOfAll(day, all.Members, all.Points) : new DayOfAll(day, 0, 0))];
    }
}
