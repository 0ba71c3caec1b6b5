namespace FitTrack.Core.Activities;

/// <summary>How an activity came to us.</summary>
public enum ActivityProvenance
{
    /// <summary>Recorded by a tracker.</summary>
    Device,

    /// <summary>Typed into the provider's own application.</summary>
    ProviderManual,

    /// <summary>Typed into FitTrack.</summary>
    Manual,

    /// <summary>Read from a file.</summary>
    Imported,
}

/// <summary>
/// A workout, a day's steps, or a day's active minutes outside workouts. One row per thing and source, however often the
/// provider sends it; every change of content counts <see cref="Revision"/> up.
/// </summary>
public sealed class Activity
{
    public const int MaxNaturalId = 120;
    public const int MaxTitle = 200;
    public const int MaxMetrics = 4000;
    public const int MaxSource = 30;

    /// <summary>What FitTrack itself is called as a source.</summary>
    public const string ManualSource = "manual";

    /// <summary>Begins the natural ids of what came back from an export.</summary>
    internal const string RestoredPrefix = "archive_";

    private Activity()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    public Guid? ConnectionId { get; private set; }

    public string Source { get; private set; } = null!;

    public string NaturalId { get; private set; } = null!;

    public ActivityKind Kind { get; private set; }

    /// <summary>See <see cref="Sports"/>; only workouts have one.</summary>
    public string? Sport { get; private set; }

    public string? Title { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>The day it scores on.</summary>
    public DateOnly CompetitionDay { get; private set; }

    public int LightSeconds { get; private set; }

    public int ModerateSeconds { get; private set; }

    public int VigorousSeconds { get; private set; }

    public bool IntensityInferred { get; private set; }

    public int LengthSeconds { get; private set; }

    public int? Steps { get; private set; }

    public double? DistanceMeters { get; private set; }

    public double? AverageHeartRate { get; private set; }

    public ActivityProvenance Provenance { get; private set; }

    public ActivityStatus Status { get; private set; }

    /// <summary>What the activity by itself, and the time it arrived, allow.</summary>
    public ScoreDecision Admission { get; private set; }

    /// <summary><see cref="Admission"/>, or what the member's other activities make of it.</summary>
    public ScoreDecision Decision { get; private set; }

    /// <summary>The workout that scores instead of this one.</summary>
    public Guid? DuplicateOfId { get; private set; }

    /// <summary>Its share of the day's points; the shares of a day add up to the day.</summary>
    public int Points { get; private set; }

    public int Revision { get; private set; }

    /// <summary>Version of its newest receipt.</summary>
    public int ReceiptVersion { get; private set; }

    /// <summary>First scored; corrections divide a day in this order.</summary>
    public DateTimeOffset? AcceptedAt { get; private set; }

    /// <summary>The member took it out of the log; it scores as before.</summary>
    public DateTimeOffset? HiddenAt { get; private set; }

    /// <summary>The member said that this and the workout it was paired with are two.</summary>
    public DateTimeOffset? PairingUndoneAt { get; private set; }

    /// <summary>When the provider made the version that is stored.</summary>
    public DateTimeOffset VersionAt { get; private set; }

    /// <summary>The message the stored version was read from.</summary>
    public Guid? MessageId { get; private set; }

    /// <summary>Further numbers as a small JSON object.</summary>
    public string? Metrics { get; private set; }

    /// <summary>First arrived.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Where most of its seconds are; null when it has none.</summary>
    public Intensity? MainIntensity => (LightSeconds, ModerateSeconds, VigorousSeconds) switch
    {
        (0, 0, 0) => null,
        var (l, m, v) when v >= m && v >= l => Intensity.Vigorous,
        var (l, m, _) when m >= l => Intensity.Moderate,
        _ => Intensity.Light,
    };

    internal static Activity From(TrackerRecord record, DateOnly day, DateTimeOffset now)
    {
        var activity = new Activity
        {
            Id = Guid.CreateVersion7(now),
            UserId = record.UserId,
            Source = record.Origin.Source,
            NaturalId = record.NaturalId,
            Kind = record.Kind,
            CreatedAt = now,
        };
        activity.Take(record, day, now);
        return activity;
    }

    /// <summary>An entry of the member's own; it never scores.</summary>
    internal static Activity ByHand(Guid userId, ManualEntry entry, DateOnly day, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var activity = new Activity
        {
            Id = id,
            UserId = userId,
            Source = ManualSource,
            NaturalId = $"manual_{id:N}",
            Kind = ActivityKind.Workout,
            Provenance = ActivityProvenance.Manual,
            Admission = ScoreDecision.EnteredByHand,
            Decision = ScoreDecision.EnteredByHand,
            CreatedAt = now,
        };
        activity.Edit(entry, day, now);
        return activity;
    }

    /// <summary>Read from a member's file; it never scores.</summary>
    internal static Activity FromFile(Guid userId, ImportedWorkout workout, DateOnly day, DateTimeOffset now)
    {
        var activity = new Activity
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Source = workout.Source,
            NaturalId = workout.NaturalIdOf(userId),
            Kind = ActivityKind.Workout,
            Provenance = ActivityProvenance.Imported,
            CreatedAt = now,
        };
        activity.Take(workout, day, now);
        return activity;
    }

