using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Competition;

/// <summary>The competition's clock (domain section 2); configuration section <c>Competition</c>.</summary>
public sealed class CompetitionOptions : IValidatableObject
{
    public const string Section = "Competition";

    /// <summary>IANA id of the one time zone in which days begin and end, for caps and boards alike.</summary>
    [Required]
    public string TimeZone { get; set; } = "America/New_York";

    /// <summary>Hours after a period's end during which its board still takes late data.</summary>
    [Range(0, 24 * 14)]
    public int FinalAfterHours { get; set; } = 48;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new ValidationResult($"'{TimeZone}' is not a time zone of this system.", [nameof(TimeZone)]);
    }
}
