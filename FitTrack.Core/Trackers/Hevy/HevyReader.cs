using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Core.Trackers.Hevy;

/// <summary>Turns Hevy's workouts and events (providers 3) into records. Sets and weights are typed in, so they never score.</summary>
internal static class HevyReader
{
    private const int SecondsPerDay = 86_400;

    /// <summary>Reads a page of <c>workouts</c> or <c>events</c>.</summary>
    public static IEnumerable<(TrackerRecord? Record, string? Problem)> Read(WebhookMessage message, JsonElement root, Guid userId, RecordOrigin origin)
    {
        foreach (var item in root.Child(message.EventType!) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default)
        {
            var deleted = message.EventType == "events" && item.Child("type").Text(20) == "deleted";
            var workout = message.EventType == "events" && !deleted ? item.Child("workout") : item;
            var record = deleted ? Deleted(item, message, userId, origin) : Workout(workout, message, userId, origin);
            yield return (record, record is null ? "no usable id or start_time" : null);
        }
    }

    private static TrackerRecord? Workout(JsonElement item, WebhookMessage message, Guid userId, RecordOrigin origin)
    {
        if (item.Child("id").Text(60) is not { } id || item.Child("start_time").Time()?.ToMicroseconds() is not { } start)
            return null;
        var end = item.Child("end_time").Time()?.ToMicroseconds() is { } given && given > start ? given : start;
        var length = (int)Math.Min((end - start).TotalSeconds, SecondsPerDay);
        return new TrackerRecord
        {
            UserId = userId,
            Origin = origin,
            Kind = ActivityKind.Workout,
            NaturalId = "hevy_" + id,
            StartedAt = start,
            EndedAt = end,
            Sport = Sports.Of("weightlifting"),
            Title = item.Child("title").Text(Activity.MaxTitle),
            ModerateSeconds = length,
            IntensityInferred = true,
            LengthSeconds = length,
            LengthFromClock = true,
            EnteredByHand = true,
            VersionAt = item.Child("updated_at").Time()?.ToMicroseconds() ?? message.ReceivedAt,
            MessageId = message.Id,
            Metrics = Metrics(item),
        };
    }

    private static TrackerRecord? Deleted(JsonElement item, WebhookMessage message, Guid userId, RecordOrigin origin) => item.Child("id").Text(60) is not { } id ? null : new TrackerRecord
    {
        UserId = userId,
        Origin = origin,
        Kind = ActivityKind.Workout,
        NaturalId = "hevy_" + id,
        StartedAt = message.ReceivedAt,
        EndedAt = message.ReceivedAt,
        Deleted = true,
        VersionAt = item.Child("deleted_at").Time()?.ToMicroseconds() ?? message.ReceivedAt,
        MessageId = message.Id,
    };

    private static string? Metrics(JsonElement item)
    {
        var exercises = item.Child("exercises") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        var sets = exercises.SelectMany(e => e.Child("sets") is { ValueKind: JsonValueKind.Array } all ? all.EnumerateArray().ToArray() : []).ToList();
        var volume = sets.Sum(s => (s.Child("weight_kg").Number(0, 2_000) ?? 0) * (s.Child("reps").Number(0, 10_000) ?? 0));
        return MetricsObject.Of(("exercises", exercises.Count), ("sets", sets.Count), ("volumeKg", Math.Round(volume, 2)));
    }
}
