using FitTrack.Core.Accounts;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Notifications;

/// <summary>
/// A mail to send, written in the transaction of its cause. Sending is claimed by a lease whose fencing number the final write
/// checks; a mail is sent at least once.
/// </summary>
internal sealed class OutboxMessage : ILeasedRow
{
    private OutboxMessage()
    {
    }

    public Guid Id { get; private set; }

    public string MessageType { get; private set; } = null!;

    public Guid? UserId { get; private set; }

    /// <summary>JSON that the type's template reads.</summary>
    public string Payload { get; private set; } = null!;

    /// <summary>Two messages with one key are one message.</summary>
    public string DedupeKey { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset NotBefore { get; private set; }

    public int Attempts { get; private set; }

    public string? LeaseOwner { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    public long Fencing { get; private set; }

    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Given up after too many attempts; an admin can look at <see cref="LastError"/>.</summary>
    public DateTimeOffset? DeadAt { get; private set; }

    public string? LastError { get; private set; }

    public static OutboxMessage Create(string type, Guid? userId, string payload, string dedupeKey, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        MessageType = type,
        UserId = userId,
        Payload = payload,
        DedupeKey = dedupeKey,
        CreatedAt = now,
        NotBefore = now,
    };
}

internal sealed class OutboxMessageConfiguration : IEntityTypeConfiguration<OutboxMessage>
{
    public const int ErrorLength = 500;

    public void Configure(EntityTypeBuilder<OutboxMessage> b)
    {
        b.ToTable("outbox_messages", t =>
        {
            t.HasComment("Mails to send, written with their cause; claimed by lease, retried, at last given up.");
            t.HasCheckConstraint("ck_outbox_messages_attempts", "attempts >= 0");
        });
        b.HasKey(m => m.Id);
        b.Property(m => m.MessageType).HasMaxLength(60);
        b.Property(m => m.Payload).HasMaxLength(60_000);
        b.Property(m => m.DedupeKey).HasMaxLength(200);
        b.HasLease();
        b.Property(m => m.LastError).HasMaxLength(ErrorLength);
        b.HasIndex(m => m.DedupeKey).IsUnique();
        b.HasIndex(m => new { m.SentAt, m.DeadAt, m.NotBefore });
        b.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
    }
}
