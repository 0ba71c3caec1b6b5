using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Points;

/// <summary>What one competition day of one member has earned so far, and by which rates: those at its midnight.</summary>
public sealed class PointDay
{
    private PointDay()
    {
    }

    public Guid UserId { get; private set; }

    public DateOnly CompetitionDay { get; private set; }

    public string TierCode { get; private set; } = null!;

    public string RateVersion { get; private set; } = null!;

    public int MultiplierTenths { get; private set; }

    public long LightSeconds { get; private set; }

    public long ModerateSeconds { get; private set; }

    public long VigorousSeconds { get; private set; }

    public long Steps { get; private set; }

    public int Bonuses { get; private set; }

    /// <summary>What <see cref="Quantities"/> are worth: the day's points in the ledger, earned and corrected.</summary>
    public int Total { get; private set; }

    /// <summary>
    /// A correction that waits for review because the points were spent already: below zero, the difference between what
    /// the day is worth and <see cref="Total"/>; else 0.
    /// </summary>
    public int HeldCorrection { get; private set; }

    /// <summary>The tracker whose steps and minutes the day takes: the one whose summary scored first.</summary>
    public Guid? SummaryConnectionId { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DayQuantities Quantities => new(LightSeconds, ModerateSeconds, VigorousSeconds, Steps, Bonuses);

    internal static PointDay Begin(Guid userId, DateOnly day, string tierCode, RateVersion rates, DateTimeOffset now) => new()
    {
        UserId = userId,
        CompetitionDay = day,
        TierCode = tierCode,
        RateVersion = rates.Version,
        MultiplierTenths = rates.MultiplierTenths(tierCode),
        UpdatedAt = now,
    };

    internal void Credit(DayQuantities quantities, int total, DateTimeOffset now)
    {
        (LightSeconds, ModerateSeconds, VigorousSeconds, Steps, Bonuses) =
            (quantities.LightSeconds, quantities.ModerateSeconds, quantities.VigorousSeconds, quantities.Steps, quantities.Bonuses);
        Total = total;
        HeldCorrection = 0;
        UpdatedAt = now;
    }

    internal void Hold(int difference, DateTimeOffset now)
    {
        HeldCorrection = difference;
        UpdatedAt = now;
    }

    internal void TakeSummariesFrom(Guid connectionId) => SummaryConnectionId ??= connectionId;
}

internal sealed class PointDayConfiguration : IEntityTypeConfiguration<PointDay>
{
    public void Configure(EntityTypeBuilder<PointDay> builder)
    {
        builder.ToTable("point_days", t =>
        {
            t.HasComment("What each member's competition day has earned, with the tier and rates of its midnight.");
            t.HasCheckConstraint("ck_point_days_total", "total >= 0");
            t.HasCheckConstraint("ck_point_days_held", "held_correction <= 0");
        });
        builder.HasKey(d => new { d.UserId, d.CompetitionDay });
        builder.Property(d => d.TierCode).HasMaxLength(11);
        builder.Ignore(d => d.Quantities);
        builder.Property(d => d.RateVersion).HasMaxLength(20);
        builder.HasOne<User>().WithMany().HasForeignKey(d => d.UserId);
    }
}
