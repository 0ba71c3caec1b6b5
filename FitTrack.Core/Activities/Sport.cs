using System.Collections.Frozen;

namespace FitTrack.Core.Activities;

/// <summary>How hard something is on the body; <see cref="Never"/> marks what is no exercise at all.</summary>
public enum Intensity
{
    Light,
    Moderate,
    Vigorous,
    Never,
}

/// <summary>What a workout was.</summary>
/// <param name="Code">snake_case text that is stored and sent.</param>
/// <param name="TerraType">The number Terra's <c>ActivityType</c> has for it (providers 1.8).</param>
/// <param name="Intensity">Where its seconds go when a tracker reports none by intensity (domain section 3).</param>
/// <param name="FamilyName">The kind that two trackers must agree on for one to be the other's duplicate; by default the code itself.</param>
public sealed record Sport(string Code, int TerraType, Intensity Intensity, string? FamilyName = null)
{
    public string Family => FamilyName ?? Code;
}

/// <summary>The sports there are. A number or name nobody knows is <c>other</c>.</summary>
public static class Sports
{
    private static readonly Sport[] Known =
    [
        new("in_vehicle", 0, Intensity.Never), new("biking", 1, Intensity.Moderate, "cycling"), new("still", 3, Intensity.Never),
        new("unknown", 4, Intensity.Moderate, "other"), new("tilting", 5, Intensity.Never), new("walking", 7, Intensity.Light),
        new("running", 8, Intensity.Vigorous), new("aerobics", 9, Intensity.Moderate), new("badminton", 10, Intensity.Moderate),
        new("baseball", 11, Intensity.Moderate), new("basketball", 12, Intensity.Moderate), new("biathlon", 13, Intensity.Moderate),
        new("hand_biking", 14, Intensity.Moderate), new("mountain_biking", 15, Intensity.Moderate, "cycling"),
        new("road_biking", 16, Intensity.Moderate, "cycling"), new("spinning", 17, Intensity.Vigorous, "cycling"),
        new("stationary_biking", 18, Intensity.Moderate, "cycling"), new("utility_biking", 19, Intensity.Moderate, "cycling"),
        new("boxing", 20, Intensity.Vigorous), new("calisthenics", 21, Intensity.Moderate), new("circuit_training", 22, Intensity.Moderate),
        new("cricket", 23, Intensity.Moderate), new("dancing", 24, Intensity.Moderate), new("elliptical", 25, Intensity.Moderate),
        new("fencing", 26, Intensity.Moderate), new("american_football", 27, Intensity.Moderate), new("australian_football", 28, Intensity.Moderate),
        new("football", 29, Intensity.Moderate), new("frisbee", 30, Intensity.Moderate), new("gardening", 31, Intensity.Moderate),
        new("golf", 32, Intensity.Light), new("gymnastics", 33, Intensity.Moderate), new("handball", 34, Intensity.Moderate),
        new("hiking", 35, Intensity.Moderate), new("hockey", 36, Intensity.Moderate), new("horseback_riding", 37, Intensity.Moderate),
        new("housework", 38, Intensity.Moderate), new("jumping_rope", 39, Intensity.Vigorous), new("kayaking", 40, Intensity.Moderate),
        new("kettlebell", 41, Intensity.Moderate, "strength"), new("kickboxing", 42, Intensity.Vigorous), new("kitesurfing", 43, Intensity.Moderate),
        new("martial_arts", 44, Intensity.Vigorous), new("meditation", 45, Intensity.Light),
        new("mixed_martial_arts", 46, Intensity.Vigorous, "martial_arts"), new("p90x", 47, Intensity.Moderate),
        new("paragliding", 48, Intensity.Moderate), new("pilates", 49, Intensity.Light), new("polo", 50, Intensity.Moderate),
        new("racquetball", 51, Intensity.Moderate), new("rock_climbing", 52, Intensity.Moderate), new("rowing", 53, Intensity.Vigorous),
        new("rowing_machine", 54, Intensity.Vigorous, "rowing"), new("rugby", 55, Intensity.Moderate),
        new("jogging", 56, Intensity.Vigorous, "running"), new("running_on_sand", 57, Intensity.Vigorous, "running"),
        new("treadmill_running", 58, Intensity.Vigorous, "running"), new("sailing", 59, Intensity.Moderate),
        new("scuba_diving", 60, Intensity.Moderate), new("skateboarding", 61, Intensity.Moderate), new("skating", 62, Intensity.Moderate),
        new("cross_skating", 63, Intensity.Moderate, "skating"), new("indoor_rollerblading", 64, Intensity.Moderate, "skating"),
        new("skiing", 65, Intensity.Moderate), new("backcountry_skiing", 66, Intensity.Moderate, "skiing"),
        new("cross_country_skiing", 67, Intensity.Vigorous, "skiing"), new("downhill_skiing", 68, Intensity.Moderate, "skiing"),
        new("kite_skiing", 69, Intensity.Moderate, "skiing"), new("roller_skiing", 70, Intensity.Moderate, "skiing"),
        new("sledding", 71, Intensity.Moderate), new("snowboarding", 73, Intensity.Moderate), new("snowmobile", 74, Intensity.Never),
        new("snowshoeing", 75, Intensity.Moderate), new("squash", 76, Intensity.Moderate), new("stair_climbing", 77, Intensity.Vigorous, "stairs"),
        new("stair_machine", 78, Intensity.Vigorous, "stairs"), new("stand_up_paddling", 79, Intensity.Moderate),
        new("strength_training", 80, Intensity.Moderate, "strength"), new("surfing", 81, Intensity.Moderate),
        new("swimming", 82, Intensity.Vigorous), new("pool_swimming", 83, Intensity.Vigorous, "swimming"),
        new("open_water_swimming", 84, Intensity.Vigorous, "swimming"), new("table_tennis", 85, Intensity.Moderate),
        new("team_sports", 86, Intensity.Moderate), new("tennis", 87, Intensity.Moderate), new("treadmill", 88, Intensity.Moderate, "running"),
        new("volleyball", 89, Intensity.Moderate), new("beach_volleyball", 90, Intensity.Moderate, "volleyball"),
        new("indoor_volleyball", 91, Intensity.Moderate, "volleyball"), new("wakeboarding", 92, Intensity.Moderate),
        new("fitness_walking", 93, Intensity.Light, "walking"), new("nordic_walking", 94, Intensity.Light, "walking"),
        new("treadmill_walking", 95, Intensity.Light, "walking"), new("water_polo", 96, Intensity.Moderate),
        new("weightlifting", 97, Intensity.Moderate, "strength"), new("wheelchair", 98, Intensity.Moderate),
        new("windsurfing", 99, Intensity.Moderate), new("yoga", 100, Intensity.Light), new("zumba", 101, Intensity.Moderate, "dancing"),
        new("diving", 102, Intensity.Moderate), new("ergometer", 103, Intensity.Moderate), new("ice_skating", 104, Intensity.Moderate, "skating"),
        new("indoor_skating", 105, Intensity.Moderate, "skating"), new("curling", 106, Intensity.Moderate), new("other", 108, Intensity.Moderate),
        new("crossfit", 113, Intensity.Vigorous), new("hiit", 114, Intensity.Vigorous, "interval"),
        new("interval_training", 115, Intensity.Moderate, "interval"), new("walking_with_stroller", 116, Intensity.Light, "walking"),
        new("elevator", 117, Intensity.Never), new("escalator", 118, Intensity.Never), new("archery", 119, Intensity.Moderate),
        new("softball", 120, Intensity.Moderate), new("guided_breathing", 122, Intensity.Light), new("cardio", 123, Intensity.Moderate),
        new("lacrosse", 124, Intensity.Moderate), new("stretching", 125, Intensity.Light), new("triathlon", 126, Intensity.Moderate),
        new("inline_skating", 127, Intensity.Moderate, "skating"), new("sky_diving", 128, Intensity.Moderate),
        new("paddling", 129, Intensity.Moderate), new("mountaineering", 130, Intensity.Moderate), new("fishing", 131, Intensity.Moderate),
        new("water_skiing", 132, Intensity.Moderate), new("indoor_running", 133, Intensity.Vigorous, "running"),
        new("padel", 134, Intensity.Moderate), new("driving", 135, Intensity.Never), new("offroad_driving", 136, Intensity.Never),
        new("motorbiking", 137, Intensity.Never), new("motor_racing", 138, Intensity.Never), new("enduro", 139, Intensity.Never),
        new("canoeing", 140, Intensity.Moderate), new("orienteering", 141, Intensity.Moderate), new("hang_gliding", 142, Intensity.Moderate),
        new("flying", 143, Intensity.Never), new("hot_air_ballooning", 144, Intensity.Never), new("jet_skiing", 145, Intensity.Never),
        new("power_boating", 146, Intensity.Never), new("gaelic_football", 147, Intensity.Moderate), new("hurling", 148, Intensity.Moderate),
        new("trail_running", 149, Intensity.Vigorous, "running"), new("gravel_cycling", 150, Intensity.Moderate, "cycling"),
        new("multisport", 151, Intensity.Moderate), new("e_biking", 152, Intensity.Moderate, "cycling"),
        new("e_mountain_biking", 153, Intensity.Moderate, "cycling"), new("physical_therapy", 154, Intensity.Moderate),
    ];

    private static readonly FrozenDictionary<int, Sport> ByTerraType = Known.ToFrozenDictionary(s => s.TerraType);

    private static readonly FrozenDictionary<string, Sport> ByCode = Known.ToFrozenDictionary(s => s.Code, StringComparer.Ordinal);

    public static Sport Other { get; } = ByCode["other"];

    /// <summary>Nobody has said what it was.</summary>
    public static Sport Unknown { get; } = ByCode["unknown"];

    public static IReadOnlyList<Sport> All => Known;

    public static Sport OfTerra(int? type) => type is { } number && ByTerraType.TryGetValue(number, out var sport) ? sport : Other;

    public static Sport Of(string? code) => Find(code) ?? Other;

    public static Sport? Find(string? code) => code is not null && ByCode.TryGetValue(code, out var sport) ? sport : null;
}
