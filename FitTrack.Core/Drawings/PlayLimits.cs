using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>What a member set for themselves: a monthly spending limit, a cool-off, an exclusion. No row means none of them.</summary>
public sealed class PlayLimits : IEntityTypeConfiguration<PlayLimits>
{
    public Guid UserId { get; private set; }

    /// <summary>Points on tickets a month; null for none.</summary>
    public int? MonthlyLimit { get; private set; }

    /// <summary>The month that <see cref="MonthSpent"/> counts, by its first day.</summary>
    public DateOnly? MonthStart { get; private set; }

    public int MonthSpent { get; private set; }

    /// <summary>A higher limit, or none (null), that holds from <see cref="NextLimitAt"/>; a lower one holds at once.</summary>
    public int? NextMonthlyLimit { get; private set; }

    public DateTimeOffset? NextLimitAt { get; private set; }

    public DateTimeOffset? CoolOffUntil { get; private set; }

    public DateTimeOffset? SelfExcludedUntil { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public long Version { get; private set; }

    void IEntityTypeConfiguration<PlayLimits>.Configure(EntityTypeBuilder<PlayLimits> builder)
    {
        builder.ToTable("play_limits", t =>
        {
            t.HasComment("Limits that members set for themselves.");
            t.HasCheckConstraint("ck_play_limits_numbers", "month_spent >= 0 AND (monthly_limit IS NULL OR monthly_limit >= 0)");
        });
        builder.HasKey(l => l.UserId);
        builder.Property(l => l.UserId).ValueGeneratedNever();
        builder.Property(l => l.Version).IsConcurrencyToken();
    }
}
