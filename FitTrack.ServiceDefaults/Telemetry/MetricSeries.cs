using System.Globalization;
using System.Text;

namespace FitTrack.ServiceDefaults.Telemetry;

/// <summary>One set of labels with its value or its histogram; written to from many threads without a lock.</summary>
internal sealed class MetricSeries(string labels, double[] bounds, bool histogram)
{
    private readonly long[] _buckets = histogram ? new long[bounds.Length + 1] : [];
    private double _value;
    private volatile bool _hasValue;

    public string Labels => labels;

    public bool HasValue => _hasValue;

    public void Record(double value, MetricUpdate update)
    {
        switch (update)
        {
            case MetricUpdate.Set:
                Volatile.Write(ref _value, value);
                break;
            case MetricUpdate.Add:
                Add(value);
                break;
            default:
                Interlocked.Increment(ref _buckets[Bucket(value)]);
                Add(value);
                break;
        }

        if (!_hasValue)
            _hasValue = true;
    }

    public void ForgetObserved() => _hasValue = false;

    public void Write(StringBuilder text, string name)
    {
        if (!histogram)
        {
            Line(text, name, "", null).Append(PrometheusNames.Number(Volatile.Read(ref _value))).Append('\n');
            return;
        }

        var count = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            count += Volatile.Read(ref _buckets[i]);
            var bound = i < bounds.Length ? PrometheusNames.Number(bounds[i]) : "+Inf";
            Line(text, name, "_bucket", bound).Append(CultureInfo.InvariantCulture, $"{count}").Append('\n');
        }

        Line(text, name, "_sum", null).Append(PrometheusNames.Number(Volatile.Read(ref _value))).Append('\n');
        Line(text, name, "_count", null).Append(CultureInfo.InvariantCulture, $"{count}").Append('\n');
    }

    private StringBuilder Line(StringBuilder text, string name, string suffix, string? bound)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0 || bound is not null)
        {
            text.Append('{').Append(labels);
            if (bound is not null)
                text.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(bound).Append('"');
            text.Append('}');
        }

        return text.Append(' ');
    }

    private int Bucket(double value)
    {
        // A bound belongs to its own bucket (le), and what is no number goes to the last.
        var i = 0;
        while (i < bounds.Length && !(value <= bounds[i]))
            i++;
        return i;
    }

    private void Add(double value)
    {
        double seen;
        do
            seen = Volatile.Read(ref _value);
        while (Interlocked.CompareExchange(ref _value, seen + value, seen) != seen && !double.IsNaN(seen));
    }
}
