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

/// <summary>Reads what members have earned.</summary>
public sealed class PointsOverviews(FitTrackDbContext db, CompetitionCalendar calendar, IOptions<PointsOptions> options, TimeProvider clock)
{
    /// <summary>Days that a streak is looked back for.</summary>
    private const int LongestStreak = 400;

    public async Task<PointsOverview> OfAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        var balance = await db.Set<PointBalance>().AsNoTracking().SingleOrDefaultAsync(b => b.UserId == userId, ct);
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

    /// <summary>Days in a row with points, up to today or, while today has none yet, to yesterday.</summary>
    public async Task<int> StreakDaysAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        var days = (await db.Set<PointDay>().Where(d => d.UserId == userId && d.Total > 0 && d.CompetitionDay <= today)
            .OrderByDescending(d => d.CompetitionDay).Select(d => d.CompetitionDay).Take(LongestStreak).ToListAsync(ct)).ToHashSet();
        var streak = 0;
        for (var day = days.Contains(today) ? today : today.AddDays(-1); days.Contains(day); day = day.AddDays(-1))
            streak++;
        return streak;
    }
}
