using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.ServiceDefaults.Correlation;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Trackers;

/// <summary>Synchronises the connections that are due, some at a time; any number of processes share them.</summary>
internal sealed class SyncWorker(SyncRunner runner, IMessageBus bus, IOptions<SyncOptions> options, TimeProvider clock, ILogger<SyncWorker> logger)
    : QueueWorker(SyncJobs.QueueName, options.Value.PollEvery, bus, clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await Parallel.ForEachAsync(runner.TakeAsync(ct), new ParallelOptions { MaxDegreeOfParallelism = options.Value.AtOnce, CancellationToken = ct }, async (job, token) =>
        {
            using var correlation = CorrelationId.Begin();
            await runner.RunAsync(job, token);
        });
        return false;
    }
}
