using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum PlanStatus
{
    Draft,
    Active,
    Completed,
    Abandoned,
}

/// <summary>A member's plan towards a goal; its workouts name it.</summary>
public sealed class TrainingPlan
{
    public const int MaxName = 150;

    private TrainingPlan()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public string Name { get; private set; } = "";
    public string? Goal { get; private set; }

    /// <summary>First and last day, in the member's own calendar.</summary>
    public DateOnly StartsOn { get; private set; }
    public DateOnly EndsOn { get; private set; }

    /// <summary>The distance trained for, such as 42,195.</summary>
    public double? GoalDistanceMeters { get; private set; }
    public PlanStatus Status { get; private set; }
    public string? Notes { get; private set; }
    public int Version { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <exception cref="ArgumentException">The name is blank or the plan ends before it starts.</exception>
    public static TrainingPlan Create(Guid userId, string name, string? goal, DateOnly startsOn, DateOnly endsOn, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(endsOn, startsOn);
        return new TrainingPlan
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Name = name.Trim(),
            Goal = string.IsNullOrWhiteSpace(goal) ? null : goal.Trim(),
            StartsOn = startsOn,
            EndsOn = endsOn,
            Status = PlanStatus.Active,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}

internal sealed class TrainingPlanConfiguration : IEntityTypeConfiguration<TrainingPlan>
{
    public void Configure(EntityTypeBuilder<TrainingPlan> b)
    {
        b.ToTable("training_plans", t =>
        {
            t.HasComment("A member's training plans, each with a goal and its first and last day.");
            t.HasCheckConstraint("ck_training_plans_days", "ends_on >= starts_on");
            t.HasCheckConstraint("ck_training_plans_goal_distance", "goal_distance_meters > 0");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.Name).HasMaxLength(TrainingPlan.MaxName);
        b.Property(x => x.Goal).HasMaxLength(500);
        b.Property(x => x.Notes).HasMaxLength(4000);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.UserId, x.StartsOn });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
