using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>A member in a drawing. Its counters are moved by conditional updates, so that limits hold however many purchases race.</summary>
public sealed class DrawingEntrant : IEntityTypeConfiguration<DrawingEntrant>
{
    public Guid DrawingId { get; private set; }

    public Guid UserId { get; private set; }

    public int PaidTickets { get; private set; }

    public int FreeEntries { get; private set; }

    /// <summary>
    /// 32 random bytes that make the member's pseudonym in this drawing, theirs alone to know. Null in `commit` drawings, whose salts
    /// follow from the server seed (<see cref="Protocol.Pseudonym.CommittedSalt"/>).
    /// </summary>
    public byte[]? Salt { get; private set; }

    /// <summary>The rules accepted by entering.</summary>
    public int RulesVersion { get; private set; }

    public DateTimeOffset EnteredAt { get; private set; }

    /// <summary>When the points came back, after the drawing was cancelled.</summary>
    public DateTimeOffset? RefundedAt { get; private set; }

    internal void Refund(DateTimeOffset now) => RefundedAt = now;

    void IEntityTypeConfiguration<DrawingEntrant>.Configure(EntityTypeBuilder<DrawingEntrant> builder)
    {
        builder.ToTable("drawing_entrants", t =>
        {
            t.HasComment("A member in a drawing: what counts against the limits, and the salt of the member's pseudonym.");
            t.HasCheckConstraint("ck_drawing_entrants_counts", "paid_tickets >= 0 AND free_entries >= 0 AND paid_tickets + free_entries > 0");
        });
        builder.HasKey(e => new { e.DrawingId, e.UserId });
        builder.Property(e => e.Salt).HasMaxLength(32);
        builder.HasOne<Drawing>().WithMany().HasForeignKey(e => e.DrawingId);
        builder.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
        builder.HasIndex(e => e.UserId);
    }
}
