using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>
/// Turns the items of Terra's <c>activity</c> and <c>daily</c> messages (providers 1.7) into records: unusable numbers
/// count as missing, and no seconds exceed what the clock allows.
/// </summary>
internal static class TerraReader
{
    private const int SecondsPerDay = 86_400;
    private const int EnteredByHand = 2;
    private const int Deleted = 4;
    private const int MaxSummaryId = 64;

    /// <summary>Reads one item; where that is impossible, <paramref name="problem"/> says why and nothing comes back.</summary>
    public static IReadOnlyList<TrackerRecord> Read(string eventType, JsonElement item, Guid userId, RecordOrigin origin, WebhookMessage message, out string? problem)
    {
        var metadata = item.Child("metadata");
        var upload = metadata.Child("upload_type").Integer();
        // A deletion need not say when the thing was, as long as it says which.
        var unplaced = upload == Deleted && eventType == "activity" && metadata.Child("summary_id").Text() is not null ? message.ReceivedAt : (DateTimeOffset?)null;
        if ((metadata.Child("start_time").Time() ?? unplaced) is not { } start)
            return None("no usable start_time", out problem);
        var end = metadata.Child("end_time").Time() ?? (eventType == "daily" ? start.AddDays(1) : start);
        if (end < start)
            return None("end_time is before start_time", out problem);

        problem = null;
        var common = new TrackerRecord
        {
            UserId = userId,
            Origin = origin,
            Kind = ActivityKind.Workout,
            NaturalId = "",
            StartedAt = start.ToMicroseconds(),
            EndedAt = end.ToMicroseconds(),
            EnteredByHand = upload == EnteredByHand,
            Deleted = upload == Deleted,
            VersionAt = message.OrderedAt ?? message.ReceivedAt,
            MessageId = message.Id,
        };
        return eventType == "daily" ? Daily(item, common, start, userId) : [Workout(item, common, userId)];
    }

    private static IReadOnlyList<TrackerRecord> None(string why, out string? problem)
    {
        problem = why;
        return [];
    }

    private static TrackerRecord Workout(JsonElement item, TrackerRecord common, Guid userId)
    {
        var metadata = item.Child("metadata");
        var sport = Sports.OfTerra(metadata.Child("type").Integer());
        var clock = (common.EndedAt - common.StartedAt).TotalSeconds;
        var most = (int)Math.Min(clock, SecondsPerDay);
        var durations = item.Child("active_durations_data");
        var active = durations.Child("activity_seconds").Count() is > 0 and var seconds ? Math.Min(seconds, most) : (int?)null;
        var length = active ?? most;
        var (light, moderate, vigorous) = Bounded(durations, most);
        var inferred = light + moderate + vigorous == 0;
        if (inferred)
        {
            light = sport.Intensity is Intensity.Light or Intensity.Never ? length : 0;
            moderate = sport.Intensity == Intensity.Moderate ? length : 0;
            vigorous = sport.Intensity == Intensity.Vigorous ? length : 0;
        }

        var distance = item.Child("distance_data", "summary");
        return common with
        {
            NaturalId = $"{userId:N}_{SummaryId(metadata, common.StartedAt)}",
            Sport = sport,
            Title = metadata.Child("name").Text(Activity.MaxTitle),
            LightSeconds = light,
            ModerateSeconds = moderate,
            VigorousSeconds = vigorous,
            IntensityInferred = inferred,
            LengthSeconds = length,
            LengthFromClock = active is null && clock > SecondsPerDay,
            Steps = distance.Child("steps").Count(),
            DistanceMeters = Distance(distance),
            AverageHeartRate = HeartRate(item),
            Metrics = TerraMetrics.Of(item, distance),
        };
    }

