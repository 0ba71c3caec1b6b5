using FitTrack.Core.Points;

namespace FitTrack.Core.Activities;

/// <summary>What each activity of a day counts for (domain section 3).</summary>
internal static class DaySum
{
    /// <summary>The contributions of the activities that score on a day, in the order of their first acceptance.</summary>
    /// <param name="day">The competition day.</param>
    /// <param name="around">All activities of that day and its neighbours: a summary's interval may reach over midnight.</param>
    /// <param name="rates">The day's rates.</param>
    public static List<Contribution> Of(DateOnly day, IReadOnlyCollection<Activity> around, RateVersion rates)
    {
        var scoring = around.Where(a => a.CompetitionDay == day && a.Decision == ScoreDecision.Scores).ToList();
        var bonuses = scoring.Where(a => a.Kind == ActivityKind.Workout && a.LengthSeconds >= rates.WorkoutBonusFromSeconds)
            .OrderBy(a => a.StartedAt).ThenBy(a => a.NaturalId, StringComparer.Ordinal)
            .Take(rates.WorkoutBonusesPerDay).Select(a => a.Id).ToHashSet();
        return scoring.OrderBy(a => a.AcceptedAt).ThenBy(a => a.Id)
            .Select(a => new Contribution(a.Id, Quantities(a, around, bonuses.Contains(a.Id))))
            .ToList();
    }

    public static DayQuantities Total(IEnumerable<Contribution> contributions) =>
        contributions.Aggregate(default(DayQuantities), (sum, c) => sum + c.Quantities);

    private static DayQuantities Quantities(Activity activity, IReadOnlyCollection<Activity> around, bool bonus) => activity.Kind switch
    {
        ActivityKind.Steps => new DayQuantities(0, 0, 0, activity.Steps ?? 0, 0),
        ActivityKind.Workout => new DayQuantities(activity.LightSeconds, activity.ModerateSeconds, activity.VigorousSeconds, 0, bonus ? 1 : 0),
        _ => OutsideWorkouts(activity, around),
    };

    /// <summary>The summary's seconds less those of the workouts that start inside its own interval, never below zero.</summary>
    private static DayQuantities OutsideWorkouts(Activity summary, IReadOnlyCollection<Activity> around)
    {
        long light = summary.LightSeconds, moderate = summary.ModerateSeconds, vigorous = summary.VigorousSeconds, anywhere = 0;
        foreach (var workout in around.Where(w => IsInside(w, summary)))
        {
            if (workout.IntensityInferred || summary.IntensityInferred)
                anywhere += workout.LightSeconds + workout.ModerateSeconds + workout.VigorousSeconds;
            else
                (light, moderate, vigorous) = (light - workout.LightSeconds, moderate - workout.ModerateSeconds, vigorous - workout.VigorousSeconds);
        }

        // Seconds whose intensity nobody measured go out of the highest first, so that a guess never gains anything.
        (vigorous, anywhere) = Take(vigorous, anywhere);
        (moderate, anywhere) = Take(moderate, anywhere);
        (light, _) = Take(light, anywhere);
        return new DayQuantities(light, moderate, vigorous, 0, 0);
    }

    private static (long Left, long Unused) Take(long seconds, long wanted)
    {
        var there = Math.Max(0, seconds);
        var taken = Math.Min(there, wanted);
        return (there - taken, wanted - taken);
    }

    /// <summary>
    /// A tracker counts what was typed into it, and what is no exercise, into its summary like any other workout: those
    /// are taken out too, or they would earn after all.
    /// </summary>
    private static bool IsInside(Activity workout, Activity summary) => workout.Kind == ActivityKind.Workout
        && (workout.Decision == ScoreDecision.Scores
            || (workout.ConnectionId == summary.ConnectionId && workout.Decision is ScoreDecision.EnteredByHand or ScoreDecision.SportNeverScores))
        && workout.StartedAt >= summary.StartedAt && workout.StartedAt < summary.EndedAt;
}