    /// <summary>Whether a version says nothing that is not already here.</summary>
    internal bool IsSameAs(TrackerRecord r, DateOnly day) => Decision != ScoreDecision.Deleted && CompetitionDay == day && ConnectionId == r.Origin.ConnectionId
        && Sport == r.Sport?.Code && Title == r.Title && StartedAt == r.StartedAt && EndedAt == r.EndedAt
        && (LightSeconds, ModerateSeconds, VigorousSeconds) == (r.LightSeconds, r.ModerateSeconds, r.VigorousSeconds)
        && IntensityInferred == r.IntensityInferred && LengthSeconds == r.LengthSeconds && Steps == r.Steps
        && Nullable.Equals(DistanceMeters, r.DistanceMeters) && Nullable.Equals(AverageHeartRate, r.AverageHeartRate)
        && Provenance == ProvenanceOf(r) && string.Equals(Metrics, r.Metrics, StringComparison.Ordinal);

    internal void Take(TrackerRecord record, DateOnly day, DateTimeOffset now)
    {
        ConnectionId = record.Origin.ConnectionId;
        Sport = record.Sport?.Code;
        Title = record.Title;
        (StartedAt, EndedAt, CompetitionDay) = (record.StartedAt, record.EndedAt, day);
        (LightSeconds, ModerateSeconds, VigorousSeconds) = (record.LightSeconds, record.ModerateSeconds, record.VigorousSeconds);
        (IntensityInferred, LengthSeconds) = (record.IntensityInferred, record.LengthSeconds);
        (Steps, DistanceMeters, AverageHeartRate) = (record.Steps, record.DistanceMeters, record.AverageHeartRate);
        Provenance = ProvenanceOf(record);
        (VersionAt, MessageId, Metrics) = (record.VersionAt, record.MessageId, record.Metrics);
        Revise(now);
    }

    internal void Take(ImportedWorkout workout, DateOnly day, DateTimeOffset now)
    {
        (Sport, Title) = (workout.Sport.Code, workout.Title);
        (StartedAt, EndedAt, CompetitionDay) = (workout.StartedAt, workout.EndedAt, day);
        var intensity = ManualActivities.Usual(workout.Sport);
        (LengthSeconds, IntensityInferred) = (workout.LengthSeconds, true);
        LightSeconds = intensity == Intensity.Light ? workout.LengthSeconds : 0;
        ModerateSeconds = intensity == Intensity.Moderate ? workout.LengthSeconds : 0;
        VigorousSeconds = intensity == Intensity.Vigorous ? workout.LengthSeconds : 0;
        (Steps, DistanceMeters, AverageHeartRate, Metrics) = (workout.Steps, workout.DistanceMeters, workout.AverageHeartRate, workout.Metrics);
        Admission = ScoreDecision.Imported;
        Decide(ScoreDecision.Imported, null, now);
        VersionAt = now;
        Revise(now);
    }

    internal void Edit(ManualEntry entry, DateOnly day, DateTimeOffset now)
    {
        Sport = entry.Sport.Code;
        Title = entry.Title;
        (StartedAt, EndedAt, CompetitionDay) = (entry.StartedAt, entry.StartedAt.AddSeconds(entry.LengthSeconds), day);
        LengthSeconds = entry.LengthSeconds;
        LightSeconds = entry.Intensity == Intensity.Light ? entry.LengthSeconds : 0;
        ModerateSeconds = entry.Intensity == Intensity.Moderate ? entry.LengthSeconds : 0;
        VigorousSeconds = entry.Intensity == Intensity.Vigorous ? entry.LengthSeconds : 0;
        (Steps, DistanceMeters, AverageHeartRate) = (entry.Steps, entry.DistanceMeters, entry.AverageHeartRate);
        VersionAt = now;
        Revise(now);
    }

    internal void Admit(ScoreDecision admission) => Admission = admission;

    internal void Decide(ScoreDecision decision, Guid? duplicateOf, DateTimeOffset now)
    {
        Decision = decision;
        Status = decision.Status();
        DuplicateOfId = duplicateOf;
        UpdatedAt = now;
        if (decision == ScoreDecision.Scores)
            AcceptedAt ??= now;
    }

    internal void Delete(DateTimeOffset versionAt, DateTimeOffset now)
    {
        Admission = ScoreDecision.Deleted;
        Decide(ScoreDecision.Deleted, null, now);
        VersionAt = versionAt;
        Revise(now);
    }

    internal void Confirm(DateTimeOffset versionAt) => VersionAt = versionAt;

    internal void Hide(bool hidden, DateTimeOffset now)
    {
        HiddenAt = hidden ? HiddenAt ?? now : null;
        UpdatedAt = now;
    }

    internal void Pair(bool paired, DateTimeOffset now)
    {
        PairingUndoneAt = paired ? null : PairingUndoneAt ?? now;
        Revise(now);
    }

    internal void Earn(int points, DateTimeOffset now)
    {
        Points = points;
        UpdatedAt = now;
    }

    /// <summary>Read back from an export: it completes the log and never scores.</summary>
    internal void BecomeImported()
    {
        NaturalId = $"{RestoredPrefix}{Id:N}";
        Provenance = ActivityProvenance.Imported;
        if (Decision != ScoreDecision.Deleted)
            Admission = Decision = ScoreDecision.Imported;
        Status = Decision.Status();
        (Points, ReceiptVersion, DuplicateOfId, AcceptedAt, MessageId) = (0, 0, null, null, null);
    }

    internal int NextReceipt() => ++ReceiptVersion;

    private static ActivityProvenance ProvenanceOf(TrackerRecord record) =>
        record.EnteredByHand ? ActivityProvenance.ProviderManual : ActivityProvenance.Device;

    private void Revise(DateTimeOffset now)
    {
        Revision++;
        UpdatedAt = now;
    }
}
