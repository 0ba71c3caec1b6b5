using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace FitTrack.Api.Http;

/// <summary>An example of a whole request or answer in the documentation, as JSON.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SchemaExampleAttribute(string json) : Attribute
{
    public string Json => json;
}

/// <summary>Examples for fields, by what they are called and by their type, so that every request can be tried without inventing one.</summary>
internal static class SchemaExamples
{
    private static readonly FrozenDictionary<string, string> ByName = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["email"] = "\"ana@example.com\"",
        ["contactEmail"] = "\"prizes@acme.example\"",
        ["password"] = "\"Twelve-Miles-2026!\"",
        ["displayName"] = "\"Ana\"",
        ["state"] = "\"TX\"",
        ["timeZone"] = "\"America/New_York\"",
        ["tier"] = "\"F-30-39-INT\"",
        ["tierCode"] = "\"F-30-39-INT\"",
        ["name"] = "\"Weekly drawing\"",
        ["quantity"] = "3",
        ["page"] = "1",
        ["perPage"] = "20",
        ["total"] = "25",
        ["totalPages"] = "2",
        ["points"] = "1420",
        ["balance"] = "1420",
        ["ticketPrice"] = "500",
        ["valueCents"] = "24900",
        ["recipientName"] = "\"Ana Alvarez\"",
        ["street"] = "\"12 Main Street\"",
        ["city"] = "\"Austin\"",
        ["postalCode"] = "\"78701\"",
        ["country"] = "\"US\"",
        ["carrier"] = "\"UPS\"",
        ["trackingNumber"] = "\"1Z999AA10123456784\"",
        ["websiteUrl"] = "\"https://acme.example\"",
        ["type"] = "\"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.21\"",
        ["traceId"] = "\"4bf92f3577b34da6a3ce929d0e0e4736\"",
        ["field"] = "\"displayName\"",
        ["message"] = "\"The DisplayName field is required.\"",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null where nothing better than the type's name can be said.</summary>
    public static JsonNode? For(string property, Type type) => type switch
    {
        _ when type == typeof(Guid) => "019a9c3e-8f00-7abc-8def-0123456789ab",
        _ when type == typeof(DateTimeOffset) => "2026-11-18T15:04:05Z",
        _ when type == typeof(DateOnly) => "2026-11-18",
        _ when ByName.TryGetValue(property, out var json) && JsonNode.Parse(json) is { } example && IsOf(type, example) => example,
        _ => null,
    };

    private static bool IsOf(Type type, JsonNode example) => example.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => type == typeof(string),
        _ => type == typeof(int) || type == typeof(long),
    };
}
