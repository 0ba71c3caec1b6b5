using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Coach;

/// <summary>Who gave an answer; the label that the member sees.</summary>
public enum CoachEngine
{
    Rules,
    Model,
}

public enum CoachRole
{
    Member,
    Coach,
    Tool,
}

/// <summary>A member's talk with the coach.</summary>
public sealed class CoachConversation
{
    private CoachConversation()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public string Title { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    public static CoachConversation Start(Guid userId, string title, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), UserId = userId, Title = title, CreatedAt = now, UpdatedAt = now };
}

/// <summary>One message of a conversation; a coach's message names who wrote it and the numbers it used.</summary>
public sealed class CoachMessage
{
    private CoachMessage()
    {
    }

    public Guid ConversationId { get; private set; }

    /// <summary>From 1; unique in the conversation, so that two answers at once cannot interleave.</summary>
    public int Position { get; private set; }
    public CoachRole Role { get; private set; }
    public string Content { get; private set; } = "";
    public CoachEngine? Engine { get; private set; }
    public string? ModelName { get; private set; }

    /// <summary>JSON: the figures cited, each with where it comes from.</summary>
    public string? Citations { get; private set; }

    /// <summary>The answer was the advice to stop and see a doctor.</summary>
    public bool IsSafetyStop { get; private set; }
    public int? InputTokens { get; private set; }
    public int? OutputTokens { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }

    public static CoachMessage FromMember(Guid conversationId, int position, string content, DateTimeOffset now) =>
        new() { ConversationId = conversationId, Position = position, Role = CoachRole.Member, Content = content, CreatedAt = now };

    public static CoachMessage FromCoach(Guid conversationId, int position, string content, CoachEngine engine, string? modelName, string? citations, bool isSafetyStop, DateTimeOffset now) => new()
    {
        ConversationId = conversationId,
        Position = position,
        Role = CoachRole.Coach,
        Content = content,
        Engine = engine,
        ModelName = modelName,
        Citations = citations,
        IsSafetyStop = isSafetyStop,
        CreatedAt = now,
    };
}

internal sealed class CoachConversationConfiguration : IEntityTypeConfiguration<CoachConversation>
{
    public void Configure(EntityTypeBuilder<CoachConversation> b)
    {
        b.ToTable("coach_conversations", t => t.HasComment("Members' conversations with the coach."));
        b.HasKey(x => x.Id);
        b.Property(x => x.Title).HasMaxLength(200);
        b.HasIndex(x => new { x.UserId, x.UpdatedAt });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}

internal sealed class CoachMessageConfiguration : IEntityTypeConfiguration<CoachMessage>
{
    public void Configure(EntityTypeBuilder<CoachMessage> b)
    {
        b.ToTable("coach_messages", t =>
        {
            t.HasComment("The messages of a conversation, with who answered and the numbers the answer cites.");
            t.HasCheckConstraint("ck_coach_messages_position", "position >= 1");
            t.HasCheckConstraint("ck_coach_messages_tokens", "input_tokens >= 0 AND output_tokens >= 0");
        });
        b.HasKey(x => new { x.ConversationId, x.Position });
        b.Property(x => x.Content).HasMaxLength(20_000);
        b.Property(x => x.ModelName).HasMaxLength(100);
        b.Property(x => x.Citations).HasMaxLength(8000);
        b.HasOne<CoachConversation>().WithMany().HasForeignKey(x => x.ConversationId);
    }
}
