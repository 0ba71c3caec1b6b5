using System.Text.Json;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>Workouts out of members' files: they complete the training log and never earn points (domain section 3).</summary>
/// <remarks>Runs in the caller's transaction. Two processes that store the same workout at once: the second gets a unique violation and tries again.</remarks>
public sealed class ImportedActivities(FitTrackDbContext db, CompetitionCalendar calendar, TimeProvider clock)
{
    /// <summary>Values in one list; Oracle takes 1,000.</summary>
    private const int ListSize = 900;

    /// <summary>Recordings of one workout begin within this time of each other...</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(2);

    /// <summary>... and are as long, within this share.</summary>
    private const double LengthTolerance = 0.05;

    /// <summary>Stores what is new and tells for each workout, in order, what became of it.</summary>
    public async Task<IReadOnlyList<ImportedOutcome>> StoreAsync(Guid userId, IReadOnlyList<ImportedWorkout> workouts, CancellationToken ct)
    {
        var now = clock.Now();
        var timed = workouts.Select(Timed).ToList();
        var known = await KnownAsync(userId, timed, ct);
        var log = await LogAsync(userId, timed, ct);
        var outcomes = new List<ImportedOutcome>(timed.Count);
        foreach (var workout in timed)
        {
            var day = calendar.DayOf(workout.StartedAt);
            var before = known.GetValueOrDefault((workout.Source, workout.NaturalIdOf(userId)));
            if (before is { Status: not ActivityStatus.Deleted })
            {
                outcomes.Add(Update(before, workout, day, now));
            }
            else if (log[day.AddDays(-1)].Concat(log[day]).Concat(log[day.AddDays(1)]).FirstOrDefault(entry => entry.IsSameAs(workout)) is { } same)
            {
                outcomes.Add(new ImportedOutcome.Duplicate(same.Id, same.Source));
            }
            else
            {
                before?.Take(workout, day, now);
                var activity = before ?? db.Add(Activity.FromFile(userId, workout, day, now)).Entity;
                known[(activity.Source, activity.NaturalId)] = activity;
                log.Add(LogEntry.Of(activity));
                outcomes.Add(new ImportedOutcome.Added(activity.Id));
            }
        }

        await BulkSave.SaveAsync(db, ct);
        return outcomes;
    }

