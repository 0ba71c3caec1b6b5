using System.Collections;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace FitTrack.Core.Privacy;

/// <summary>
/// Entities as JSON, there and back: their properties have private setters and their constructors are private. Secrets (hashes, sealed
/// and protected values, stamps) and the bookkeeping of leases are left out by name.
/// </summary>
internal static class EntityJson
{
    private const int MaxDepth = 16;

    private static readonly string[] Secret = ["Protected", "Sealed", "Lease", "Fenc", "SecurityStamp", "PasswordHash", "TokenHash", "CodeHash", "StateHash", "LastHash"];

    public static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            MaxDepth = MaxDepth,
            AllowDuplicateProperties = false,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OpenUp } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void OpenUp(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Namespace?.StartsWith("FitTrack.Core", StringComparison.Ordinal) != true)
            return;
        if (type.CreateObject is null && type.Type.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, []) is { } constructor)
            type.CreateObject = () => constructor.Invoke(null);
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (property.AttributeProvider is not PropertyInfo info)
                continue;
            // Lists of other entities have files of their own.
            var isList = info.SetMethod is null && info.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(info.PropertyType);
            if (isList || Array.Exists(Secret, name => info.Name.Contains(name, StringComparison.Ordinal)))
                type.Properties.RemoveAt(i);
            else if (property.Set is null && info.SetMethod is { } set)
                property.Set = (entity, value) => set.Invoke(entity, [value]);
        }
    }
}
