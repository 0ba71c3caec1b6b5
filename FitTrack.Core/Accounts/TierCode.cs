using System.Collections.Frozen;
using FitTrack.Core.Data;

namespace FitTrack.Core.Accounts;

public enum BiologicalSex
{
    Male,
    Female,
}

public enum FitnessLevel
{
    Beginner,
    Intermediate,
    Advanced,
}

/// <summary>
/// One of the 31 tiers members compete in: <c>{M|F}-{18-29|30-39|40-49|50-59|60+}-{BEG|INT|ADV}</c>, or <c>OPEN</c>
/// (domain section 1).
/// </summary>
public sealed record TierCode
{
    /// <summary>The longest code, <c>M-18-29-BEG</c>; columns that hold one have this length.</summary>
    public const int MaxLength = 11;

    public static readonly TierCode Open = new("OPEN", null, null);

    private static readonly string[] AgeGroups = ["18-29", "30-39", "40-49", "50-59", "60+"];

    private static readonly TierCode[] Tiers = [.. Every()];

    private static readonly FrozenDictionary<string, TierCode> ByValue = Tiers.ToFrozenDictionary(t => t.Value, StringComparer.Ordinal);

    private TierCode(string value, FitnessLevel? level, int? nextAge) => (Value, Level, NextAge) = (value, level, nextAge);

    /// <summary>All 31 tiers: men by age and level, women by age and level, OPEN.</summary>
    public static IReadOnlyList<TierCode> All => Tiers;

    /// <summary>The code as it is stored and shown.</summary>
    public string Value { get; }

    /// <summary>The fitness level the tier stands for; null for OPEN, which takes every level.</summary>
    public FitnessLevel? Level { get; }

    /// <summary>The age at which a member grows out of the tier; null for OPEN and for 60+.</summary>
    public int? NextAge { get; }

    /// <summary>The tier of somebody on a day: OPEN by choice or when no sex is given, else by sex, calendar age and level.</summary>
    public static TierCode Of(BiologicalSex? sex, FitnessLevel level, DateOnly dateOfBirth, bool openTierOptIn, DateOnly day)
    {
        if (openTierOptIn || sex is null)
            return Open;
        var group = Math.Clamp((CalendarAge.On(dateOfBirth, day) / 10) - 2, 0, AgeGroups.Length - 1);
        return ByValue[Text(sex.Value, Math.Max(group, 0), level)];
    }

    /// <summary>The tier with this code, or null when there is none; codes are upper case.</summary>
    public static TierCode? Find(string? value) => value is not null && ByValue.TryGetValue(value, out var tier) ? tier : null;

    /// <summary>The tier with a stored code.</summary>
    /// <exception cref="ArgumentException">There is no such tier.</exception>
    public static TierCode Parse(string value) => Find(value) ?? throw new ArgumentException($"'{value}' is not a tier.", nameof(value));

    public override string ToString() => Value;

    private static IEnumerable<TierCode> Every()
    {
        foreach (var sex in Enum.GetValues<BiologicalSex>())
        {
            for (var group = 0; group < AgeGroups.Length; group++)
            {
                foreach (var level in Enum.GetValues<FitnessLevel>())
                    yield return new TierCode(Text(sex, group, level), level, group < AgeGroups.Length - 1 ? (group + 3) * 10 : null);
            }
        }

        yield return Open;
    }

    private static string Text(BiologicalSex sex, int ageGroup, FitnessLevel level) =>
        $"{(sex == BiologicalSex.Male ? "M" : "F")}-{AgeGroups[ageGroup]}-{Naming.Snake(level.ToString())[..3].ToUpperInvariant()}";
}

/// <summary>Age in whole calendar years.</summary>
public static class CalendarAge
{
    /// <summary>
    /// Completed years on a day. Who is born on 29 February completes a year on 1 March of a common year: the day after
    /// 28 February, as most states of the US count it.
    /// </summary>
    public static int On(DateOnly dateOfBirth, DateOnly day)
    {
        var years = day.Year - dateOfBirth.Year;
        var hadBirthday = (day.Month, day.Day).CompareTo((dateOfBirth.Month, dateOfBirth.Day)) >= 0;
        return hadBirthday ? years : years - 1;
    }

    /// <summary>The latest date of birth with which somebody is at least so old on a day.</summary>
    public static DateOnly LatestBirth(int age, DateOnly day) => day.AddYears(-age);
}
