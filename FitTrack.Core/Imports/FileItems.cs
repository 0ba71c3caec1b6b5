using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>A file, or a part of it, that cannot be taken; the message is for the member.</summary>
public sealed class RefusedFileException(string message) : Exception(message);

/// <summary>One thing in a file: a workout, or why there is none.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Workout">Null where it is refused.</param>
/// <param name="Refusal">For the member; null where there is a workout.</param>
public sealed record FileItem(string Name, ImportedWorkout? Workout, string? Refusal = null);

/// <summary>What a decoder has found so far, held against what is possible at all.</summary>
/// <param name="now">Nothing is later.</param>
internal sealed class FileItems(DateTimeOffset now)
{
    private const int MaxItems = 20_000;
    private const double MaxMetersPerSecond = 50;
    private const double MaxMeters = 10_000_000;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset InventedStart = new(2010, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private readonly List<FileItem> _items = [];

    public IReadOnlyList<FileItem> All => _items;

    /// <param name="fromPoints">Distance and duration come from single points, any of which may be wrong.</param>
    public void Add(string name, ImportedWorkout workout, bool fromPoints = false)
    {
        var problem = Problem(workout) ?? (fromPoints ? ProblemOfPoints(workout) : null);
        Add(name, problem is null ? workout : null, problem);
    }

    public void Refuse(string name, string reason) => Add(name, null, reason);

    private void Add(string name, ImportedWorkout? workout, string? refusal)
    {
        if (_items.Count == MaxItems)
            throw new RefusedFileException($"The file holds more than {MaxItems:N0} activities.");
        _items.Add(new FileItem(Text.Line(name, ImportLogEntry.MaxItem) ?? "?", workout, refusal));
    }

    private string? Problem(ImportedWorkout workout)
    {
        if (workout.Day is { } day)
            return day < DateOnly.FromDateTime(Earliest.UtcDateTime) ? TooEarly(day.Year) : day > DateOnly.FromDateTime(now.UtcDateTime) ? "It lies in the future." : null;
        if (workout.StartedAt < Earliest)
            return TooEarly(workout.StartedAt.Year);
        if (workout.ElapsedSeconds < 0)
            return "Its times run backwards.";
        if (workout.EndedAt > now + ClockTolerance)
            return "It lies in the future.";
        if (workout is { ElapsedSeconds: 0, DistanceMeters: null or 0 })
            return "It has neither a duration nor a distance.";
        return workout.DistanceMeters > MaxMeters ? "Its distance is impossible." : null;

        static string TooEarly(int year) => $"It is dated {year}: the device's clock was not set.";
    }

    private static string? ProblemOfPoints(ImportedWorkout workout)
    {
        if (workout.StartedAt == InventedStart)
            return "Its times are those that route planners invent: a planned route is no activity.";
        return workout.DistanceMeters > MaxMetersPerSecond * workout.ElapsedSeconds ? "Its mean speed is impossible: more than 180 km/h." : null;
    }
}
