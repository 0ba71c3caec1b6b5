namespace FitTrack.Core.Messaging;

/// <summary>
/// A queue in the database that a feature's job works off. Register it (scoped) and its length shows in
/// <c>/health/ready</c> and as the metric <c>fittrack.queue.length</c>.
/// </summary>
public interface IWorkBacklog
{
    /// <summary>snake_case, such as <c>webhook_events</c>; also the key on <see cref="BusTopics.Work"/>.</summary>
    string Name { get; }

    /// <summary>How many items wait and are due; an indexed count.</summary>
    Task<long> CountWaitingAsync(CancellationToken ct);
}
