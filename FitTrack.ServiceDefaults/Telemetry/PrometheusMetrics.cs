using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FitTrack.ServiceDefaults.Telemetry;

/// <summary>
/// Collects the instruments named in <see cref="TelemetrySources"/> and writes them in Prometheus' text format 0.0.4. It listens from the
/// start, so that a counter is whole at the first scrape, and only to what somebody looks at: every further instrument costs each request.
/// </summary>
internal sealed class PrometheusMetrics : IHostedService, IDisposable
{
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] Anything = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _scraping = new();
    private readonly object _scope;
    private readonly string _target;

    /// <summary>Meters made by another host's factory in the same process are that host's business.</summary>
    public PrometheusMetrics(ServiceIdentity service, IMeterFactory meters)
    {
        _scope = meters;
        var target = new MetricFamily("target_info", "The program that answers.", MetricKind.Gauge, []);
        target.Record(1, MetricUpdate.Set, [new("service_name", service.Name), new("service_version", service.Version)]);
        var text = new StringBuilder();
        target.Write(text);
        _target = text.ToString();

        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Sink)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((Sink)state!).Record((double)value, tags));
        _listener.Start();
    }

    public string Scrape()
    {
        lock (_scraping)
        {
            MetricFamily[] families;
            lock (_families)
                families = [.. _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)];
            foreach (var family in families.Where(f => f.Observed))
                family.ForgetObserved();
            _listener.RecordObservableInstruments();

            var text = new StringBuilder(_target, 32 * 1024);
            foreach (var family in families)
                family.Write(text);
            return text.ToString();
        }
    }

    /// <summary>Being a hosted service is what makes the host create this, and so listen, before anything is served.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if ((instrument.Meter.Scope is not null && !ReferenceEquals(instrument.Meter.Scope, _scope)) || !TelemetrySources.IsScraped(instrument))
            return;
        if (Describe(instrument) is not var (kind, update, observed))
            return;

        var name = PrometheusNames.Metric(instrument.Name, instrument.Unit, kind);
        lock (_families)
        {
            if (!_families.TryGetValue(name, out var family))
            {
                var help = string.IsNullOrWhiteSpace(instrument.Description) ? $"{instrument.Name} of {instrument.Meter.Name}." : instrument.Description;
                _families[name] = family = new MetricFamily(name, help, kind, kind == MetricKind.Histogram ? Bounds(instrument) : []) { Observed = observed };
            }

            // Two instruments that end under one name but differ in kind cannot be written as one metric; the first one stays.
            if (family.Kind == kind)
                listener.EnableMeasurementEvents(instrument, new Sink(family, update));
        }
    }

    private static (MetricKind Kind, MetricUpdate Update, bool Observed)? Describe(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType)
            return null;
        return type.GetGenericTypeDefinition() switch
        {
            var t when t == typeof(Counter<>) => (MetricKind.Counter, MetricUpdate.Add, false),
            var t when t == typeof(UpDownCounter<>) => (MetricKind.Gauge, MetricUpdate.Add, false),
            var t when t == typeof(Gauge<>) => (MetricKind.Gauge, MetricUpdate.Set, false),
            var t when t == typeof(Histogram<>) => (MetricKind.Histogram, MetricUpdate.Observe, false),
            var t when t == typeof(ObservableCounter<>) => (MetricKind.Counter, MetricUpdate.Set, true),
            var t when t == typeof(ObservableUpDownCounter<>) || t == typeof(ObservableGauge<>) => (MetricKind.Gauge, MetricUpdate.Set, true),
            _ => null,
        };
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised],
        Histogram<long> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { Count: > 0 } advised } => [.. advised.Select(bound => (double)bound)],
        { Unit: "s" } => Seconds,
        _ => Anything,
    };

    private sealed class Sink(MetricFamily family, MetricUpdate update)
    {
        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => family.Record(value, update, tags);
    }
}

internal static class PrometheusEndpoint
{
    public static void MapPrometheus(this IEndpointRouteBuilder app, string path) => app
        .MapGet(path, static (PrometheusMetrics metrics, HttpResponse response) =>
        {
            response.Headers.CacheControl = "no-store";
            return Results.Text(metrics.Scrape(), "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8);
        })
        .AllowAnonymous().DisableRateLimiting().DisableHttpMetrics().ExcludeFromDescription();
}