    /// <summary>Takes back what a batch did: what it added goes, what it updated says again what it said before unless it has changed since.</summary>
    public async Task UndoAsync(Guid userId, IReadOnlyCollection<(Guid ActivityId, string? Before)> items, CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var chunk in items.Chunk(ListSize))
        {
            var ids = chunk.Select(i => i.ActivityId).ToList();
            var activities = await db.Set<Activity>().Where(a => a.UserId == userId && ids.Contains(a.Id) && a.Status != ActivityStatus.Deleted).ToDictionaryAsync(a => a.Id, ct);
            foreach (var (id, before) in chunk.Where(i => activities.ContainsKey(i.ActivityId)))
            {
                var activity = activities[id];
                if (before is null)
                    activity.Delete(now, now);
                else if (JsonSerializer.Deserialize<EarlierContent>(before) is { } earlier && earlier.Revision == activity.Revision)
                    activity.Take(earlier.Workout, calendar.DayOf(earlier.Workout.StartedAt), now);
            }

            await BulkSave.SaveAsync(db, ct);
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>Those that are still in the log, by start.</summary>
    public async Task<IReadOnlyList<ImportedActivity>> ListAsync(Guid userId, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var found = new List<ImportedActivity>(ids.Count);
        foreach (var chunk in ids.Chunk(ListSize))
        {
            found.AddRange(await db.Set<Activity>().AsNoTracking().Where(a => a.UserId == userId && chunk.Contains(a.Id) && a.Status != ActivityStatus.Deleted)
                .Select(a => new ImportedActivity(a.Id, a.Sport, a.StartedAt, a.EndedAt, a.LengthSeconds, a.DistanceMeters, a.AverageHeartRate, a.Points)).ToListAsync(ct));
        }

        return [.. found.OrderBy(a => a.StartedAt).ThenBy(a => a.Id)];
    }

    /// <summary>Without a time of day it is noon where days are counted: the same date in every state.</summary>
    private ImportedWorkout Timed(ImportedWorkout workout) => workout.Day is { } day ? workout with { StartedAt = calendar.StartOf(day).AddHours(12) } : workout;

    /// <summary>A newer version completes the older one: what it does not say stays.</summary>
    private static ImportedOutcome Update(Activity activity, ImportedWorkout workout, DateOnly day, DateTimeOffset now)
    {
        var before = Content(activity);
        var merged = workout with
        {
            Title = workout.Title ?? before.Title,
            Sport = workout.Sport == Sports.Unknown ? before.Sport : workout.Sport,
            DistanceMeters = workout.DistanceMeters ?? before.DistanceMeters,
            AverageHeartRate = workout.AverageHeartRate ?? before.AverageHeartRate,
            Steps = workout.Steps ?? before.Steps,
        };
        if (Says(merged).Equals(Says(before)))
            return new ImportedOutcome.Known(activity.Id);
        activity.Take(merged, day, now);
        return new ImportedOutcome.Updated(activity.Id, JsonSerializer.Serialize(new EarlierContent(activity.Revision, before)));
    }

    private static ImportedWorkout Content(Activity a) => new()
    {
        Source = a.Source,
        Key = "",
        Sport = Sports.Of(a.Sport),
        Title = a.Title,
        StartedAt = a.StartedAt,
        ElapsedSeconds = (a.EndedAt - a.StartedAt).TotalSeconds,
        MovingSeconds = a.LengthSeconds,
        DistanceMeters = a.DistanceMeters,
        AverageHeartRate = a.AverageHeartRate,
        Steps = a.Steps,
        Metrics = a.Metrics,
    };

    private static (string, string?, DateTimeOffset, double, int, double?, double?, int?) Says(ImportedWorkout w) => (w.Sport.Code, w.Title, w.StartedAt, Math.Round(w.ElapsedSeconds, 3), w.LengthSeconds, w.DistanceMeters, w.AverageHeartRate, w.Steps);

    /// <summary>What came under the same natural ids before, taken back or not.</summary>
    private async Task<Dictionary<(string Source, string NaturalId), Activity>> KnownAsync(Guid userId, List<ImportedWorkout> workouts, CancellationToken ct)
    {
        var known = new Dictionary<(string, string), Activity>();
        foreach (var ids in workouts.Select(w => w.NaturalIdOf(userId)).Distinct(StringComparer.Ordinal).Chunk(ListSize))
        {
            foreach (var activity in await db.Set<Activity>().Where(a => a.UserId == userId && ids.Contains(a.NaturalId)).ToListAsync(ct))
                known[(activity.Source, activity.NaturalId)] = activity;
        }

        return known;
    }

    private async Task<LogByDay> LogAsync(Guid userId, List<ImportedWorkout> workouts, CancellationToken ct)
    {
        if (workouts.Count == 0)
            return new LogByDay([]);
        var (first, last) = (calendar.DayOf(workouts.Min(w => w.StartedAt)).AddDays(-1), calendar.DayOf(workouts.Max(w => w.StartedAt)).AddDays(1));
        return new LogByDay(await db.Set<Activity>().AsNoTracking()
            .Where(a => a.UserId == userId && a.Kind == ActivityKind.Workout && a.Status != ActivityStatus.Deleted && a.CompetitionDay >= first && a.CompetitionDay <= last)
            .Select(a => new LogEntry(a.Id, a.Source, a.NaturalId, a.CompetitionDay, a.StartedAt, a.EndedAt, a.LengthSeconds, a.DistanceMeters)).ToListAsync(ct));
    }

    private sealed record EarlierContent(int Revision, ImportedWorkout Workout);

    private sealed record LogEntry(Guid Id, string Source, string NaturalId, DateOnly Day, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int LengthSeconds, double? DistanceMeters)
    {
        public static LogEntry Of(Activity a) => new(a.Id, a.Source, a.NaturalId, a.CompetitionDay, a.StartedAt, a.EndedAt, a.LengthSeconds, a.DistanceMeters);

        /// <summary>
        /// From another source, alike by start and length; where the file knows no time of day, by date, length and distance. Within a source
        /// the key tells, but for what an archive brought back.
        /// </summary>
        public bool IsSameAs(ImportedWorkout w)
        {
            if (Source == w.Source && !NaturalId.StartsWith(Activity.RestoredPrefix, StringComparison.Ordinal))
                return false;
            return w.Day is { } day
                ? Day == day && IsAlike(LengthSeconds, w.LengthSeconds) && IsAlike(DistanceMeters ?? 0, w.DistanceMeters ?? 0)
                : (StartedAt - w.StartedAt).Duration() <= StartTolerance
                    && (IsAlike(LengthSeconds, w.LengthSeconds) || IsAlike((EndedAt - StartedAt).TotalSeconds, w.ElapsedSeconds));
        }

        private static bool IsAlike(double a, double b) => Math.Abs(a - b) <= LengthTolerance * Math.Max(a, b);
    }

    /// <summary>The member's workouts near those of the file, the file's own included as they are added.</summary>
    private sealed class LogByDay
    {
        private readonly Dictionary<DateOnly, List<LogEntry>> _days = [];

        public LogByDay(IEnumerable<LogEntry> entries)
        {
            foreach (var entry in entries)
                Add(entry);
        }

        public IReadOnlyList<LogEntry> this[DateOnly day] => _days.GetValueOrDefault(day) ?? [];

        public void Add(LogEntry entry)
        {
            if (_days.TryGetValue(entry.Day, out var entries))
                entries.Add(entry);
            else
                _days.Add(entry.Day, [entry]);
        }
    }
}
