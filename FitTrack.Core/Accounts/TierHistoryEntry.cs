using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

/// <summary>
/// From which competition day on a tier counts for the points of a day. A day's tier is the one at its midnight, so a change
/// of the profile counts from the next day and a birthday from its own; days before the first entry take the first.
/// </summary>
public sealed class TierHistoryEntry
{
    private TierHistoryEntry()
    {
    }

    public Guid UserId { get; private set; }

    public DateOnly FromDay { get; private set; }

    public string TierCode { get; private set; } = null!;

    public DateTimeOffset RecordedAt { get; private set; }

    public static TierHistoryEntry From(Guid userId, DateOnly day, string tierCode, DateTimeOffset now) =>
        new() { UserId = userId, FromDay = day, TierCode = tierCode, RecordedAt = now };

    /// <summary>A second change on one day replaces what the first would have begun tomorrow.</summary>
    public void Replace(string tierCode, DateTimeOffset now) => (TierCode, RecordedAt) = (tierCode, now);
}

internal sealed class TierHistoryConfiguration : IEntityTypeConfiguration<TierHistoryEntry>
{
    public void Configure(EntityTypeBuilder<TierHistoryEntry> b)
    {
        b.ToTable("tier_history", t => t.HasComment("From which competition day on a member's tier counts."));
        b.HasKey(e => new { e.UserId, e.FromDay });
        b.Property(e => e.TierCode).HasMaxLength(TierCode.MaxLength);
        b.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
    }
}
