using FitTrack.Core.Points;

namespace FitTrack.Core.Leaderboards;

/// <summary>Something worth showing on a profile. It follows from a member's days, or from the final weekly boards (docs/badges.md).</summary>
/// <param name="Code">snake_case, at most 50 characters; stored, so it never changes.</param>
/// <param name="Name">A few words.</param>
/// <param name="Description">What it is given for, in a sentence.</param>
public sealed record Badge(string Code, string Name, string Description)
{
    /// <summary>Every badge there is, with its rule.</summary>
    public static readonly IReadOnlyList<Badge> All =
    [
        new("first_points", "First points", "Earned points for the first time.") { Earned = days => First(days, _ => true) },
        new("first_10k_day", "10,000 steps", "Walked 10,000 steps that counted in one day.") { Earned = days => First(days, d => d.Steps >= 10_000) },
        new("full_day", "Full day", "Earned 1,000 points in one day.") { Earned = days => First(days, d => d.Points >= 1_000) },
        new("streak_7_days", "Seven days", "Earned points on seven days in a row.") { Earned = days => InARow(days, 7) },
        new("streak_30_days", "Thirty days", "Earned points on thirty days in a row.") { Earned = days => InARow(days, 30) },
        new("comeback", "Comeback", "Earned points again after at least 14 days without.") { Earned = days => AfterPause(days, 14) },
        new("workouts_100", "100 workouts", "Finished 100 workouts that were long enough for the bonus.") { Earned = days => Reached(days, d => d.Workouts, 100) },
        new("points_10000", "10,000 points", "Earned 10,000 points in all.") { Earned = days => Reached(days, d => d.Points, 10_000) },
        new("tier_top_10", "Top ten", "Stood among the ten best of a tier's week, with more than ten members on its board.") { WeeklyRank = 10 },
        new("tier_first", "First of the week", "Won a tier's week, with more than ten members on its board.") { WeeklyRank = 1 },
    ];

    /// <summary>The day that earned it, from a member's days with points in order; null as a rule when the boards give it.</summary>
    internal Func<IReadOnlyList<ScoredDay>, DateOnly?>? Earned { get; private init; }

    /// <summary>The worst rank on a final weekly board that gets it; null when the days give it.</summary>
    internal int? WeeklyRank { get; private init; }

    private static DateOnly? First(IReadOnlyList<ScoredDay> days, Func<ScoredDay, bool> does) => days.FirstOrDefault(does)?.Day;

    private static DateOnly? InARow(IReadOnlyList<ScoredDay> days, int length)
    {
        // Each day is there once, so the one so many places back is the one so many days ago only if none is missing.
        for (var i = length - 1; i < days.Count; i++)
        {
            if (days[i].Day == days[i - length + 1].Day.AddDays(length - 1))
                return days[i].Day;
        }

        return null;
    }

    /// <param name="days">In order.</param>
    /// <param name="without">Whole days without points in between.</param>
    private static DateOnly? AfterPause(IReadOnlyList<ScoredDay> days, int without) =>
        days.Skip(1).Zip(days, (day, before) => (day.Day, Without: day.Day.DayNumber - before.Day.DayNumber - 1)).Where(d => d.Without >= without).Select(d => (DateOnly?)d.Day).FirstOrDefault();

    private static DateOnly? Reached(IReadOnlyList<ScoredDay> days, Func<ScoredDay, long> counted, long goal)
    {
        var sum = 0L;
        return days.FirstOrDefault(d => (sum += counted(d)) >= goal)?.Day;
    }
}
