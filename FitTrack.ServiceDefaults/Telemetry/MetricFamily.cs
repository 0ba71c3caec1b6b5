using System.Text;

namespace FitTrack.ServiceDefaults.Telemetry;

internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down, or is set.</summary>
    Gauge,

    Histogram,
}

/// <summary>How one measurement acts on its series.</summary>
internal enum MetricUpdate
{
    Add,
    Set,
    Observe,
}

/// <summary>
/// All series of one metric. Finding a known series takes no lock and allocates nothing, since it happens several times in every
/// request. Past <see cref="MaxSeries"/> label sets the rest share one series labelled <c>otel_metric_overflow="true"</c>.
/// </summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, double[] bounds)
{
    public const int MaxSeries = 1000;

    private readonly Lock _adding = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private volatile Dictionary<int, Node> _known = [];
    private int _nodes;
    private MetricSeries? _overflow;

    public string Name => name;

    public MetricKind Kind => kind;

    /// <summary>Read by a callback at each scrape instead of being told as it happens.</summary>
    public bool Observed { get; init; }

    public void Record(double value, MetricUpdate update, ReadOnlySpan<KeyValuePair<string, object?>> tags) => Find(tags).Record(value, update);

    /// <summary>Observed series that the callback no longer reports are left out of the next answer.</summary>
    public void ForgetObserved()
    {
        lock (_adding)
        {
            foreach (var series in _series.Values)
                series.ForgetObserved();
        }
    }

    public void Write(StringBuilder text)
    {
        MetricSeries[] all;
        lock (_adding)
            all = [.. _series.Values.Where(s => s.HasValue).OrderBy(s => s.Labels, StringComparer.Ordinal)];
        if (all.Length == 0)
            return;

        text.Append("# HELP ").Append(name).Append(' ').Append(PrometheusNames.Help(help)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" }).Append('\n');
        foreach (var series in all)
            series.Write(text, name);
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = Hash(tags);
        if (_known.TryGetValue(hash, out var node))
        {
            for (; node is not null; node = node.Next)
            {
                if (node.Matches(tags))
                    return node.Series;
            }
        }

        return Add(hash, tags);
    }

    private MetricSeries Add(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_adding)
        {
            // The same labels may come in another order or as other number types: several nodes, one series.
            if (_nodes >= 4 * MaxSeries)
                return Overflow();
            var labels = MetricLabels.Text(tags);
            if (!_series.TryGetValue(labels, out var series))
            {
                if (_series.Count >= MaxSeries)
                    return Overflow();
                _series[labels] = series = new MetricSeries(labels, bounds, kind == MetricKind.Histogram);
            }

            var next = new Dictionary<int, Node>(_known);
            next[hash] = new Node(tags.ToArray(), series, next.GetValueOrDefault(hash));
            _nodes++;
            _known = next;
            return series;
        }
    }

    private MetricSeries Overflow() => _overflow ??= _series["otel_metric_overflow=\"true\""] = new MetricSeries("otel_metric_overflow=\"true\"", bounds, kind == MetricKind.Histogram);

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var tag in tags)
            hash = (hash * 31) + (tag.Value?.GetHashCode() ?? 0);
        return hash;
    }

    private sealed class Node(KeyValuePair<string, object?>[] tags, MetricSeries series, Node? next)
    {
        public MetricSeries Series => series;

        public Node? Next => next;

        public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> other)
        {
            if (other.Length != tags.Length)
                return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (!string.Equals(tags[i].Key, other[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, other[i].Value))
                    return false;
            }

            return true;
        }
    }
}