    private static List<TrackerRecord> Daily(JsonElement item, TrackerRecord common, DateTimeOffset start, Guid userId)
    {
        // The label is the local date. Twelve hours after local midnight it is the same date in UTC too, for whom no offset is given.
        var label = DateOnly.FromDateTime(start.AddHours(12).DateTime);
        var name = $"{userId:N}_{label.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}";
        var most = (int)Math.Min((common.EndedAt - common.StartedAt).TotalSeconds, SecondsPerDay);
        var durations = item.Child("active_durations_data");
        var distance = item.Child("distance_data");
        var (light, moderate, vigorous) = Bounded(durations, most);
        var inferred = light + moderate + vigorous == 0;
        if (inferred)
            light = Math.Min(durations.Child("activity_seconds").Count() ?? 0, most);

        var records = new List<TrackerRecord>(2);
        if (distance.Child("steps").Count() is { } steps)
        {
            records.Add(common with
            {
                Kind = ActivityKind.Steps,
                NaturalId = name + "_steps",
                LabelledDay = label,
                Steps = steps,
                DistanceMeters = Distance(distance),
                Metrics = TerraMetrics.Of(item, distance),
            });
        }

        if (light + moderate + vigorous > 0 || common.Deleted || durations.ValueKind == JsonValueKind.Object)
        {
            records.Add(common with
            {
                Kind = ActivityKind.ActiveMinutes,
                NaturalId = name + "_minutes",
                LabelledDay = label,
                LightSeconds = light,
                ModerateSeconds = moderate,
                VigorousSeconds = vigorous,
                IntensityInferred = inferred,
                LengthSeconds = light + moderate + vigorous,
                AverageHeartRate = HeartRate(item),
            });
        }

        return records;
    }

    /// <summary>Seconds by intensity that together fit into the clock; what is too much is cut where it is worth most.</summary>
    private static (int Light, int Moderate, int Vigorous) Bounded(JsonElement durations, int most)
    {
        var light = Math.Min(durations.Child("low_intensity_seconds").Count() ?? 0, most);
        var moderate = Math.Min(durations.Child("moderate_intensity_seconds").Count() ?? 0, most - light);
        var vigorous = Math.Min(durations.Child("vigorous_intensity_seconds").Count() ?? 0, most - light - moderate);
        return (light, moderate, vigorous);
    }

    private static double? Distance(JsonElement distance) => distance.Child("distance_meters").Number(0, 10_000_000);

    private static double? HeartRate(JsonElement item) => item.Child("heart_rate_data", "summary").Child("avg_hr_bpm").Number(20, 300);

    private static string SummaryId(JsonElement metadata, DateTimeOffset startedAt)
    {
        var id = metadata.Child("summary_id").Text();
        if (id is null)
            return "at_" + startedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var plain = id.Length <= MaxSummaryId && id.All(c => c is > ' ' and <= '~');
        return plain ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }
}

/// <summary>The further numbers of an item, as the small JSON object that is shown with an activity.</summary>
internal static class TerraMetrics
{
    public static string? Of(JsonElement item, JsonElement distance)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        var empty = buffer.WrittenCount + json.BytesPending;
        var heart = item.Child("heart_rate_data", "summary");
        var movement = item.Child("movement_data");
        Write(json, "calories", item.Child("calories_data", "total_burned_calories"), 100_000);
        Write(json, "activeCalories", item.Child("calories_data", "net_activity_calories"), 100_000);
        Write(json, "maxHeartRate", heart.Child("max_hr_bpm"), 300);
        Write(json, "minHeartRate", heart.Child("min_hr_bpm"), 300);
        Write(json, "restingHeartRate", heart.Child("resting_hr_bpm"), 300);
        Write(json, "floors", distance.Child("floors_climbed"), 10_000);
        Write(json, "elevationGainMeters", distance.Child("elevation").Child("gain_actual_meters"), 20_000);
        Write(json, "averageSpeed", movement.Child("avg_speed_meters_per_second"), 200);
        Write(json, "maxSpeed", movement.Child("max_speed_meters_per_second"), 200);
        Write(json, "averageCadence", movement.Child("avg_cadence_rpm"), 1_000);
        Write(json, "averageWatts", item.Child("power_data", "avg_watts"), 5_000);
        if (item.Child("device_data", "name").Text(100) is { } device)
            json.WriteString("device", device);
        var written = buffer.WrittenCount + json.BytesPending;
        json.WriteEndObject();
        json.Flush();
        return written == empty ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement value, double most)
    {
        if (value.Number(0, most) is { } number)
            json.WriteNumber(name, number);
    }
}
