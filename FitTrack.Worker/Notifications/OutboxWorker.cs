using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using Microsoft.Extensions.Options;

namespace FitTrack.Worker.Notifications;

/// <summary>Sends mails as they come: woken by the bus, and looking by itself for those whose time has come or whose message was lost.</summary>
internal sealed partial class OutboxWorker(IServiceScopeFactory scopes, IMessageBus bus, IOptions<MailOptions> options, TimeProvider clock, ILogger<OutboxWorker> logger) : BackgroundService
{
    private readonly SemaphoreSlim _woken = new(1, 1);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = bus.Subscribe(BusTopics.Work, queue => { if (queue == OutboxDelivery.QueueName) Wake(); }, Wake);
        using var timer = clock.CreateTimer(_ => Wake(), null, options.Value.PollInterval, options.Value.PollInterval);
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
            DeliveryPass pass;
            do
            {
                await using var scope = scopes.CreateAsyncScope();
                pass = await scope.ServiceProvider.GetRequiredService<OutboxDelivery>().RunAsync(ct);
                if (pass.Total > 0)
                    LogPass(logger, pass.Sent, pass.Postponed, pass.GivenUp);
            }
            while (pass.Total > 0);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Outbox: {Sent} sent, {Postponed} postponed, {GivenUp} given up.")]
    private static partial void LogPass(ILogger logger, int sent, int postponed, int givenUp);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be worked off; it is tried again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
