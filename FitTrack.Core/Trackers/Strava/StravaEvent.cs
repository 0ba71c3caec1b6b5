using System.Text.Json;
using FitTrack.Core.Trackers.Terra;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>What is read from one of Strava's events before it is stored (providers 2.5).</summary>
/// <param name="Kind">The event type under which it is stored.</param>
public sealed record StravaEvent(long OwnerId, long? SubscriptionId, string Kind)
{
    /// <summary>Null where the body is no event.</summary>
    public static StravaEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.Child("owner_id").Number(1, long.MaxValue) is { } owner && root.Child("object_type").Text(20) is not null
                ? new StravaEvent((long)owner, (long?)root.Child("subscription_id").Number(0, long.MaxValue), KindOf(root)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string KindOf(JsonElement root) =>
        root.Child("object_type").Text(20) == "athlete" && root.Child("updates", "authorized").Text(10) == "false" ? StravaMessages.Deauthorized : StravaMessages.Hint;
}
