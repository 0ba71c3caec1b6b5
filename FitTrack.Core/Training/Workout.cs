using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum WorkoutType
{
    EasyRun,
    LongRun,
    TempoRun,
    IntervalRun,
    RecoveryRun,
    Race,
    Strength,
    CrossTraining,
    Mobility,
    Rest,
    Other,
}

public enum WorkoutStatus
{
    Planned,
    Done,
    Skipped,
}

/// <summary>Where a record of the training log came from.</summary>
public enum TrainingSource
{
    Manual,
    Strava,
    MapMyFitness,
    Hevy,
    File,
    Tracker,
}

/// <summary>A workout, planned or done, of a plan or on its own.</summary>
public sealed class Workout
{
    public const int MaxTitle = 150;

    private Workout()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public Guid? PlanId { get; private set; }

    /// <summary><c>hevy_{id}</c> for a synced one, <c>fittrack_{id}</c> for our own; unique per member.</summary>
    public string NaturalId { get; private set; } = "";
    public TrainingSource Source { get; private set; }
    public WorkoutType Type { get; private set; }
    public WorkoutStatus Status { get; private set; }
    public string Title { get; private set; } = "";
    public string? Notes { get; private set; }

    /// <summary>The day it is planned for, or was done on, in the member's own calendar.</summary>
    public DateOnly Day { get; private set; }
    public double? TargetDistanceMeters { get; private set; }
    public int? TargetDurationSeconds { get; private set; }
    public double? TargetSecondsPerKilometer { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public int? DurationSeconds { get; private set; }

    /// <summary>The provider's record changed last at; an older delivery changes nothing.</summary>
    public DateTimeOffset? SourceUpdatedAt { get; private set; }
    public Guid? ImportBatchId { get; private set; }
    public int Version { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }
    public IReadOnlyList<WorkoutExercise> Exercises => _exercises;

    private readonly List<WorkoutExercise> _exercises = [];

    /// <summary>A workout of the member's own for a day to come.</summary>
    /// <exception cref="ArgumentException">The title is blank.</exception>
    public static Workout Plan(Guid userId, Guid? planId, WorkoutType type, string title, DateOnly day, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        var id = Guid.CreateVersion7(now);
        return new Workout
        {
            Id = id,
            UserId = userId,
            PlanId = planId,
            NaturalId = $"fittrack_{id:N}",
            Source = TrainingSource.Manual,
            Type = type,
            Status = WorkoutStatus.Planned,
            Title = title.Trim(),
            Day = day,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Appends an exercise with its planned sets.</summary>
    public WorkoutExercise AddExercise(Guid exerciseId, int sets, int? reps, DateTimeOffset now)
    {
        var exercise = WorkoutExercise.Create(Id, exerciseId, _exercises.Count + 1, sets, reps, now);
        _exercises.Add(exercise);
        return exercise;
    }
}

internal sealed class WorkoutConfiguration : IEntityTypeConfiguration<Workout>
{
    public void Configure(EntityTypeBuilder<Workout> b)
    {
        b.ToTable("workouts", t =>
        {
            t.HasComment("Workouts of the training log, planned or done, with their targets.");
            t.HasCheckConstraint("ck_workouts_target_distance", "target_distance_meters > 0");
            t.HasCheckConstraint("ck_workouts_target_duration", "target_duration_seconds > 0");
            t.HasCheckConstraint("ck_workouts_target_pace", "target_seconds_per_kilometer > 0");
            t.HasCheckConstraint("ck_workouts_duration", "duration_seconds >= 0");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.NaturalId).HasMaxLength(80);
        b.Property(x => x.Title).HasMaxLength(Workout.MaxTitle);
        b.Property(x => x.Notes).HasMaxLength(4000);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.UserId, x.NaturalId }).IsUnique();
        b.HasIndex(x => new { x.UserId, x.Day });
        b.HasIndex(x => new { x.PlanId, x.Day });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<TrainingPlan>().WithMany().HasForeignKey(x => x.PlanId);
        b.HasOne<Imports.ImportBatch>().WithMany().HasForeignKey(x => x.ImportBatchId);
        b.HasMany(x => x.Exercises).WithOne().HasForeignKey(x => x.WorkoutId);
    }
}
