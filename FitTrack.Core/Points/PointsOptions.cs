using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Points;

/// <summary>What activity is worth; configuration section <c>Points</c>. Checked when a program starts.</summary>
public sealed class PointsOptions : IValidatableObject
{
    public const string Section = "Points";

    private static readonly RateVersion BuiltIn = new();

    /// <summary>Every set of rates there has been. Empty means the built-in one. A version that was in force is never edited: add the next one.</summary>
    public IList<RateVersion> Rates { get; } = [];

    /// <summary>Days after its own day within which an activity must first arrive to score.</summary>
    [Range(0, 60)]
    public int ArrivalWithinDays { get; set; } = 7;

    /// <summary>Days with points from which a week counts for the streak.</summary>
    [Range(1, 7)]
    public int StreakDaysPerWeek { get; set; } = 1;

    /// <summary>Every so many weeks in a row earn a freeze, which bridges a week that does not count.</summary>
    [Range(1, 520)]
    public int StreakWeeksPerFreeze { get; set; } = 4;

    /// <summary>Freezes that a member can hold; 0 means none.</summary>
    [Range(0, 52)]
    public int StreakMostFreezes { get; set; } = 2;

    /// <summary>The rates in force at a day's midnight.</summary>
    public RateVersion RatesOn(DateOnly day)
    {
        var inForce = Rates.Where(r => r.EffectiveFrom <= day).MaxBy(r => r.EffectiveFrom);
        return inForce ?? Rates.MinBy(r => r.EffectiveFrom) ?? BuiltIn;
    }

    /// <summary>A set of rates by its name.</summary>
    /// <exception cref="KeyNotFoundException">The configuration has lost a version that was once in force.</exception>
    public RateVersion RatesNamed(string version) =>
        Rates.FirstOrDefault(r => r.Version == version)
        ?? (Rates.Count == 0 && BuiltIn.Version == version ? BuiltIn : throw new KeyNotFoundException($"Points:Rates has no version '{version}'."));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var rate in Rates)
        {
            var errors = new List<ValidationResult>();
            if (!Validator.TryValidateObject(rate, new ValidationContext(rate), errors, validateAllProperties: true))
            {
                foreach (var error in errors)
                    yield return new ValidationResult($"Rates '{rate.Version}': {error.ErrorMessage}", [nameof(Rates)]);
            }
        }

        if (Rates.Select(r => r.Version).Distinct(StringComparer.Ordinal).Count() != Rates.Count)
            yield return new ValidationResult("Two rate versions have the same name.", [nameof(Rates)]);
        if (Rates.Select(r => r.EffectiveFrom).Distinct().Count() != Rates.Count)
            yield return new ValidationResult("Two rate versions begin on the same day.", [nameof(Rates)]);
    }
}
