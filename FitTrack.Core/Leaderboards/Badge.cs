using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Leaderboards;

/// <summary>Something worth showing on a profile; the rule that gives it is code, found by <see cref="Code"/>.</summary>
public sealed class Badge : IEntityTypeConfiguration<Badge>
{
    /// <summary>snake_case, for example <c>first_10k_day</c>.</summary>
    public string Code { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    void IEntityTypeConfiguration<Badge>.Configure(EntityTypeBuilder<Badge> builder)
    {
        builder.ToTable("badges", t => t.HasComment("The badges there are; their rules are code."));
        builder.HasKey(x => x.Code);
        builder.Property(x => x.Code).HasMaxLength(50);
        builder.Property(x => x.Name).HasMaxLength(100);
        builder.Property(x => x.Description).HasMaxLength(500);
    }
}

/// <summary>A badge that a member was given, once.</summary>
public sealed class UserBadge : IEntityTypeConfiguration<UserBadge>
{
    public Guid UserId { get; private set; }

    public string BadgeCode { get; private set; } = "";

    public DateTimeOffset EarnedAt { get; private set; }

    /// <summary>The competition day whose points earned it.</summary>
    public DateOnly EarnedOn { get; private set; }

    void IEntityTypeConfiguration<UserBadge>.Configure(EntityTypeBuilder<UserBadge> builder)
    {
        builder.ToTable("user_badges", t => t.HasComment("Badges given to members, each once."));
        builder.HasKey(x => new { x.UserId, x.BadgeCode });
        builder.Property(x => x.BadgeCode).HasMaxLength(50);
        builder.HasOne<Badge>().WithMany().HasForeignKey(x => x.BadgeCode);
        builder.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
