using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Trackers;

internal static class TrackerJobs
{
    public static IServiceCollection AddTrackerJobs(this IServiceCollection services) => services.AddHostedService<WebhookInboxWorker>();
}

/// <summary>
/// Processes stored webhooks as they come: woken by the bus, and looking by itself for those whose time has come or whose
/// message was lost.
/// </summary>
internal sealed partial class WebhookInboxWorker(WebhookProcessor processor, IMessageBus bus, IOptions<WebhookOptions> options, TimeProvider clock, ILogger<WebhookInboxWorker> logger) : BackgroundService
{
    private readonly SemaphoreSlim _woken = new(1, 1);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = bus.Subscribe(BusTopics.Work, queue => { if (queue == WebhookInbox.QueueName) Wake(); }, Wake);
        using var timer = clock.CreateTimer(_ => Wake(), null, options.Value.PollEvery, options.Value.PollEvery);
        try
        {
            while (true)
            {
                await _woken.WaitAsync(stoppingToken);
                await DrainAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is no failure; what was claimed is free again when its lease ends.
        }
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        try
        {
            while (await processor.ProcessNextAsync(ct) > 0)
            {
                // On to the next batch.
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Failed(logger, e);
        }
    }

    private void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // A pass is due already.
        }
    }

    [LoggerMessage(LogLevel.Error, "The webhooks could not be worked off; they are tried again")]
    private static partial void Failed(ILogger logger, Exception exception);
}
