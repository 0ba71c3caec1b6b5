using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FitTrack.Core.Data;

namespace FitTrack.Api.Http;

/// <summary>The text of a filter as the type it is compared with.</summary>
internal static class ListValue
{
    private const int MaxTextLength = 200;

    public static bool TryParse(Type type, string text, [NotNullWhen(true)] out object? value)
    {
        value = Parse(Nullable.GetUnderlyingType(type) ?? type, text);
        return value is not null;
    }

    /// <summary>What is accepted, as the end of the sentence "The value must be ...".</summary>
    public static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } t => "one of " + string.Join(", ", Enum.GetNames(t).Select(Naming.Snake)),
        var t when t == typeof(Guid) => "an id",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(int) || t == typeof(long) => "a whole number",
        var t when t == typeof(DateOnly) => "a date like 2026-11-16",
        var t when t == typeof(DateTimeOffset) => "a time like 2026-11-16T08:00:00Z or a date",
        _ => $"text of 1 to {MaxTextLength} characters",
    };

    private static object? Parse(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
            return text.Length is > 0 and <= MaxTextLength && !text.Contains('\0') ? text : null;
        if (type.IsEnum)
            return Enum.GetNames(type).FirstOrDefault(name => Naming.Snake(name) == text) is { } found ? Enum.Parse(type, found) : null;
        if (type == typeof(Guid))
            return Guid.TryParseExact(text, "D", out var id) ? id : null;
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null;
        if (type == typeof(DateOnly))
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day) ? day : null;
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time.ToMicroseconds() : null;
        throw new NotSupportedException($"Lists cannot be filtered by {type.Name}.");
    }
}
