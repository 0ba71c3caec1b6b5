using FitTrack.Core.Messaging;

namespace FitTrack.Worker;

/// <summary>Works off a queue as it fills: woken by the bus, and looking by itself for what has become due or whose message was lost.</summary>
/// <param name="queue">The name that wakes it.</param>
/// <param name="lookEvery">How often it looks by itself.</param>
internal abstract partial class QueueWorker(string queue, TimeSpan lookEvery, IMessageBus bus, TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly SemaphoreSlim _woken = new(1, 1);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    /// <summary>Works off a batch; answers whether there was anything to do.</summary>
    protected abstract Task<bool> WorkAsync(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = bus.Subscribe(BusTopics.Work, named => { if (named == queue) Wake(); }, Wake);
        using var timer = clock.CreateTimer(_ => Wake(), null, lookEvery, lookEvery);
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
            while (await WorkAsync(ct))
            {
                // On to the next batch.
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, queue, e);
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

    [LoggerMessage(LogLevel.Error, "The queue {Queue} could not be worked off; it is tried again")]
    private static partial void LogFailed(ILogger logger, string queue, Exception exception);
}
