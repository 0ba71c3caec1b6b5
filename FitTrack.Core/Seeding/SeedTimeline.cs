using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Seeding;

/// <summary>
/// What happened in the demo's past: each event at its moment, in order, in a scope of its own, through the use cases
/// that serve everybody else.
/// </summary>
internal sealed class SeedTimeline(IServiceProvider services, SeedClock clock)
{
    private readonly PriorityQueue<Func<IServiceProvider, CancellationToken, Task>, (DateTimeOffset At, int Order)> _events = new();
    private int _added;

    /// <summary>Also from within an event: what follows from it. Events of one moment keep their order.</summary>
    public void At(DateTimeOffset moment, Func<IServiceProvider, CancellationToken, Task> happens) => _events.Enqueue(happens, (moment, _added++));

    public async Task RunAsync(string step, IProgress<SeedProgress>? progress, CancellationToken ct)
    {
        for (var done = 0; _events.TryDequeue(out var happens, out var when); done++)
        {
            progress?.Report(new SeedProgress(step, done, done + 1 + _events.Count));
            clock.AdvanceTo(when.At);
            await using var scope = services.CreateAsyncScope();
            await happens(scope.ServiceProvider, ct);
            if (_events.Count == 0)
                progress?.Report(new SeedProgress(step, done + 1, done + 1));
        }
    }
}
