namespace FitTrack.Core.Activities;

/// <summary>What an activity's neighbours make of it.</summary>
internal sealed record Verdict(ScoreDecision Decision, Guid? DuplicateOf = null);

/// <summary>
/// Judges a member's activities against each other (domain section 3): one tracker a day for steps and minutes, one score
/// for a workout that two trackers saw, no two workouts at once on one device, no more than 24 hours in a day. It looks
/// only at what the activities are, never at the order in which they came, so that order does not change the total.
/// </summary>
internal sealed class DayJudge(int overlapToleranceSeconds)
{
    private const int SecondsPerDay = 86_400;

    /// <summary>A verdict for each activity that is given.</summary>
    /// <param name="activities">All activities of the days to judge, and of two days around them.</param>
    /// <param name="summaryTracker">The connection that a day's steps and minutes come from.</param>
    public Dictionary<Guid, Verdict> Judge(IReadOnlyCollection<Activity> activities, Func<DateOnly, Guid?> summaryTracker)
    {
        var verdicts = activities.ToDictionary(a => a.Id, a => new Verdict(a.Admission));
        var workouts = new List<Activity>();
        foreach (var activity in activities.Where(a => a.Admission == ScoreDecision.Scores))
        {
            if (activity.Kind == ActivityKind.Workout)
                workouts.Add(activity);
            else if (activity.ConnectionId != summaryTracker(activity.CompetitionDay))
                verdicts[activity.Id] = new Verdict(ScoreDecision.NotPrimaryTracker);
        }

        workouts.Sort(InOrderOfTime);
        var possible = RejectOverlaps(workouts, verdicts);
        var single = PairDuplicates(possible, verdicts, summaryTracker);
        RejectMoreThanADay(single, verdicts);
        return verdicts;
    }

    private static int InOrderOfTime(Activity a, Activity b)
    {
        var byStart = a.StartedAt.CompareTo(b.StartedAt);
        return byStart != 0 ? byStart : string.CompareOrdinal(a.NaturalId, b.NaturalId);
    }

    /// <summary>A device left running is not believed beyond a day.</summary>
    private static DateTimeOffset End(Activity a) => a.EndedAt < a.StartedAt.AddDays(1) ? a.EndedAt : a.StartedAt.AddDays(1);

    private static double OverlapSeconds(Activity a, Activity b)
    {
        var start = a.StartedAt > b.StartedAt ? a.StartedAt : b.StartedAt;
        var end = End(a) < End(b) ? End(a) : End(b);
        return (end - start).TotalSeconds;
    }

    /// <summary>The same kind, and more than half of the shorter one at the same time.</summary>
    private static bool AreOneWorkout(Activity a, Activity b) => a.ConnectionId != b.ConnectionId
        && Sports.Of(a.Sport).Family == Sports.Of(b.Sport).Family
        && OverlapSeconds(a, b) * 2 > Math.Min((End(a) - a.StartedAt).TotalSeconds, (End(b) - b.StartedAt).TotalSeconds);

    private List<Activity> RejectOverlaps(List<Activity> workouts, Dictionary<Guid, Verdict> verdicts)
    {
        var kept = new List<Activity>(workouts.Count);
        for (var i = 0; i < workouts.Count; i++)
        {
            var overlaps = false;
            for (var j = 0; j < i && !overlaps; j++)
                overlaps = workouts[j].ConnectionId == workouts[i].ConnectionId && OverlapSeconds(workouts[j], workouts[i]) > overlapToleranceSeconds;
            if (overlaps)
                verdicts[workouts[i].Id] = new Verdict(ScoreDecision.OverlapsOnOneDevice);
            else
                kept.Add(workouts[i]);
        }

        return kept;
    }

    private static List<Activity> PairDuplicates(List<Activity> workouts, Dictionary<Guid, Verdict> verdicts, Func<DateOnly, Guid?> summaryTracker)
    {
        var primaryFirst = workouts.OrderBy(a => a.ConnectionId == summaryTracker(a.CompetitionDay) ? 0 : 1).ToList();
        var kept = new List<Activity>(workouts.Count);
        foreach (var workout in primaryFirst)
        {
            if (kept.Find(k => AreOneWorkout(k, workout)) is { } original)
                verdicts[workout.Id] = (workout.PairingUndoneAt ?? original.PairingUndoneAt) is null ? new Verdict(ScoreDecision.SeenByAnotherTracker, original.Id) : new Verdict(ScoreDecision.OverlapsAnother);
            else
                kept.Add(workout);
        }

        kept.Sort(InOrderOfTime);
        return kept;
    }

    private static void RejectMoreThanADay(List<Activity> workouts, Dictionary<Guid, Verdict> verdicts)
    {
        foreach (var day in workouts.GroupBy(w => w.CompetitionDay))
        {
            var seconds = 0L;
            foreach (var workout in day)
            {
                if (seconds + workout.LengthSeconds > SecondsPerDay)
                    verdicts[workout.Id] = new Verdict(ScoreDecision.MoreThanADay);
                else
                    seconds += workout.LengthSeconds;
            }
        }
    }
}
