using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

/// <summary>What a member chose to protect themselves: a spending limit, a pause, or a self-exclusion.</summary>
public sealed class MemberLimits
{
    private MemberLimits()
    {
    }

    public Guid UserId { get; private set; }

    /// <summary>Points that may be spent on tickets in a competition week; null for no limit.</summary>
    public int? WeeklySpendingLimit { get; private set; }

    /// <summary>A raised or removed limit waits here, so that a moment's wish does not undo it.</summary>
    public int? PendingSpendingLimit { get; private set; }

    /// <summary>From when <see cref="PendingSpendingLimit"/> holds; null when nothing is waiting.</summary>
    public DateTimeOffset? PendingFrom { get; private set; }

    public DateTimeOffset? CoolOffUntil { get; private set; }

    public DateTimeOffset? SelfExcludedAt { get; private set; }

    /// <summary>Null with <see cref="SelfExcludedAt"/> set means for good.</summary>
    public DateTimeOffset? SelfExcludedUntil { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static MemberLimits None(Guid userId, DateTimeOffset now) => new() { UserId = userId, UpdatedAt = now };

    public bool IsCoolingOff(DateTimeOffset now) => CoolOffUntil > now;

    public bool IsSelfExcluded(DateTimeOffset now) => SelfExcludedAt is not null && (SelfExcludedUntil is null || SelfExcludedUntil > now);

    /// <summary>The limit in force, in points a week; null for none.</summary>
    public int? SpendingLimit(DateTimeOffset now) => PendingFrom is { } from && from <= now ? PendingSpendingLimit : WeeklySpendingLimit;

    /// <summary>A lower limit holds at once, a higher one or none after <paramref name="delay"/>.</summary>
    public void LimitSpending(int? weekly, TimeSpan delay, DateTimeOffset now)
    {
        var current = SpendingLimit(now);
        var lowers = weekly is { } w && (current is not { } c || w <= c);
        var atOnce = lowers || current is null;
        WeeklySpendingLimit = atOnce ? weekly : current;
        PendingSpendingLimit = atOnce ? null : weekly;
        PendingFrom = atOnce ? null : now + delay;
        UpdatedAt = now;
    }

    /// <summary>Pauses until a time; a pause cannot be shortened.</summary>
    public void CoolOff(DateTimeOffset until, DateTimeOffset now)
    {
        CoolOffUntil = CoolOffUntil > until ? CoolOffUntil : until;
        UpdatedAt = now;
    }

    /// <summary>Excludes until a time, or for good; an exclusion in force cannot be shortened.</summary>
    public void Exclude(DateTimeOffset? until, DateTimeOffset now)
    {
        if (IsSelfExcluded(now) && (SelfExcludedUntil is null || until < SelfExcludedUntil))
            return;
        (SelfExcludedAt, SelfExcludedUntil, UpdatedAt) = (now, until, now);
    }
}

internal sealed class MemberLimitsConfiguration : IEntityTypeConfiguration<MemberLimits>
{
    public void Configure(EntityTypeBuilder<MemberLimits> b)
    {
        b.ToTable("member_limits", t =>
        {
            t.HasComment("Spending limit, cool-off and self-exclusion that a member set for themselves.");
            t.HasCheckConstraint("ck_member_limits_weekly", "weekly_spending_limit >= 0");
            t.HasCheckConstraint("ck_member_limits_pending", "pending_spending_limit >= 0");
        });
        b.HasKey(l => l.UserId);
        // What protects must not be undone by an older wish that is saved later.
        b.Property(l => l.UpdatedAt).IsConcurrencyToken();
        b.HasOne<User>().WithOne().HasForeignKey<MemberLimits>(l => l.UserId);
    }
}
