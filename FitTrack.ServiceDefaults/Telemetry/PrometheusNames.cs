using System.Globalization;
using System.Text;

namespace FitTrack.ServiceDefaults.Telemetry;

/// <summary>
/// Names for Prometheus, after OpenTelemetry's compatibility rules: snake case, the unit spelled out, <c>_total</c> on counters.
/// One addition keeps <c>promtool check metrics</c> content: a gauge ending in <c>_count</c> (reserved for histograms) becomes a plural,
/// so <c>dotnet.thread_pool.thread.count</c> is <c>dotnet_thread_pool_threads</c>.
/// </summary>
internal static class PrometheusNames
{
    public static string Metric(string name, string? unit, MetricKind kind)
    {
        var text = Sanitize(name);
        if (kind != MetricKind.Histogram && text.EndsWith("_count", StringComparison.Ordinal))
            text = Plural(text[..^"_count".Length]);

        var suffix = Unit(unit, kind);
        if (suffix.Length > 0 && !text.EndsWith("_" + suffix, StringComparison.Ordinal) && !text.Equals(suffix, StringComparison.Ordinal))
            text += "_" + suffix;
        if (kind == MetricKind.Counter)
            text = (text.EndsWith("_total", StringComparison.Ordinal) ? text[..^"_total".Length] : text) + "_total";
        return text;
    }

    public static string Label(string name)
    {
        var text = Sanitize(name);
        // A double underscore at the front is Prometheus' own.
        return text.StartsWith("__", StringComparison.Ordinal) ? "key" + text : text;
    }

    public static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }
    }

    /// <summary>Help text allows quotes, and no line break.</summary>
    public static string Help(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Plural(string name) => name switch
    {
        [.., 'y'] => name[..^1] + "ies",
        [.., 's'] => name,
        _ => name + "s",
    };

    private static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            text.Append('_');
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return text.Replace("__", "_", 1, Math.Max(0, text.Length - 1)).ToString();
    }

    private static string Unit(string? unit, MetricKind kind)
    {
        if (string.IsNullOrEmpty(unit) || unit.StartsWith('{'))
            return "";
        var per = unit.IndexOf('/', StringComparison.Ordinal);
        return per > 0 ? One(unit[..per], kind) + "_per_" + One(unit[(per + 1)..], kind).TrimEnd('s') : One(unit, kind);
    }

    private static string One(string unit, MetricKind kind) => unit switch
    {
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "d" => "days",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "m" => "meters",
        "%" => "percent",
        "1" => kind == MetricKind.Gauge ? "ratio" : "",
        _ when unit.StartsWith('{') => "",
        _ => Sanitize(unit),
    };
}
