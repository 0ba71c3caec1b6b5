using System.Globalization;
using System.Text;

namespace FitTrack.ServiceDefaults.Telemetry;

internal static class MetricLabels
{
    private const int MaxValueLength = 200;

    /// <summary>The tags as Prometheus writes labels, sorted by name. Tags without a value are left out; two that get the same name are joined by ';'.</summary>
    public static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            if (Value(tag.Value) is not { Length: > 0 } value)
                continue;
            var label = PrometheusNames.Label(tag.Key);
            sorted[label] = sorted.TryGetValue(label, out var first) ? first + ";" + value : value;
        }

        var text = new StringBuilder();
        foreach (var (label, value) in sorted)
        {
            text.Append(text.Length > 0 ? "," : "").Append(label).Append("=\"");
            PrometheusNames.AppendEscaped(text, value);
            text.Append('"');
        }

        return text.ToString();
    }

    private static string? Value(object? value)
    {
        var text = value switch
        {
            null => null,
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
        return text?.Length > MaxValueLength ? text[..MaxValueLength] : text;
    }
}
