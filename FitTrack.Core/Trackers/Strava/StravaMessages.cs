using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>The kinds of Strava messages in the inbox: events of its webhooks (2.5), and what was fetched from it.</summary>
internal static class StravaMessages
{
    /// <summary>An event: something of an account changed, whatever the event says about it.</summary>
    public const string Hint = "event";

    /// <summary>An event: the athlete has taken the permission back. Unsigned as all are, it is believed once Strava refuses our tokens too.</summary>
    public const string Deauthorized = "deauthorized";

    /// <summary>Activities as Strava lists them.</summary>
    public const string Activities = "activities";

    /// <summary>Ids of activities that Strava no longer has.</summary>
    public const string Gone = "gone";

    /// <summary>The activity that an event names; null when it is about the account.</summary>
    public static long? ActivityOf(string body)
    {
        using var document = TerraEnvelope.Open(body);
        return document.RootElement.Child("object_type").Text(20) == "activity" && document.RootElement.Child("object_id").Number(1, long.MaxValue) is { } id ? (long)id : null;
    }

    /// <summary>Reads what was fetched.</summary>
    public static IEnumerable<(TrackerRecord? Record, string? Problem)> Read(WebhookMessage message, JsonElement root, Guid userId, RecordOrigin origin)
    {
        foreach (var item in root.Child(message.EventType!) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default)
        {
            var record = message.EventType == Gone
                ? Deleted((long)(item.Number() ?? 0), message, userId, origin, out var problem)
                : StravaReader.Read(item, userId, origin, message, out problem);
            yield return (record, problem);
        }
    }

    private static TrackerRecord Deleted(long id, WebhookMessage message, Guid userId, RecordOrigin origin, out string? problem)
    {
        problem = null;
        return new TrackerRecord
        {
            UserId = userId,
            Origin = origin,
            Kind = ActivityKind.Workout,
            NaturalId = StravaReader.NaturalId(id),
            StartedAt = message.ReceivedAt,
            EndedAt = message.ReceivedAt,
            Deleted = true,
            VersionAt = message.OrderedAt ?? message.ReceivedAt,
            MessageId = message.Id,
        };
    }
}
