using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum MuscleGroup
{
    Chest,
    Back,
    Shoulders,
    Biceps,
    Triceps,
    Forearms,
    Core,
    Glutes,
    Quadriceps,
    Hamstrings,
    Calves,
    FullBody,
    Cardio,
}

public enum Equipment
{
    None,
    Barbell,
    Dumbbell,
    Kettlebell,
    Machine,
    Cable,
    Band,
    Bench,
    PullUpBar,
    MedicineBall,
    CardioMachine,
    Other,
}

/// <summary>An exercise of the shared catalogue, or of one member's own.</summary>
public sealed class Exercise
{
    public const int MaxName = 100;
    public const int MaxSets = 50;
    public const int MaxReps = 1000;
    private const string SharedScope = "shared";

    private Exercise()
    {
    }

    public Guid Id { get; private set; }

    /// <summary>Null for the shared catalogue.</summary>
    public Guid? OwnerId { get; private set; }

    /// <summary><c>shared</c> or the owner's id: what the name is unique in (Oracle has no partial unique indexes).</summary>
    public string Scope { get; private set; } = SharedScope;
    public string Name { get; private set; } = "";

    /// <summary>The name in lower case, so that "Squat" and "squat" are one.</summary>
    public string NameKey { get; private set; } = "";
    public Equipment Equipment { get; private set; }

    /// <summary>1 to 50.</summary>
    public int? DefaultSets { get; private set; }

    /// <summary>1 to 1,000.</summary>
    public int? DefaultReps { get; private set; }
    public string? Instructions { get; private set; }
    public int Version { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>The muscles it works, main ones first.</summary>
    public IReadOnlyList<ExerciseMuscle> Muscles => _muscles;

    private readonly List<ExerciseMuscle> _muscles = [];

    /// <summary>An exercise of the owner's, or without an owner of the shared catalogue.</summary>
    /// <exception cref="ArgumentException">The name is blank or a number is outside its range.</exception>
    public static Exercise Create(Guid? ownerId, string name, Equipment equipment, MuscleGroup muscle, int? defaultSets, int? defaultReps, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Trim().Length, MaxName, nameof(name));
        if (defaultSets is < 1 or > MaxSets)
            throw new ArgumentOutOfRangeException(nameof(defaultSets));
        if (defaultReps is < 1 or > MaxReps)
            throw new ArgumentOutOfRangeException(nameof(defaultReps));
        var exercise = new Exercise
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = ownerId,
            Scope = ownerId?.ToString() ?? SharedScope,
            Name = name.Trim(),
            NameKey = name.Trim().ToLowerInvariant(),
            Equipment = equipment,
            DefaultSets = defaultSets,
            DefaultReps = defaultReps,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        exercise.AddMuscle(muscle, isPrimary: true);
        return exercise;
    }

    /// <summary>Read back from an export: it is this member's, whoever's it was.</summary>
    internal void BelongTo(Guid owner) => (OwnerId, Scope) = (owner, owner.ToString());

    /// <summary>Adds a muscle that it works; one that is there already stays as it is.</summary>
    public void AddMuscle(MuscleGroup muscle, bool isPrimary)
    {
        if (_muscles.TrueForAll(m => m.MuscleGroup != muscle))
            _muscles.Add(new ExerciseMuscle(Id, muscle, isPrimary));
    }
}

/// <summary>A muscle that an exercise works.</summary>
public sealed class ExerciseMuscle
{
    private ExerciseMuscle()
    {
    }

    internal ExerciseMuscle(Guid exerciseId, MuscleGroup muscleGroup, bool isPrimary)
    {
        ExerciseId = exerciseId;
        MuscleGroup = muscleGroup;
        IsPrimary = isPrimary;
    }

    public Guid ExerciseId { get; private set; }
    public MuscleGroup MuscleGroup { get; private set; }
    public bool IsPrimary { get; private set; }
}

internal sealed class ExerciseConfiguration : IEntityTypeConfiguration<Exercise>
{
    public void Configure(EntityTypeBuilder<Exercise> b)
    {
        b.ToTable("exercises", t =>
        {
            t.HasComment("Exercises of the shared catalogue and of single members, with the defaults a workout starts from.");
            t.HasCheckConstraint("ck_exercises_default_sets", "default_sets BETWEEN 1 AND 50");
            t.HasCheckConstraint("ck_exercises_default_reps", "default_reps BETWEEN 1 AND 1000");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.Scope).HasMaxLength(36);
        b.Property(x => x.Name).HasMaxLength(Exercise.MaxName);
        b.Property(x => x.NameKey).HasMaxLength(Exercise.MaxName);
        b.Property(x => x.Instructions).HasMaxLength(4000);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.Scope, x.NameKey }).IsUnique();
        b.HasOne<User>().WithMany().HasForeignKey(x => x.OwnerId);
        b.HasMany(x => x.Muscles).WithOne().HasForeignKey(x => x.ExerciseId);
    }
}

internal sealed class ExerciseMuscleConfiguration : IEntityTypeConfiguration<ExerciseMuscle>
{
    public void Configure(EntityTypeBuilder<ExerciseMuscle> b)
    {
        b.ToTable("exercise_muscles", t => t.HasComment("The muscle groups that an exercise works."));
        b.HasKey(x => new { x.ExerciseId, x.MuscleGroup });
        b.HasIndex(x => x.MuscleGroup);
    }
}
