using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>The canonical form that a manifest is hashed in: UTF-8, keys sorted, no spaces, integers only.</summary>
internal static class CanonicalJson
{
    public static byte[] Of(JsonElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).ToList();
                AppendAll(text, '{', '}', members, m =>
                {
                    AppendText(text, m.Name);
                    text.Append(':');
                    Append(text, m.Value);
                });
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', ']', element.EnumerateArray().ToList(), e => Append(text, e));
                break;
            case JsonValueKind.String:
                AppendText(text, element.GetString()!);
                break;
            case JsonValueKind.Number when element.TryGetInt64(out var number):
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new StepFailedException("manifest", $"{element.GetRawText()} has no canonical form");
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, char close, List<T> items, Action<T> append)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(',');
            append(items[i]);
        }

        text.Append(close);
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }

        text.Append('"');
    }
}
