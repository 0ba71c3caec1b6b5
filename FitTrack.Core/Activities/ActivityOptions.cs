using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Activities;

/// <summary>Hard limits of what is possible at all (domain section 3); configuration section <c>Activities</c>.</summary>
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
}
