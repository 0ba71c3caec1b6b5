using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Leaderboards;

/// <summary>A badge that a member was given, once.</summary>
public sealed class UserBadge : IEntityTypeConfiguration<UserBadge>
{
    public Guid UserId { get; private set; }

    /// <summary>See <see cref="Badge.All"/>; one that is no longer there is not shown.</summary>
    public string BadgeCode { get; private set; } = "";

    /// <summary>When it was given.</summary>
    public DateTimeOffset EarnedAt { get; private set; }

    /// <summary>The competition day whose points earned it; the last of the week for a place on a board.</summary>
    public DateOnly EarnedOn { get; private set; }

    internal static UserBadge Give(Guid userId, Badge badge, DateOnly earnedOn, DateTimeOffset now) =>
        new() { UserId = userId, BadgeCode = badge.Code, EarnedOn = earnedOn, EarnedAt = now };

    /// <summary>A correction can make another day the one that earned it.</summary>
    internal void MoveTo(DateOnly day) => EarnedOn = day;

    void IEntityTypeConfiguration<UserBadge>.Configure(EntityTypeBuilder<UserBadge> builder)
    {
        builder.ToTable("user_badges", t => t.HasComment("Badges given to members, each once."));
        builder.HasKey(x => new { x.UserId, x.BadgeCode });
        builder.Property(x => x.BadgeCode).HasMaxLength(50);
        builder.HasIndex(x => x.BadgeCode);
        builder.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
