using Microsoft.Extensions.Hosting;

namespace FitTrack.ServiceDefaults.Memory;

/// <summary>
/// Gives memory back while there is nothing to do. The collector lets the youngest generation grow to the size of the
/// processor's cache (100 MB on a server) before it looks at it, so what a start or a burst left behind would stay
/// resident for as long as a process is idle. One collection in a quiet moment returns it.
/// </summary>
internal sealed class IdleMemory : BackgroundService
{
    /// <summary>Real time, since it is the process that is idle and not the injected clock.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A process that allocates less than this in an interval is idle.</summary>
    private const long QuietBytes = 4 << 20;

    /// <summary>Below this a collection is not worth its pause.</summary>
    private const long WorthwhileBytes = 8 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var (seen, collected) = (0L, 0L);
        while (await NextAsync(timer, stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            if (allocated - seen < QuietBytes && allocated - collected > WorthwhileBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                collected = allocated;
            }

            seen = allocated;
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
