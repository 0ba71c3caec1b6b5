using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// A member's points of one day, week, month or of all time (domain section 4). A member has one row a period and so
/// stands on one board of it: the tier is a column, not a part of the key, and moves with the member.
/// </summary>
public sealed class LeaderboardScore : IEntityTypeConfiguration<LeaderboardScore>
{
    public Guid UserId { get; private set; }

    public PeriodKind PeriodKind { get; private set; }

    /// <summary>The period's first day in the competition time zone.</summary>
    public DateOnly PeriodStart { get; private set; }

    public string TierCode { get; private set; } = "";

    /// <summary>Earned in the period, corrections included; spending never counts. A row at zero is not on the board.</summary>
    public long Points { get; private set; }

    /// <summary>Ledger time of the last row that changed <see cref="Points"/>; of equal points the earlier ranks first.</summary>
    public DateTimeOffset ReachedAt { get; private set; }

    internal static LeaderboardScore Create(Guid userId, Period period, string tierCode, long points, DateTimeOffset at) => new()
    {
        UserId = userId,
        PeriodKind = period.Kind,
        PeriodStart = period.Start,
        TierCode = tierCode,
        Points = points,
        ReachedAt = at,
    };

    internal void Add(long delta, DateTimeOffset at)
    {
        Points += delta;
        ReachedAt = at;
    }

    void IEntityTypeConfiguration<LeaderboardScore>.Configure(EntityTypeBuilder<LeaderboardScore> builder)
    {
        builder.ToTable("leaderboard_scores", t => t.HasComment("Points of each member in each day, week, month and all time; written with the ledger."));
        builder.HasKey(x => new { x.UserId, x.PeriodKind, x.PeriodStart });
        builder.Property(x => x.TierCode).HasMaxLength(20);
        builder.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        // A batch that read this value before another changed it must lose (DbErrors.IsLostRace) and be tried again.
        builder.Property(x => x.Points).IsConcurrencyToken();
        // The ranking order; it holds every column, so a board is read from the index alone.
        builder.HasIndex(x => new { x.PeriodKind, x.PeriodStart, x.TierCode, x.Points, x.ReachedAt, x.UserId })
            .IsDescending(false, false, false, true, false, false);
    }
}
