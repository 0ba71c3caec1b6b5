namespace FitTrack.Core.Activities;

/// <summary>One workout out of a member's file, in our own terms; every number is finite and not negative.</summary>
public sealed record ImportedWorkout
{
    /// <summary>Characters of a <see cref="Key"/>.</summary>
    public const int MaxKey = 80;

    /// <summary>Such as <c>import_gpx</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The same in every export of this workout, and unlike that of the member's others of the source.</summary>
    public required string Key { get; init; }

    public Sport Sport { get; init; } = Sports.Of("unknown");

    public string? Title { get; init; }

    /// <summary>UTC, in whole microseconds; where <see cref="Day"/> is given, set from it.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The calendar date, where a file knows no time of day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>From start to end, pauses included.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Of it in motion, as the file states or its segments show; null where it does neither.</summary>
    public double? MovingSeconds { get; init; }

    public double? DistanceMeters { get; init; }

    public double? AverageHeartRate { get; init; }

    public int? Steps { get; init; }

    /// <summary>Further numbers as a small JSON object.</summary>
    public string? Metrics { get; init; }

    public DateTimeOffset EndedAt => StartedAt.AddSeconds(ElapsedSeconds);

    /// <summary>What counts: a timer that ran longer than the clock is not believed.</summary>
    public int LengthSeconds => (int)Math.Round(Math.Min(MovingSeconds ?? ElapsedSeconds, ElapsedSeconds), MidpointRounding.AwayFromZero);

    /// <summary>Two members may bring the same file.</summary>
    internal string NaturalIdOf(Guid userId) => $"{Key}@{userId:N}";
}

/// <summary>An activity as an import's batch shows it.</summary>
public sealed record ImportedActivity(
    Guid Id, string? Sport, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int LengthSeconds, double? DistanceMeters, double? AverageHeartRate, int Points);

/// <summary>What became of one workout of a file.</summary>
public abstract record ImportedOutcome(Guid ActivityId)
{
    public sealed record Added(Guid ActivityId) : ImportedOutcome(ActivityId);

    /// <param name="Before">What undoing needs to bring the earlier content back.</param>
    public sealed record Updated(Guid ActivityId, string Before) : ImportedOutcome(ActivityId);

    /// <summary>It came in before, and says nothing new.</summary>
    public sealed record Known(Guid ActivityId) : ImportedOutcome(ActivityId);

    /// <summary>The same workout is in the log from elsewhere.</summary>
    public sealed record Duplicate(Guid ActivityId, string Source) : ImportedOutcome(ActivityId);
}
