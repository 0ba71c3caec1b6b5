namespace FitTrack.Core.Activities;

/// <summary>What a tracker sends is one of these; as text <c>workout</c>, <c>steps</c>, <c>active_minutes</c>.</summary>
public enum ActivityKind
{
    Workout,
    Steps,
    ActiveMinutes,
}

/// <summary>The connection a record came through, as far as scoring needs to know it.</summary>
/// <param name="ConnectionId">Its id.</param>
/// <param name="Source">The provider's name as activities carry it, such as <c>garmin</c>.</param>
/// <param name="ConnectedAt">Nothing from before that day scores.</param>
/// <param name="MayScore">The source's licence flag.</param>
public sealed record RecordOrigin(Guid ConnectionId, string Source, DateTimeOffset ConnectedAt, bool MayScore);

/// <summary>
/// One thing that a provider reported, in our own terms: numbers are finite, whole where we count in whole numbers, never
/// negative, and bounded by the wall clock.
/// </summary>
public sealed record TrackerRecord
{
    public required Guid UserId { get; init; }

    public required RecordOrigin Origin { get; init; }

    public required ActivityKind Kind { get; init; }

    /// <summary>The same for every version of one thing, and unique within its source.</summary>
    public required string NaturalId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The date a daily summary is labelled with; a workout has none and belongs to the day its start falls in.</summary>
    public DateOnly? LabelledDay { get; init; }

    public Sport? Sport { get; init; }

    public string? Title { get; init; }

    public int LightSeconds { get; init; }

    public int ModerateSeconds { get; init; }

    public int VigorousSeconds { get; init; }

    /// <summary>The provider reported no seconds by intensity; all of them went to one.</summary>
    public bool IntensityInferred { get; init; }

    /// <summary>Active seconds, else end - start.</summary>
    public int LengthSeconds { get; init; }

    /// <summary>The provider measured no active time: <see cref="LengthSeconds"/> is the wall clock's.</summary>
    public bool LengthFromClock { get; init; }

    public int? Steps { get; init; }

    public double? DistanceMeters { get; init; }

    public double? AverageHeartRate { get; init; }

    /// <summary>The provider says that a person typed it in.</summary>
    public bool EnteredByHand { get; init; }

    /// <summary>The provider says that it no longer exists.</summary>
    public bool Deleted { get; init; }

    /// <summary>Of two versions the later one holds; equal ones are applied in the order in which they come.</summary>
    public required DateTimeOffset VersionAt { get; init; }

    /// <summary>The stored message it was read from.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>Further numbers as a small JSON object, for showing.</summary>
    public string? Metrics { get; init; }
}
