using FitTrack.Core.Accounts;
using FitTrack.Core.Training;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Coach;

public enum RecommendationStatus
{
    Proposed,
    Accepted,
    Dismissed,
}

/// <summary>A plan that the coach proposed; accepting it writes it into the training log.</summary>
public sealed class RecommendedPlan
{
    private RecommendedPlan()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public Guid? ConversationId { get; private set; }
    public string Title { get; private set; } = "";

    /// <summary>Which shape <see cref="Document"/> has.</summary>
    public int SchemaVersion { get; private set; }

    /// <summary>JSON: weeks, workouts and targets.</summary>
    public string Document { get; private set; } = "";
    public CoachEngine Engine { get; private set; }
    public string? ModelName { get; private set; }
    public RecommendationStatus Status { get; private set; }

    /// <summary>The training plan it became.</summary>
    public Guid? AcceptedPlanId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? DecidedAt { get; private set; }

    public static RecommendedPlan Propose(Guid userId, Guid? conversationId, string title, int schemaVersion, string document, CoachEngine engine, string? modelName, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        ConversationId = conversationId,
        Title = title,
        SchemaVersion = schemaVersion,
        Document = document,
        Engine = engine,
        ModelName = modelName,
        Status = RecommendationStatus.Proposed,
        CreatedAt = now,
    };
}

internal sealed class RecommendedPlanConfiguration : IEntityTypeConfiguration<RecommendedPlan>
{
    public void Configure(EntityTypeBuilder<RecommendedPlan> b)
    {
        b.ToTable("recommended_plans", t =>
        {
            t.HasComment("Training plans that the coach proposed, and what became of them.");
            t.HasCheckConstraint("ck_recommended_plans_accepted", "accepted_plan_id IS NULL OR status = 'accepted'");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.Title).HasMaxLength(TrainingPlan.MaxName);
        b.Property(x => x.Document).HasMaxLength(60_000);
        b.Property(x => x.ModelName).HasMaxLength(100);
        b.HasIndex(x => new { x.UserId, x.CreatedAt });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<CoachConversation>().WithMany().HasForeignKey(x => x.ConversationId);
        b.HasOne<TrainingPlan>().WithMany().HasForeignKey(x => x.AcceptedPlanId);
    }
}
