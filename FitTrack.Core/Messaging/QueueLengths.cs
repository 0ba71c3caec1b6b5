namespace FitTrack.Core.Messaging;

/// <summary>How much work waits, queue by queue.</summary>
public sealed class QueueLengths
{
    private readonly IEnumerable<IWorkBacklog> _queues;
    private readonly BusMetrics _metrics;

    internal QueueLengths(IEnumerable<IWorkBacklog> queues, BusMetrics metrics) => (_queues, _metrics) = (queues, metrics);

    /// <summary>Counts every queue, and shows the numbers as the metric <c>fittrack.queue.length</c>.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MeasureAsync(CancellationToken ct)
    {
        var lengths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var queue in _queues)
        {
            lengths[queue.Name] = await queue.CountWaitingAsync(ct);
            _metrics.QueueLength(queue.Name, lengths[queue.Name]);
        }

        return lengths;
    }
}
