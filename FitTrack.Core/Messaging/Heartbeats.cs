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
        var seen = await ListAsync(ct);
        return new WorkersSeen(seen.Count(w => w.IsRunning), seen.Count == 0 ? null : seen.Max(w => w.SeenAt));
    }

    /// <summary>Every worker of the last day, the one that started last first.</summary>
    public Task<List<WorkerSeen>> ListAsync(CancellationToken ct)
    {
        var since = clock.Now() - Silence;
        return db.Set<WorkerHeartbeat>().OrderByDescending(x => x.StartedAt).ThenBy(x => x.WorkerId)
            .Select(x => new WorkerSeen(x.WorkerId, x.Version, x.StartedAt, x.SeenAt, x.SeenAt >= since)).ToListAsync(ct);
    }
}

/// <summary>A worker process.</summary>
/// <param name="Id">Of its process, as the leases that it holds name it.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="SeenAt">Its last sign of life.</param>
/// <param name="IsRunning">Heard of within <see cref="Heartbeats.Silence"/>.</param>
public sealed record WorkerSeen(string Id, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsRunning);

/// <summary>Which workers run.</summary>
/// <param name="Running">Heard of within <see cref="Heartbeats.Silence"/>.</param>
/// <param name="LastSeenAt">Null when there never was one.</param>
public sealed record WorkersSeen(int Running, DateTimeOffset? LastSeenAt);
