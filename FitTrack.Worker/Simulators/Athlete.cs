namespace FitTrack.Worker.Simulators;

/// <summary>A person at one provider: what they did by the seed, and what was produced, changed or deleted on top of it.</summary>
/// <param name="since">There are no workouts from before that day.</param>
/// <param name="summariesSince">Nor summaries of a day, unless steps were added to it; null for the same day.</param>
internal sealed class Athlete(Efforts efforts, string key, string name, DateOnly since, DateOnly? summariesSince = null)
{
    private const int MostStepsADay = 60_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, SimulatedWorkout> _changed = [];
    private readonly Dictionary<DateOnly, int> _moreSteps = [];
    private ulong? _last;

    /// <summary>Data follows from it.</summary>
    public string Key => key;

    public string Name => name;

    public DateOnly Since => since;

    /// <summary>Workouts that start in [from, to) and have ended by now, oldest first; deleted ones only when asked for.</summary>
    public IReadOnlyList<SimulatedWorkout> Workouts(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, bool deleted = false)
    {
        var found = new Dictionary<ulong, SimulatedWorkout>();
        var (first, last) = (efforts.DayOf(from), efforts.DayOf(to < now ? to : now));
        for (var day = first < since ? since : first; day <= last; day = day.AddDays(1))
        {
            if (efforts.Workout(key, day) is { } workout && workout.End <= now)
                found[workout.Key] = workout;
        }

        lock (_gate)
        {
            foreach (var (id, workout) in _changed)
                found[id] = workout;
        }

        return [.. found.Values.Where(w => w.Start >= from && w.Start < to && (deleted || !w.Deleted)).OrderBy(w => w.Start)];
    }

    /// <summary>Everything so far.</summary>
    public IReadOnlyList<SimulatedWorkout> All(DateTimeOffset now, bool deleted = false) =>
        Workouts(efforts.StartOf(since.AddDays(-1)), now.AddDays(1), now, deleted);

    public SimulatedDay? Day(DateOnly day, DateTimeOffset now)
    {
        int more;
        lock (_gate)
            more = _moreSteps.GetValueOrDefault(day);
        if ((more == 0 && day < (summariesSince ?? since)) || efforts.Day(key, day, now) is not { } plain)
            return null;
        var workouts = Workouts(plain.Start, plain.End, now);
        return plain with
        {
            Steps = Math.Min(MostStepsADay, plain.Steps + more + workouts.Sum(w => w.Steps)),
            Light = plain.Light + workouts.Sum(w => w.Light),
            Moderate = plain.Moderate + workouts.Sum(w => w.Moderate),
            Vigorous = plain.Vigorous + workouts.Sum(w => w.Vigorous),
        };
    }

    /// <summary>A workout that has just ended; before others where it would overlap them.</summary>
    public SimulatedWorkout Produce(SimulatedSport sport, int seconds, DateTimeOffset now)
    {
        var end = efforts.Local(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        var others = Workouts(now.AddDays(-2), now.AddDays(1), now);
        while (others.LastOrDefault(w => w.Start < end && w.End > end.AddSeconds(-seconds)) is { } other)
            end = other.Start.AddMinutes(-1);
        lock (_gate)
        {
            var id = new Dice($"{key}:{now.UtcTicks}:{_changed.Count}").NextKey();
            return Keep(new SimulatedWorkout(id, sport, efforts.Local(end.AddSeconds(-seconds)), seconds, sport.HeartRate) { ChangedAt = now });
        }
    }

    public void AddSteps(DateOnly day, int steps)
    {
        lock (_gate)
            _moreSteps[day] = Math.Clamp(_moreSteps.GetValueOrDefault(day) + steps, 0, MostStepsADay);
    }

    /// <summary>Makes the last workout five minutes shorter; null when there is none.</summary>
    public SimulatedWorkout? Correct(DateTimeOffset now) =>
        Alter(now, w => w with { Seconds = Math.Max(60, w.Seconds - 300), Changed = true, ChangedAt = After(w, now) });

    /// <summary>Deletes the last workout; null when there is none.</summary>
    public SimulatedWorkout? Delete(DateTimeOffset now) => Alter(now, w => w with { Deleted = true, ChangedAt = After(w, now) });

    /// <summary>Later than the version before, also where the clock stands still.</summary>
    private static DateTimeOffset After(SimulatedWorkout workout, DateTimeOffset now) => now > workout.ChangedAt ? now : workout.ChangedAt.AddMilliseconds(1);

    private SimulatedWorkout? Alter(DateTimeOffset now, Func<SimulatedWorkout, SimulatedWorkout> alter)
    {
        var all = All(now);
        lock (_gate)
            return (all.FirstOrDefault(w => w.Key == _last) ?? (all.Count > 0 ? all[^1] : null)) is { } workout ? Keep(alter(workout)) : null;
    }

    private SimulatedWorkout Keep(SimulatedWorkout workout)
    {
        _changed[workout.Key] = workout;
        _last = workout.Key;
        return workout;
    }
}
