using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>What a member did since a day, and what it earned.</summary>
/// <param name="Start">The first day.</param>
/// <param name="Steps">Steps that counted.</param>
/// <param name="ActiveMinutes">Whole minutes that counted, workouts included.</param>
/// <param name="Workouts">Workouts in the log, scoring or not.</param>
/// <param name="Points">Earned.</param>
public sealed record PeriodSummary(DateOnly Start, long Steps, long ActiveMinutes, int Workouts, int Points);

/// <summary>A member's day, week and month.</summary>
public sealed record ActivitySummary(PeriodSummary Today, PeriodSummary ThisWeek, PeriodSummary ThisMonth, int PointsRemaining, Streak Streak);

/// <summary>Sums a member's running day, week and month.</summary>
public sealed class ActivitySummaries(FitTrackDbContext db, PointsOverviews points, CompetitionCalendar calendar, TimeProvider clock)
{
    private static readonly Func<FitTrackDbContext, Guid, int, IAsyncEnumerable<Activity>> LatestOf = EF.CompileAsyncQuery((FitTrackDbContext db, Guid userId, int count) =>
        db.Set<Activity>().AsNoTracking().Where(a => a.UserId == userId && a.HiddenAt == null).OrderByDescending(a => a.StartedAt).ThenBy(a => a.Id).Take(count));

    /// <summary>What a member did last, without what they took out of their log.</summary>
    public ValueTask<List<Activity>> LatestAsync(Guid userId, int count, CancellationToken ct) => LatestOf(db, userId, count).ToListAsync(ct);

    public async Task<ActivitySummary> OfAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.GetUtcNow());
        DateOnly[] starts = [today, calendar.PeriodOf(PeriodKind.Weekly, today).Start, calendar.PeriodOf(PeriodKind.Monthly, today).Start];
        var first = starts.Min();
        var workouts = await db.Set<Activity>()
            .Where(a => a.UserId == userId && a.CompetitionDay >= first && a.Kind == ActivityKind.Workout && a.Status == ActivityStatus.Accepted)
            .Select(a => a.CompetitionDay).ToListAsync(ct);
        var scored = await points.SinceAsync(userId, starts, ct);
        var summaries = scored.Select(s => new PeriodSummary(s.Start, s.Steps, s.ActiveSeconds / 60, workouts.Count(day => day >= s.Start), s.Points)).ToList();
        var overview = await points.OfAsync(userId, ct);
        return new ActivitySummary(summaries[0], summaries[1], summaries[2], overview.RemainingToday, await points.StreakAsync(userId, ct));
    }
}
