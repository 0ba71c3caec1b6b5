using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Data;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>What is read from a webhook before it is stored: enough to file it, and that it is JSON which everyone reads alike.</summary>
/// <param name="EventType">What it states as <c>type</c>; null when nothing.</param>
/// <param name="ExternalUserId">The Terra user it is about.</param>
/// <param name="Text">The body.</param>
public sealed record TerraEnvelope(string? EventType, string? ExternalUserId, string Text)
{
    /// <summary>A body with a key twice would mean one thing to us and another to the next reader: it is refused.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a body, or says in <paramref name="problem"/> why it is none.</summary>
    public static TerraEnvelope? Read(ReadOnlyMemory<byte> body, int maxItems, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            problem = root.ValueKind != JsonValueKind.Object ? "The body must be a JSON object."
                : root.Child("data") is { ValueKind: JsonValueKind.Array } data && data.GetArrayLength() > maxItems ? $"More than {maxItems} items in one message."
                : null;
            if (problem is not null)
                return null;
            var user = root.Child("user");
            var userId = (user.ValueKind == JsonValueKind.Object ? user : root.Child("new_user")).Child("user_id").Text(ProviderConnection.MaxExternalUserId);
            return new TerraEnvelope(root.Child("type").Text(60), userId, Utf8.GetString(body.Span));
        }
        catch (JsonException e)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"The body is not JSON that can be read one way only (line {e.LineNumber}, byte {e.BytePositionInLine}).");
            return null;
        }
        catch (Exception e) when (e is DecoderFallbackException or InvalidOperationException)
        {
            problem = "The body is not UTF-8 text.";
            return null;
        }
    }

    /// <summary>Opens a body that <see cref="Read"/> has accepted.</summary>
    internal static JsonDocument Open(string body) => JsonDocument.Parse(body, Strict);

    /// <summary>The delivery's id: Terra's trace id, which is stable over retries; without one, the body's hash.</summary>
    public static string DeliveryId(string? traceId, ReadOnlySpan<byte> body)
    {
        var usable = traceId is { Length: > 0 and <= WebhookMessage.MaxDeliveryId } && traceId.All(c => c is > ' ' and <= '~');
        if (usable)
            return traceId!;
        return string.IsNullOrEmpty(traceId)
            ? "body:" + Convert.ToHexStringLower(SHA256.HashData(body))
            : "trace:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(traceId)));
    }

    /// <summary>The time by which versions of one thing are ordered: Unix seconds, milliseconds or microseconds, or an ISO time.</summary>
    public static DateTimeOffset? OrderingTime(string? header)
    {
        if (string.IsNullOrWhiteSpace(header) || header.Length > 60)
            return null;
        if (long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            var milliseconds = number switch { < 100_000_000_000 => number * 1_000, < 100_000_000_000_000 => number, _ => number / 1_000 };
            return milliseconds is > 0 and < 4_102_444_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
        }

        return DateTimeOffset.TryParse(header, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is >= 2000 and <= 2100
            ? time.ToMicroseconds() : null;
    }
}
