using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Coach;

public enum CoachTask
{
    Chat,
    Recommend,
    Analyze,
}

/// <summary>A model's answer, kept for its member alone until it expires or the numbers behind it change.</summary>
public sealed class CoachAnswer
{
    private CoachAnswer()
    {
    }

    public Guid UserId { get; private set; }
    public CoachTask Task { get; private set; }

    /// <summary>SHA-256, lower-case hex, of the question and of the numbers it was answered from.</summary>
    public string QuestionHash { get; private set; } = "";
    public string Answer { get; private set; } = "";
    public string? Citations { get; private set; }
    public string? ModelName { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static CoachAnswer Of(Guid userId, CoachTask task, string questionHash, string answer, string? citations, string? modelName, DateTimeOffset now, DateTimeOffset expiresAt) => new()
    {
        UserId = userId,
        Task = task,
        QuestionHash = questionHash,
        Answer = answer,
        Citations = citations,
        ModelName = modelName,
        CreatedAt = now,
        ExpiresAt = expiresAt,
    };
}

internal sealed class CoachAnswerConfiguration : IEntityTypeConfiguration<CoachAnswer>
{
    public void Configure(EntityTypeBuilder<CoachAnswer> b)
    {
        b.ToTable("coach_answers", t =>
        {
            t.HasComment("Cached answers of the configured language model, per member and question.");
            t.HasCheckConstraint("ck_coach_answers_expires_at", "expires_at > created_at");
        });
        b.HasKey(x => new { x.UserId, x.Task, x.QuestionHash });
        b.Property(x => x.QuestionHash).HasMaxLength(64);
        b.Property(x => x.Answer).HasMaxLength(20_000);
        b.Property(x => x.Citations).HasMaxLength(8000);
        b.Property(x => x.ModelName).HasMaxLength(100);
        b.HasIndex(x => x.ExpiresAt);
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
