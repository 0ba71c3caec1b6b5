using System.Collections.Frozen;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>What files call a sport. What is not stated is <c>unknown</c>, what is stated and means nothing to us is <c>other</c>; nothing is guessed from speed or name.</summary>
internal static class SportNames
{
    private static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["run"] = "running", ["runs"] = "running", ["indoor run / jog"] = "indoor_running", ["virtual run"] = "treadmill_running", ["trail run"] = "trail_running",
        ["ride"] = "biking", ["bike"] = "biking", ["bike ride"] = "biking", ["cycling"] = "biking", ["road cycling"] = "road_biking", ["virtual ride"] = "stationary_biking",
        ["indoor cycling"] = "stationary_biking", ["indoor bike ride"] = "stationary_biking", ["mountain bike ride"] = "mountain_biking", ["gravel ride"] = "gravel_cycling",
        ["e-bike ride"] = "e_biking", ["walk"] = "walking", ["hike"] = "hiking", ["swim"] = "swimming", ["row"] = "rowing", ["weight training"] = "strength_training",
        ["workout"] = "other", ["alpine ski"] = "downhill_skiing", ["backcountry ski"] = "backcountry_skiing", ["nordic ski"] = "cross_country_skiing",
        ["snowboard"] = "snowboarding", ["snowshoe"] = "snowshoeing", ["ice skate"] = "ice_skating", ["inline skate"] = "inline_skating", ["stair-stepper"] = "stair_machine",
        ["rock climb"] = "rock_climbing", ["sail"] = "sailing", ["surf"] = "surfing", ["kayaking"] = "kayaking", ["high intensity interval training"] = "hiit",
        // The numbers that Strava's own downloads carry.
        ["1"] = "biking", ["4"] = "hiking", ["9"] = "running", ["16"] = "swimming", ["17"] = "stationary_biking",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>FIT's sport numbers, and those sub-sports that say more.</summary>
    private static readonly FrozenDictionary<(int Sport, int SubSport), string> ByFit = new Dictionary<(int, int), string>
    {
        [(1, -1)] = "running", [(1, 1)] = "treadmill_running", [(1, 3)] = "trail_running", [(1, 45)] = "indoor_running",
        [(2, -1)] = "biking", [(2, 5)] = "spinning", [(2, 6)] = "stationary_biking", [(2, 7)] = "road_biking", [(2, 8)] = "mountain_biking", [(2, 46)] = "gravel_cycling",
        [(4, -1)] = "cardio", [(4, 14)] = "rowing_machine", [(4, 15)] = "elliptical", [(4, 16)] = "stair_machine",
        [(5, -1)] = "swimming", [(5, 17)] = "pool_swimming", [(5, 18)] = "open_water_swimming",
        [(6, -1)] = "basketball", [(7, -1)] = "football", [(8, -1)] = "tennis", [(10, -1)] = "cardio", [(10, 20)] = "strength_training", [(10, 43)] = "yoga",
        [(11, -1)] = "walking", [(12, -1)] = "cross_country_skiing", [(13, -1)] = "downhill_skiing", [(14, -1)] = "snowboarding", [(15, -1)] = "rowing",
        [(16, -1)] = "mountaineering", [(17, -1)] = "hiking", [(18, -1)] = "multisport", [(19, -1)] = "paddling", [(20, -1)] = "flying", [(21, -1)] = "e_biking",
        [(22, -1)] = "motorbiking", [(23, -1)] = "power_boating", [(24, -1)] = "driving", [(25, -1)] = "golf", [(30, -1)] = "inline_skating", [(31, -1)] = "rock_climbing",
        [(32, -1)] = "sailing", [(33, -1)] = "ice_skating", [(35, -1)] = "snowshoeing", [(36, -1)] = "snowmobile", [(37, -1)] = "stand_up_paddling", [(38, -1)] = "surfing",
        [(41, -1)] = "kayaking", [(47, -1)] = "boxing", [(48, -1)] = "stair_climbing",
    }.ToFrozenDictionary();

    public static Sport Of(string? name)
    {
        if (Text.Line(name, 60) is not { } text)
            return Sports.Of("unknown");
        return Sports.Of(ByName.GetValueOrDefault(text) ?? text.ToLowerInvariant().Replace(' ', '_'));
    }

    /// <param name="sport">FIT's <c>sport</c>; null where the session has none.</param>
    /// <param name="subSport">FIT's <c>sub_sport</c>.</param>
    public static Sport OfFit(int? sport, int? subSport)
    {
        if (sport is not { } number)
            return Sports.Of("unknown");
        return Sports.Of(ByFit.GetValueOrDefault((number, subSport ?? -1)) ?? ByFit.GetValueOrDefault((number, -1)));
    }
}
