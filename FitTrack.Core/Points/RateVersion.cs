using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Points;

/// <summary>
/// One dated set of rates (domain section 3). A day uses the version in force at its midnight, and every receipt and
/// ledger row names it, so that old sums can be redone after the rates have changed.
/// </summary>
public sealed class RateVersion
{
    /// <summary>Name that receipts carry.</summary>
    [Required, StringLength(20)]
    public string Version { get; set; } = "2026-1";

    /// <summary>First competition day on which these rates hold.</summary>
    public DateOnly EffectiveFrom { get; set; } = new(2000, 1, 1);

    /// <summary>Points per minute of light activity, before the multiplier.</summary>
    [Range(0, 100)]
    public int LightPerMinute { get; set; } = 1;

    [Range(0, 100)]
    public int ModeratePerMinute { get; set; } = 2;

    [Range(0, 100)]
    public int VigorousPerMinute { get; set; } = 3;

    /// <summary>Points per 1,000 steps, before the multiplier.</summary>
    [Range(0, 1_000)]
    public int PerThousandSteps { get; set; } = 10;

    /// <summary>Steps of one day that count.</summary>
    [Range(0, 200_000)]
    public int StepsPerDay { get; set; } = 20_000;

    /// <summary>Points for a workout that is long enough; the multiplier does not apply.</summary>
    [Range(0, 10_000)]
    public int WorkoutBonus { get; set; } = 50;

    /// <summary>Seconds from which a workout earns the bonus.</summary>
    [Range(1, 86_400)]
    public int WorkoutBonusFromSeconds { get; set; } = 20 * 60;

    [Range(0, 100)]
    public int WorkoutBonusesPerDay { get; set; } = 3;

    /// <summary>The most that one day can earn.</summary>
    [Range(0, 1_000_000)]
    public int PointsPerDay { get; set; } = 1_000;

    /// <summary>Multiplier of beginners in tenths: 12 is 1.2.</summary>
    [Range(0, 100)]
    public int BeginnerTenths { get; set; } = 12;

    [Range(0, 100)]
    public int IntermediateTenths { get; set; } = 10;

    [Range(0, 100)]
    public int AdvancedTenths { get; set; } = 9;

    [Range(0, 100)]
    public int OpenTenths { get; set; } = 10;

    /// <summary>The multiplier of a tier, in tenths. Its level is the last part of a code such as <c>F-30-39-INT</c>.</summary>
    public int MultiplierTenths(string tierCode) => tierCode.AsSpan(tierCode.LastIndexOf('-') + 1) switch
    {
        "BEG" => BeginnerTenths,
        "INT" => IntermediateTenths,
        "ADV" => AdvancedTenths,
        "OPEN" => OpenTenths,
        _ => throw new ArgumentException($"'{tierCode}' is not a tier.", nameof(tierCode)),
    };
}
