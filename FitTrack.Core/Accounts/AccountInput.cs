namespace FitTrack.Core.Accounts;

/// <summary>A field whose value cannot be accepted, and why, for the person who sent it.</summary>
/// <param name="Field">camelCase, <c>profile.displayName</c> for nested ones.</param>
/// <param name="Message">A sentence.</param>
public sealed record InvalidField(string Field, string Message);

/// <summary>A profile as it is sent; null fields were not sent.</summary>
public sealed record ProfileInput(
    string? DisplayName,
    BiologicalSex? BiologicalSex,
    FitnessLevel? FitnessLevel,
    string? TimeZone = null,
    bool OpenTierOptIn = false,
    ProfileVisibility Visibility = ProfileVisibility.Public,
    ProfileParts? Shown = null)
{
    public const string DefaultTimeZone = "America/New_York";

    /// <summary>The details, or what is wrong with them.</summary>
    internal ProfileDetails? Read(string prefix, List<InvalidField> problems)
    {
        var before = problems.Count;
        if (!Accounts.DisplayName.TryParse(DisplayName, out var name))
            problems.Add(new InvalidField(prefix + "displayName", $"A display name has {Accounts.DisplayName.MinLength} to {Accounts.DisplayName.MaxLength} letters, digits, spaces or . _ - ' and is not one that speaks for FitTrack"));
        if (FitnessLevel is null)
            problems.Add(new InvalidField(prefix + "fitnessLevel", "Choose beginner, intermediate or advanced."));
        var zone = string.IsNullOrWhiteSpace(TimeZone) ? DefaultTimeZone : TimeZone;
        if (zone.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) || !found.HasIanaId)
            problems.Add(new InvalidField(prefix + "timeZone", "Not a known time zone, such as America/New_York."));
        return problems.Count > before ? null : new ProfileDetails(name!, BiologicalSex, FitnessLevel!.Value, zone, OpenTierOptIn, Visibility, Shown);
    }
}
