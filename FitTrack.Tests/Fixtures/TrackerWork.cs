using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Tests.Fixtures;

/// <summary>What the Worker does for trackers when it is woken, done at once and awaited.</summary>
internal static class TrackerWork
{
    /// <summary>Works off what providers have sent and what was fetched.</summary>
    public static async Task ProcessWebhooksAsync(this ApiFactory api, CancellationToken ct)
    {
        var processor = api.Services.GetRequiredService<WebhookProcessor>();
        while (await processor.ProcessNextAsync(ct) > 0)
        {
            // On to the next batch.
        }
    }

    /// <summary>Fetches everything that is due, and scores what was fetched.</summary>
    public static async Task SyncTrackersAsync(this ApiFactory api, CancellationToken ct)
    {
        var runner = api.Services.GetRequiredService<SyncRunner>();
        await foreach (var job in runner.TakeAsync(ct))
            await runner.RunAsync(job, ct);
        await api.ProcessWebhooksAsync(ct);
    }
}
