using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Messaging;

/// <summary>
/// The bus above any transport: hands messages to this process's subscribers at once, gathers them for the others,
/// and keeps one listening connection, again and again with growing waits. A send that fails is kept and merged with
/// what comes next; when too much has gathered, the others are told to forget everything instead.
/// </summary>
/// <remarks>It paces real input and output, so it waits in real time, not by the injected clock.</remarks>
internal sealed partial class MessageBus(
    IBusTransport transport, InstanceId instance, IOptions<MessagingOptions> options, BusMetrics metrics, ILogger<MessageBus> logger)
    : BackgroundService, IMessageBus
{
    private const int MostGathered = 10_000;

    private readonly MessagingOptions _options = options.Value;
    private readonly BusSubscribers _subscribers = new(logger);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private HashSet<(string Topic, string Key)> _gathered = [];
    private volatile bool _listening;
    private volatile string? _lastError;

    public BusStatus Status => new(transport.Name, _listening, _lastError);

    public void Publish(string topic, string key)
    {
        if (!BusPayload.IsValid(topic, key))
        {
            LogRefused(logger, topic, key.Length);
            return;
        }

        metrics.Published(topic);
        _subscribers.Tell(topic, key);
        Gather((topic, key));
    }

    public IDisposable Subscribe(string topic, Action<string> onMessage, Action onReset) => _subscribers.Add(topic, onMessage, onReset);

    public async Task FlushAsync(CancellationToken ct)
    {
        try
        {
            await SendGatheredAsync(ct);
        }
        catch (Exception e)
        {
            Failed(e, "send");
        }
    }

    /// <summary>What was published last still leaves.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), SendAsync(stoppingToken));

    private void Gather((string Topic, string Key) message)
    {
        lock (_gate)
        {
            if (_gathered.Count >= MostGathered)
                _gathered = [BusPayload.Reset];
            if (_gathered.Add(message) && _wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private async Task SendAsync(CancellationToken ct)
    {
        var backoff = _options.FirstBackoff;
        while (await WaitOrStopAsync(() => _wake.WaitAsync(ct)) && await WaitOrStopAsync(() => Task.Delay(_options.Window, ct)))
        {
            try
            {
                await SendGatheredAsync(ct);
                backoff = _options.FirstBackoff;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Failed(e, "send");
                if (!await WaitOrStopAsync(() => Task.Delay(backoff, ct)))
                    return;
                backoff = Longer(backoff);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task SendGatheredAsync(CancellationToken ct)
    {
        HashSet<(string Topic, string Key)> batch;
        lock (_gate)
            (batch, _gathered) = (_gathered, []);
        try
        {
            foreach (var payload in BusPayload.Pack(instance.Value, batch, transport.MaxPayloadBytes))
            {
                await transport.SendAsync(payload, ct);
                metrics.Sent();
            }
        }
        catch
        {
            foreach (var message in batch)
                Gather(message);
            throw;
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        var backoff = _options.FirstBackoff;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await transport.ListenAsync(
                    () =>
                    {
                        (_listening, _lastError) = (true, null);
                        backoff = _options.FirstBackoff;
                        LogListening(logger, transport.Name);
                        Forget();
                    },
                    Receive,
                    ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Failed(e, "listen");
            }

            _listening = false;
            if (!await WaitOrStopAsync(() => Task.Delay(backoff, ct)))
                return;
            backoff = Longer(backoff);
        }
    }

    private void Receive(string payload)
    {
        metrics.Received();
        var (sender, messages) = BusPayload.Unpack(payload);
        if (string.Equals(sender, instance.Value, StringComparison.Ordinal))
            return; // our own subscribers were told when it was published
        foreach (var message in messages)
        {
            if (message == BusPayload.Reset)
                Forget();
            else
                _subscribers.Tell(message.Topic, message.Key);
        }
    }

    private void Forget()
    {
        metrics.WasReset();
        _subscribers.TellReset();
    }

    private void Failed(Exception e, string what)
    {
        metrics.Failed(what);
        // Only the type and the server's own sentence: a driver's inner texts may quote the connection string.
        _lastError = $"{e.GetType().Name}: {e.Message}";
        LogFailed(logger, what, transport.Name, e);
    }

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < _options.LongestBackoff ? wait * 2 : _options.LongestBackoff;

    private static async Task<bool> WaitOrStopAsync(Func<Task> wait)
    {
        try
        {
            await wait();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening to the other processes over {Transport}.")]
    private static partial void LogListening(ILogger logger, string transport);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bus {Operation} over {Transport} failed; trying again. Until then answers may be up to their cache time old.")]
    private static partial void LogFailed(ILogger logger, string operation, string transport, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A bus message was not sent: topic '{Topic}' or its key of {KeyLength} characters is not allowed.")]
    private static partial void LogRefused(ILogger logger, string topic, int keyLength);
}
