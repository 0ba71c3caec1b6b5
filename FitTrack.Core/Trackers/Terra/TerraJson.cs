using System.Globalization;
using System.Text.Json;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>
/// Reads Terra's JSON tolerantly: anything may be missing, null, a number written as text, or absurd. What cannot be
/// used reads as missing; nothing throws.
/// </summary>
internal static class TerraJson
{
    public static JsonElement Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Child(this JsonElement element, string outer, string inner) => element.Child(outer).Child(inner);

    /// <summary>A finite number, also where it is written as text.</summary>
    public static double? Number(this JsonElement element)
    {
        var found = element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetDouble(out var n) ? n : double.NaN,
            JsonValueKind.String => double.TryParse(element.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : double.NaN,
            _ => double.NaN,
        };
        return double.IsFinite(found) ? found : null;
    }

    /// <summary>A finite number between two bounds, both included.</summary>
    public static double? Number(this JsonElement element, double least, double most) =>
        element.Number() is { } n && n >= least && n <= most ? n : null;

    /// <summary>A whole number of something that cannot be negative, rounded down; more than an <see cref="int"/> holds is the largest <see cref="int"/>.</summary>
    public static int? Count(this JsonElement element) =>
        element.Number() is { } n && n >= 0 ? (int)Math.Min(Math.Floor(n), int.MaxValue) : null;

    public static int? Integer(this JsonElement element) =>
        element.Number() is { } n && n >= int.MinValue && n <= int.MaxValue && Math.Floor(n) == n ? (int)n : null;

    /// <summary>Text without control characters, trimmed; empty is missing. Half a surrogate pair is no text.</summary>
    public static string? Text(this JsonElement element, int longest = 4_000)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            var text = element.GetString()!;
            if (text.Any(char.IsControl))
                text = string.Concat(text.Where(c => !char.IsControl(c)));
            text = text.Trim();
            if (text.Length > longest)
                text = text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
            return text.Length == 0 ? null : text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A time with its own offset, UTC where none is given; within the years a tracker can mean.</summary>
    public static DateTimeOffset? Time(this JsonElement element) =>
        DateTimeOffset.TryParse(element.Text(60), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is >= 2000 and <= 2100 ? time : null;
}
