using System.Text.Json;
using System.Text.Json.Serialization;
using FitTrack.Core.Data;

namespace FitTrack.Api.Http;

/// <summary>How JSON is read and written at the Api: strictly, so that a mistake of the sender becomes an answer and never a stored oddity.</summary>
internal static class ApiJson
{
    /// <summary>camelCase, enums in snake_case, times in UTC; no numbers as text, no property twice, no NUL in text, no depth beyond 32.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
        json.MaxDepth = 32;
        json.Converters.Add(new StorableTextConverter());
        json.Converters.Add(new FiniteNumberConverter());
        json.Converters.Add(new UtcTimeConverter());
        json.Converters.Add(new JsonStringEnumConverter(new SnakeCase(), allowIntegerValues: false));
    }

    /// <summary>The same words as in the database.</summary>
    private sealed class SnakeCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) => Naming.Snake(name);
    }
}

/// <summary>A value that is well-formed JSON and yet cannot be accepted; the message is for the sender.</summary>
internal sealed class UnacceptableValueException : JsonException
{
    public UnacceptableValueException()
    {
    }

    public UnacceptableValueException(string message)
        : base(message)
    {
    }

    public UnacceptableValueException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>PostgreSQL cannot store U+0000 in text.</summary>
internal sealed class StorableTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return text is not null && text.Contains('\0') ? throw new UnacceptableValueException("Text must not contain the character U+0000.") : text;
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>1e999 is valid JSON and reads as infinity, which could be stored but never written again.</summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var number = reader.GetDouble();
        return double.IsFinite(number) ? number : throw new UnacceptableValueException("The number is too large.");
    }

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Times are written in UTC with a Z. A time without an offset is taken for UTC, never for the server's own zone.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var time = reader.GetDateTime();
        return time.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(time, TimeSpan.Zero) : reader.GetDateTimeOffset().ToUniversalTime();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
