using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace FitTrack.Core.Messaging;

public static partial class MessagingRegistration
{
    static partial void CreateRedis(IServiceProvider services, ref IBusTransport? transport) => transport = new RedisTransport(
        services.GetRequiredService<IConfiguration>().GetConnectionString("redis")!,
        services.GetRequiredService<IOptions<MessagingOptions>>().Value.KeepAlive);
}

/// <summary>
/// Redis publish/subscribe. The client reconnects and resubscribes by itself without a word, and what was sent meanwhile is lost; so the loss
/// of a connection ends <see cref="ListenAsync"/>, and the bus starts anew with a reset.
/// </summary>
internal sealed class RedisTransport : IBusTransport, IAsyncDisposable
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("fittrack:bus");

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly ConfigurationOptions _options;
    private ConnectionMultiplexer? _connection;

    public RedisTransport(string connectionString, TimeSpan keepAlive)
    {
        _options = ConfigurationOptions.Parse(connectionString);
        _options.ClientName = "fittrack-bus";
        _options.KeepAlive = (int)keepAlive.TotalSeconds;
        _options.AbortOnConnectFail = true;
        // Waiting is the bus's business; a command without a connection fails at once.
        _options.BacklogPolicy = BacklogPolicy.FailFast;
    }

    public string Name => "redis";

    /// <summary>Redis itself takes far more; small messages keep its output buffers small.</summary>
    public int MaxPayloadBytes => 64 * 1024;

    public async Task SendAsync(string payload, CancellationToken ct)
    {
        var connection = await ConnectAsync(ct);
        await connection.GetSubscriber().PublishAsync(Channel, payload).WaitAsync(ct);
    }

    public async Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct)
    {
        var connection = await ConnectAsync(ct);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        connection.ConnectionFailed += Lost;
        ChannelMessageQueue? messages = null;
        try
        {
            messages = await connection.GetSubscriber().SubscribeAsync(Channel).WaitAsync(ct);
            if (!connection.GetSubscriber().IsConnected(Channel))
                throw new RedisConnectionException(ConnectionFailureType.UnableToConnect, "Redis does not answer on the subscription.");
            onListening();
            await foreach (var message in messages.WithCancellation(lost.Token))
                onPayload((string?)message.Message ?? "");
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new RedisConnectionException(ConnectionFailureType.SocketClosed, "The connection to Redis was lost.", e);
        }
        finally
        {
            connection.ConnectionFailed -= Lost;
            messages?.Unsubscribe(CommandFlags.FireAndForget);
        }

        void Lost(object? sender, ConnectionFailedEventArgs failure)
        {
            if (failure.ConnectionType == ConnectionType.Subscription)
                lost.Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken ct)
    {
        if (_connection is { } connected)
            return connected;
        await _connecting.WaitAsync(ct);
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(_options).WaitAsync(ct);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
