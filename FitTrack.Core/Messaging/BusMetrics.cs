using System.Diagnostics.Metrics;

namespace FitTrack.Core.Messaging;

/// <summary>Meter <c>FitTrack.Messaging</c>: what the bus does, and how long the queues are.</summary>
internal sealed class BusMetrics
{
    public const string MeterName = "FitTrack.Messaging";

    private readonly Counter<long> _published;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _resets;
    private readonly Gauge<long> _queueLength;

    public BusMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("fittrack.bus.published", "{message}", "Messages published in this process, before coalescing.");
        _sent = meter.CreateCounter<long>("fittrack.bus.sent", "{payload}", "Payloads sent to the other processes.");
        _received = meter.CreateCounter<long>("fittrack.bus.received", "{payload}", "Payloads that arrived, our own included.");
        _failures = meter.CreateCounter<long>("fittrack.bus.failures", "{failure}", "Failed attempts to send or to listen.");
        _resets = meter.CreateCounter<long>("fittrack.bus.resets", "{reset}", "Times that subscribers had to forget what they keep.");
        _queueLength = meter.CreateGauge<long>("fittrack.queue.length", "{item}", "Due items that wait in a queue.");
    }

    public void Published(string topic) => _published.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public void Sent() => _sent.Add(1);

    public void Received() => _received.Add(1);

    public void Failed(string operation) => _failures.Add(1, new KeyValuePair<string, object?>("operation", operation));

    public void WasReset() => _resets.Add(1);

    public void QueueLength(string queue, long length) => _queueLength.Record(length, new KeyValuePair<string, object?>("queue", queue));
}
