using System.Reflection;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Messaging;

/// <summary>Signs of life of the workers.</summary>
public sealed class Heartbeats(FitTrackDbContext db, InstanceId instance, TimeProvider clock)
{
    /// <summary>How often a worker reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>A worker not heard of for this long does not count as running: two reports may be late.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private static readonly string Version = typeof(Heartbeats).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Reports this worker as alive, and removes what has been silent for a day.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var id = instance.Value;
        if (await db.Set<WorkerHeartbeat>().Where(x => x.WorkerId == id).ExecuteUpdateAsync(set => set.SetProperty(x => x.SeenAt, now), ct) == 0)
        {
            var row = db.Add(WorkerHeartbeat.Create(instance, Version[..Math.Min(Version.Length, WorkerHeartbeat.MaxVersion)], now));
            await db.SaveChangesAsync(ct);
            row.State = EntityState.Detached;
        }

        var old = now - Kept;
        await db.Set<WorkerHeartbeat>().Where(x => x.SeenAt < old).ExecuteDeleteAsync(ct);
    }

    /// <summary>A worker that stops in order leaves no silent row behind.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        var id = instance.Value;
        await db.Set<WorkerHeartbeat>().Where(x => x.WorkerId == id).ExecuteDeleteAsync(ct);
    }

    /// <summary>The last sign of life of any worker, and how many are running.</summary>
    public async Task<WorkersSeen> SeenAsync(CancellationToken ct)
    {
        var seen = await db.Set<WorkerHeartbeat>().Select(x => x.SeenAt).ToListAsync(ct);
        var since = clock.Now() - Silence;
        return new WorkersSeen(seen.Count(s => s >= since), seen.Count == 0 ? null : seen.Max());
    }
}

/// <summary>Which workers run.</summary>
/// <param name="Running">Heard of within <see cref="Heartbeats.Silence"/>.</param>
/// <param name="LastSeenAt">Null when there never was one.</param>
public sealed record WorkersSeen(int Running, DateTimeOffset? LastSeenAt);
