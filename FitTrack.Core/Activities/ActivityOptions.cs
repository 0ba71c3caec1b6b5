using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Activities;

/// <summary>Hard limits of what is possible at all, and the soft one that opens a review (domain section 3); configuration section <c>Activities</c>.</summary>
public sealed class ActivityOptions
{
    public const string Section = "Activities";

    /// <summary>More steps a minute than this, over the whole record, no person makes.</summary>
    [Range(60, 1_000)]
    public int StepsPerMinute { get; set; } = 200;

    /// <summary>Seconds by which two workouts of one device may overlap: providers cut and round times.</summary>
    [Range(0, 3_600)]
    public int OverlapToleranceSeconds { get; set; } = 60;

    /// <summary>Seconds by which a provider's clock may run ahead of ours.</summary>
    [Range(0, 3_600)]
    public int ClockToleranceSeconds { get; set; } = 300;

    /// <summary>Standard deviations above the tier's mean from which an activity is reviewed.</summary>
    [Range(2.0, 100.0)]
    public double ReviewZScore { get; set; } = 5;

    /// <summary>Activities of a kind that a tier must have before its mean says anything.</summary>
    [Range(10, 1_000_000)]
    public int ReviewSample { get; set; } = 100;

    /// <summary>Competition days that the mean is taken over.</summary>
    [Range(1, 90)]
    public int ReviewDays { get; set; } = 28;
}
