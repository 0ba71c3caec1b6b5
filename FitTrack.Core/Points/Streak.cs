using FitTrack.Core.Competition;

namespace FitTrack.Core.Points;

/// <summary>How long a member has kept going. It follows from the days with points alone and is stored nowhere (docs/badges.md).</summary>
/// <param name="Days">Days in a row with points, up to today or, while today has none yet, to yesterday.</param>
/// <param name="Weeks">Weeks in a row that count; those that a freeze bridges keep the row and are not counted.</param>
/// <param name="LongestWeeks">The most that <paramref name="Weeks"/> has been.</param>
/// <param name="Freezes">Weeks without that the row survives.</param>
public sealed record Streak(int Days, int Weeks, int LongestWeeks, int Freezes)
{
    /// <param name="days">Competition days with points, ascending, each once.</param>
    /// <param name="today">The running day; later ones are left out.</param>
    /// <param name="options">When a week counts, and what freezes there are.</param>
    public static Streak Of(IReadOnlyList<DateOnly> days, DateOnly today, PointsOptions options)
    {
        var known = days.TakeWhile(d => d <= today).ToList();
        var (weeks, longest, freezes) = (0, 0, 0);
        DateOnly? last = null;
        foreach (var week in known.GroupBy(CompetitionCalendar.MondayOf).Where(w => w.Count() >= options.StreakDaysPerWeek).Select(w => w.Key))
        {
            Bridge(week);
            weeks++;
            longest = Math.Max(longest, weeks);
            if (weeks % options.StreakWeeksPerFreeze == 0)
                freezes = Math.Min(freezes + 1, options.StreakMostFreezes);
            last = week;
        }

        // The running week breaks nothing before it is over.
        Bridge(CompetitionCalendar.MondayOf(today));
        return new Streak(InARow(known, today), weeks, longest, freezes);

        void Bridge(DateOnly to)
        {
            var missed = last is { } from ? Math.Max(0, ((to.DayNumber - from.DayNumber) / 7) - 1) : 0;
            if (missed > freezes)
                weeks = 0;
            freezes = Math.Max(0, freezes - missed);
        }
    }

    private static int InARow(List<DateOnly> days, DateOnly today)
    {
        var next = days.Count > 0 && days[^1] == today ? today : today.AddDays(-1);
        var row = 0;
        while (row < days.Count && days[^(row + 1)] == next.AddDays(-row))
            row++;
        return row;
    }
}
