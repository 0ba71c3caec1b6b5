using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum SetKind
{
    Normal,
    Warmup,
    Dropset,
    Failure,
}

/// <summary>An exercise at its place in a workout.</summary>
public sealed class WorkoutExercise
{
    private WorkoutExercise()
    {
    }

    public Guid Id { get; private set; }
    public Guid WorkoutId { get; private set; }
    public Guid ExerciseId { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }

    /// <summary>Exercises of one workout with the same number are done in turn.</summary>
    public int? Superset { get; private set; }
    public string? Notes { get; private set; }
    public IReadOnlyList<WorkoutSet> Sets => _sets;

    private readonly List<WorkoutSet> _sets = [];

    internal static WorkoutExercise Create(Guid workoutId, Guid exerciseId, int position, int sets, int? reps, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sets, Exercise.MaxSets);
        var exercise = new WorkoutExercise { Id = Guid.CreateVersion7(now), WorkoutId = workoutId, ExerciseId = exerciseId, Position = position };
        exercise._sets.AddRange(Enumerable.Range(1, sets).Select(n => WorkoutSet.Planned(exercise.Id, n, reps)));
        return exercise;
    }
}

/// <summary>One set: what was meant, and what was done.</summary>
public sealed class WorkoutSet
{
    private WorkoutSet()
    {
    }

    public Guid WorkoutExerciseId { get; private set; }

    /// <summary>From 1.</summary>
    public int Position { get; private set; }
    public SetKind Kind { get; private set; }
    public int? TargetReps { get; private set; }
    public int? Reps { get; private set; }
    public double? WeightKilograms { get; private set; }
    public double? DistanceMeters { get; private set; }
    public int? DurationSeconds { get; private set; }

    /// <summary>Rate of perceived exertion, 1 to 10.</summary>
    public double? Exertion { get; private set; }

    internal static WorkoutSet Planned(Guid workoutExerciseId, int position, int? reps) =>
        new() { WorkoutExerciseId = workoutExerciseId, Position = position, Kind = SetKind.Normal, TargetReps = reps };
}

internal sealed class WorkoutExerciseConfiguration : IEntityTypeConfiguration<WorkoutExercise>
{
    public void Configure(EntityTypeBuilder<WorkoutExercise> b)
    {
        b.ToTable("workout_exercises", t =>
        {
            t.HasComment("The exercises of a workout in their order.");
            t.HasCheckConstraint("ck_workout_exercises_position", "position >= 1");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.Notes).HasMaxLength(1000);
        b.HasIndex(x => new { x.WorkoutId, x.Position });
        b.HasOne<Exercise>().WithMany().HasForeignKey(x => x.ExerciseId);
        b.HasMany(x => x.Sets).WithOne().HasForeignKey(x => x.WorkoutExerciseId);
    }
}

internal sealed class WorkoutSetConfiguration : IEntityTypeConfiguration<WorkoutSet>
{
    public void Configure(EntityTypeBuilder<WorkoutSet> b)
    {
        b.ToTable("workout_sets", t =>
        {
            t.HasComment("The sets of an exercise in a workout: target and result.");
            t.HasCheckConstraint("ck_workout_sets_position", "position >= 1");
            t.HasCheckConstraint("ck_workout_sets_target_reps", "target_reps >= 0");
            t.HasCheckConstraint("ck_workout_sets_reps", "reps >= 0");
            t.HasCheckConstraint("ck_workout_sets_weight", "weight_kilograms >= 0");
            t.HasCheckConstraint("ck_workout_sets_distance", "distance_meters >= 0");
            t.HasCheckConstraint("ck_workout_sets_duration", "duration_seconds >= 0");
            t.HasCheckConstraint("ck_workout_sets_exertion", "exertion BETWEEN 1 AND 10");
        });
        b.HasKey(x => new { x.WorkoutExerciseId, x.Position });
    }
}
