using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Trackers;

internal static class TrackerJobs
{
    public static IServiceCollection AddTrackerJobs(this IServiceCollection services) => services.AddHostedService<WebhookInboxWorker>().AddHostedService<SyncWorker>().AddHostedService<SyncUpkeepWorker>()
        .AddHostedService<RetentionWorker>();
}

/// <summary>Processes stored webhooks as they come.</summary>
internal sealed class WebhookInboxWorker(WebhookProcessor processor, IMessageBus bus, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookInboxWorker> logger)
    : QueueWorker(WebhookInbox.QueueName, options.Value.PollEvery, bus, clock, logger)
{
    protected override async Task<bool> WorkAsync(CancellationToken ct) => await processor.ProcessNextAsync(ct) > 0;
}
