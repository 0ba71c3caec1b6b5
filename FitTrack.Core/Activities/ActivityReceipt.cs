using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Activities;

/// <summary>What a receipt's two sums mean.</summary>
public enum ReceiptKind
{
    /// <summary>Nothing was booked: the activity does not score.</summary>
    NoPoints,

    /// <summary>The activity arrived or grew: the day with it less the day before it is what it earned now.</summary>
    Award,

    /// <summary>The day was divided anew after a correction: the difference is all that the activity is worth.</summary>
    Division,

    /// <summary>A correction waits for review; the points are as before.</summary>
    Held,
}

/// <summary>
/// How an activity's points came about, as numbers from which anyone can redo the sum (domain section 3): the day before
/// it and the day with it, and the rates. Receipts are never changed; a correction writes the next version.
/// </summary>
public sealed class ActivityReceipt
{
    public const int MaxCause = 200;

    private ActivityReceipt()
    {
    }

    public Guid ActivityId { get; private set; }

    public int Version { get; private set; }

    /// <summary>The activity's revision it was made for.</summary>
    public int Revision { get; private set; }

    public DateOnly CompetitionDay { get; private set; }

    public ReceiptKind Kind { get; private set; }

    public ScoreDecision Decision { get; private set; }

    /// <summary>Arrival, or the correction that made the day be divided anew.</summary>
    public string Cause { get; private set; } = null!;

    /// <summary>The activity's points after this receipt.</summary>
    public int Points { get; private set; }

    /// <summary>By how much this changed them.</summary>
    public int PointsChange { get; private set; }

    public string? TierCode { get; private set; }

    public string? RateVersion { get; private set; }

    public int? MultiplierTenths { get; private set; }

    public int BeforeLightSeconds { get; private set; }

    public int BeforeModerateSeconds { get; private set; }

    public int BeforeVigorousSeconds { get; private set; }

    public int BeforeSteps { get; private set; }

    public int BeforeBonuses { get; private set; }

    public int AfterLightSeconds { get; private set; }

    public int AfterModerateSeconds { get; private set; }

    public int AfterVigorousSeconds { get; private set; }

    public int AfterSteps { get; private set; }

    public int AfterBonuses { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DayQuantities Before => new(BeforeLightSeconds, BeforeModerateSeconds, BeforeVigorousSeconds, BeforeSteps, BeforeBonuses);

    public DayQuantities After => new(AfterLightSeconds, AfterModerateSeconds, AfterVigorousSeconds, AfterSteps, AfterBonuses);

    internal static ActivityReceipt For(Activity activity, ReceiptKind kind, string cause, int pointsChange, DateTimeOffset now) => new()
    {
        ActivityId = activity.Id,
        Version = activity.NextReceipt(),
        Revision = activity.Revision,
        CompetitionDay = activity.CompetitionDay,
        Kind = kind,
        Decision = activity.Decision,
        Cause = cause.Length <= MaxCause ? cause : cause[..MaxCause],
        Points = activity.Points,
        PointsChange = pointsChange,
        CreatedAt = now,
    };

    internal ActivityReceipt WithSum(PointDay day, DayQuantities before, DayQuantities after)
    {
        (TierCode, RateVersion, MultiplierTenths) = (day.TierCode, day.RateVersion, day.MultiplierTenths);
        (BeforeLightSeconds, BeforeModerateSeconds, BeforeVigorousSeconds, BeforeSteps, BeforeBonuses) = Columns(before);
        (AfterLightSeconds, AfterModerateSeconds, AfterVigorousSeconds, AfterSteps, AfterBonuses) = Columns(after);
        return this;
    }

    private static (int, int, int, int, int) Columns(DayQuantities q) =>
        checked(((int)q.LightSeconds, (int)q.ModerateSeconds, (int)q.VigorousSeconds, (int)q.Steps, q.Bonuses));
}

internal sealed class ActivityReceiptConfiguration : IEntityTypeConfiguration<ActivityReceipt>
{
    public void Configure(EntityTypeBuilder<ActivityReceipt> builder)
    {
        builder.ToTable("activity_receipts", t =>
        {
            t.HasComment("How each activity's points came about; the newest version holds, the older ones stay.");
            t.HasCheckConstraint("ck_activity_receipts_version", "version > 0");
        });
        builder.HasKey(r => new { r.ActivityId, r.Version });
        builder.Property(r => r.Cause).HasMaxLength(ActivityReceipt.MaxCause);
        builder.Property(r => r.TierCode).HasMaxLength(11);
        builder.Property(r => r.RateVersion).HasMaxLength(20);
        builder.Ignore(r => r.Before);
        builder.Ignore(r => r.After);
        builder.HasOne<Activity>().WithMany().HasForeignKey(r => r.ActivityId);
    }
}
