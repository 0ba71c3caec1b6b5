using System.Runtime.CompilerServices;
using FitTrack.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>Works off what is due, each connection in a scope of its own: one that fails stops no other.</summary>
public sealed partial class SyncRunner(IServiceScopeFactory scopes, IOptions<SyncOptions> options, TimeProvider clock, ILogger<SyncRunner> logger)
{
    /// <summary>Few at a time: what is claimed waits for its turn, and its lease runs.</summary>
    private const int ClaimAtOnce = 8;

    /// <summary>Claims what is due as it is asked for, until nothing is.</summary>
    public async IAsyncEnumerable<SyncJob> TakeAsync([EnumeratorCancellation] CancellationToken ct)
    {
        List<SyncJob> claimed;
        do
        {
            await using (var scope = scopes.CreateAsyncScope())
                claimed = await scope.ServiceProvider.GetRequiredService<SyncJobs>().ClaimAsync(Math.Min(ClaimAtOnce, options.Value.AtOnce), ct);
            foreach (var job in claimed)
                yield return job;
        }
        while (claimed.Count > 0);
    }

    /// <summary>Runs one claimed job to its end, or to the end of its turn. What goes wrong is stored with the connection and logged.</summary>
    public async Task RunAsync(SyncJob job, CancellationToken ct)
    {
        if (job.LeaseUntil < clock.Now() + options.Value.Turn)
            return; // It waited too long for its turn and comes back when the lease has ended.
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var result = await scope.ServiceProvider.GetRequiredService<SyncRun>().ExecuteAsync(job, ct);
            if (result.IsLost)
                Overtaken(job.ConnectionId);
            else if (result.Fault is { } fault)
                Failed(job.ConnectionId, job.Attempts + 1, fault.Kind, fault.Message);
            else
                Synced(job.ConnectionId, result.Items);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The lease ends by itself, and then it is tried again.
            Broken(e, job.ConnectionId);
        }
    }

    /// <summary>Gives jobs to connections that have none.</summary>
    public async Task FillAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        while (await scope.ServiceProvider.GetRequiredService<SyncJobs>().FillAsync(ct) > 0)
        {
            // On to the next batch.
        }
    }

    [LoggerMessage(LogLevel.Information, "Sync: connection {ConnectionId}, {Items} items fetched")]
    private partial void Synced(Guid connectionId, int items);

    [LoggerMessage(LogLevel.Warning, "Sync: connection {ConnectionId} failed, attempt {Attempt}: {Kind}, {Reason}")]
    private partial void Failed(Guid connectionId, int attempt, FaultKind kind, string reason);

    [LoggerMessage(LogLevel.Warning, "Sync: connection {ConnectionId} was taken over by another process")]
    private partial void Overtaken(Guid connectionId);

    [LoggerMessage(LogLevel.Error, "Sync: connection {ConnectionId} could not be synchronised; it is tried again when its lease has ended")]
    private partial void Broken(Exception exception, Guid connectionId);
}
