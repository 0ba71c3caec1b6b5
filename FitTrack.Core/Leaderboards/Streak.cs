using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Leaderboards;

/// <summary>How many weeks in a row a member earned points; a freeze bridges a week without.</summary>
public sealed class Streak : IEntityTypeConfiguration<Streak>
{
    public Guid UserId { get; private set; }

    /// <summary>Weeks in a row up to <see cref="LastWeekStart"/>.</summary>
    public int CurrentWeeks { get; private set; }

    public int LongestWeeks { get; private set; }

    /// <summary>Monday of the last week that counted; null before the first.</summary>
    public DateOnly? LastWeekStart { get; private set; }

    public int FreezesLeft { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    void IEntityTypeConfiguration<Streak>.Configure(EntityTypeBuilder<Streak> builder)
    {
        builder.ToTable("streaks", t =>
        {
            t.HasComment("Weekly streaks of the members.");
            t.HasCheckConstraint("ck_streaks_current_weeks", "current_weeks >= 0 AND longest_weeks >= current_weeks AND freezes_left >= 0");
        });
        builder.HasKey(x => x.UserId);
        builder.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}
