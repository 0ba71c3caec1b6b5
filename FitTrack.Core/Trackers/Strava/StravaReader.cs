using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>Turns Strava's activities (providers 2.3) into records. <c>start_date_local</c> is not read: it ends in a Z that is not true.</summary>
internal static class StravaReader
{
    private const int SecondsPerDay = 86_400;

    private static readonly FrozenDictionary<string, string> Sports = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AlpineSki"] = "downhill_skiing", ["BackcountrySki"] = "backcountry_skiing", ["Badminton"] = "badminton", ["Basketball"] = "basketball",
        ["Canoeing"] = "canoeing", ["Cricket"] = "cricket", ["Crossfit"] = "crossfit", ["Dance"] = "dancing", ["EBikeRide"] = "e_biking",
        ["Elliptical"] = "elliptical", ["EMountainBikeRide"] = "e_mountain_biking", ["Golf"] = "golf", ["GravelRide"] = "gravel_cycling",
        ["Handcycle"] = "hand_biking", ["HighIntensityIntervalTraining"] = "hiit", ["Hike"] = "hiking", ["IceSkate"] = "ice_skating",
        ["InlineSkate"] = "inline_skating", ["Kayaking"] = "kayaking", ["Kitesurf"] = "kitesurfing", ["MountainBikeRide"] = "mountain_biking",
        ["NordicSki"] = "cross_country_skiing", ["Padel"] = "padel", ["PhysicalTherapy"] = "physical_therapy", ["Pilates"] = "pilates",
        ["Racquetball"] = "racquetball", ["Ride"] = "biking", ["RockClimbing"] = "rock_climbing", ["RollerSki"] = "roller_skiing", ["Rowing"] = "rowing",
        ["Run"] = "running", ["Sail"] = "sailing", ["Skateboard"] = "skateboarding", ["Snowboard"] = "snowboarding", ["Snowshoe"] = "snowshoeing",
        ["Soccer"] = "football", ["Squash"] = "squash", ["StairStepper"] = "stair_machine", ["StandUpPaddling"] = "stand_up_paddling",
        ["Surfing"] = "surfing", ["Swim"] = "swimming", ["TableTennis"] = "table_tennis", ["Tennis"] = "tennis", ["TrailRun"] = "trail_running",
        ["Velomobile"] = "biking", ["VirtualRide"] = "stationary_biking", ["VirtualRow"] = "rowing_machine", ["VirtualRun"] = "treadmill_running",
        ["Volleyball"] = "volleyball", ["Walk"] = "walking", ["WeightTraining"] = "weightlifting", ["Wheelchair"] = "wheelchair",
        ["Windsurf"] = "windsurfing", ["Yoga"] = "yoga",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sport of a <c>sport_type</c>; the list is open, so an unknown one is <c>other</c>.</summary>
    public static Sport SportOf(string? sportType) => Activities.Sports.Of(sportType is null ? null : Sports.GetValueOrDefault(sportType));

    /// <summary>The same for every version of an activity.</summary>
    public static string NaturalId(long id) => "strava_" + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads one activity; where that is impossible, <paramref name="problem"/> says why.</summary>
    public static TrackerRecord? Read(JsonElement item, Guid userId, RecordOrigin origin, WebhookMessage message, out string? problem)
    {
        problem = null;
        if (item.Child("id").Number(1, long.MaxValue) is not { } id)
            problem = "no id";
        else if (item.Child("start_date").Time() is not { } start)
            problem = "no usable start_date";
        else
            return Record(item, (long)id, start.ToMicroseconds(), userId, origin, message);
        return null;
    }

    private static TrackerRecord Record(JsonElement item, long id, DateTimeOffset start, Guid userId, RecordOrigin origin, WebhookMessage message)
    {
        var moving = Seconds(item.Child("moving_time"));
        var elapsed = Seconds(item.Child("elapsed_time")) ?? moving ?? 0;
        var length = moving is { } m ? Math.Min(m, elapsed) : elapsed;
        var sport = SportOf(item.Child("sport_type").Text(60) ?? item.Child("type").Text(60));
        return new TrackerRecord
        {
            UserId = userId,
            Origin = origin,
            Kind = ActivityKind.Workout,
            NaturalId = NaturalId(id),
            StartedAt = start,
            EndedAt = start.AddSeconds(elapsed),
            Sport = sport,
            Title = item.Child("name").Text(Activity.MaxTitle),
            LightSeconds = sport.Intensity is Intensity.Light or Intensity.Never ? length : 0,
            ModerateSeconds = sport.Intensity == Intensity.Moderate ? length : 0,
            VigorousSeconds = sport.Intensity == Intensity.Vigorous ? length : 0,
            IntensityInferred = true,
            LengthSeconds = length,
            LengthFromClock = moving is null,
            DistanceMeters = item.Child("distance").Number(0, 10_000_000),
            AverageHeartRate = item.Child("average_heartrate").Number(20, 300),
            EnteredByHand = item.Child("manual").ValueKind == JsonValueKind.True,
            VersionAt = message.OrderedAt ?? message.ReceivedAt,
            MessageId = message.Id,
            Metrics = Metrics(item),
        };
    }

    private static int? Seconds(JsonElement element) => element.Count() is { } seconds ? Math.Min(seconds, SecondsPerDay) : null;

    private static string? Metrics(JsonElement item) => MetricsObject.Of(
        ("maxHeartRate", item.Child("max_heartrate").Number(20, 300)),
        ("elevationGainMeters", item.Child("total_elevation_gain").Number(0, 20_000)),
        ("averageSpeed", item.Child("average_speed").Number(0, 200)),
        ("maxSpeed", item.Child("max_speed").Number(0, 200)),
        ("averageCadence", item.Child("average_cadence").Number(0, 1_000)),
        ("averageWatts", item.Child("average_watts").Number(0, 5_000)),
        ("calories", item.Child("calories").Number(0, 100_000)),
        ("indoor", item.Child("trainer").ValueKind == JsonValueKind.True ? 1 : null));
}

/// <summary>Further numbers of an activity as the small JSON object that is shown with it.</summary>
internal static class MetricsObject
{
    /// <returns>Null when there is none.</returns>
    public static string? Of(params ReadOnlySpan<(string Name, double? Value)> numbers)
    {
        var known = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, value) in numbers)
        {
            if (value is { } number)
                known.Add(name, number);
        }

        return known.Count == 0 ? null : JsonSerializer.Serialize(known);
    }
}
