namespace FitTrack.Web.Components.Leaderboards;

/// <summary>Tiers in words.</summary>
internal static class TierWords
{
    /// <summary>A tier's code as a sentence says it: "Women 30–39, intermediate".</summary>
    public static string Tier(string code) => code.Split('-') is [var sex, .. var age, var level]
        ? $"{(sex == "M" ? Text.Men : Text.Women)} {string.Join('–', age)}, {Level(level)}"
        : Text.Open;

    public static string Level(string level) => level switch
    {
        "BEG" => Text.Beginner,
        "ADV" => Text.Advanced,
        _ => Text.Intermediate,
    };
}
