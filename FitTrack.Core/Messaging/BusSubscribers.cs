using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Messaging;

/// <summary>Who listens in this process. One handler that throws keeps no other from hearing.</summary>
internal sealed partial class BusSubscribers(ILogger logger)
{
    private ImmutableDictionary<string, ImmutableArray<Subscription>> _byTopic = ImmutableDictionary.Create<string, ImmutableArray<Subscription>>(StringComparer.Ordinal);

    public IDisposable Add(string topic, Action<string> onMessage, Action onReset)
    {
        var subscription = new Subscription(this, topic, onMessage, onReset);
        ImmutableInterlocked.AddOrUpdate(ref _byTopic, topic, [subscription], (_, others) => others.Add(subscription));
        return subscription;
    }

    public void Tell(string topic, string key)
    {
        if (!_byTopic.TryGetValue(topic, out var listeners))
            return;
        foreach (var listener in listeners)
            Guarded(topic, () => listener.OnMessage(key));
    }

    public void TellReset()
    {
        foreach (var (topic, listeners) in _byTopic)
        {
            foreach (var listener in listeners)
                Guarded(topic, listener.OnReset);
        }
    }

    private void Guarded(string topic, Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception e)
        {
            LogHandlerFailed(logger, topic, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A subscriber of bus topic '{Topic}' failed.")]
    private static partial void LogHandlerFailed(ILogger logger, string topic, Exception exception);

    private sealed class Subscription(BusSubscribers owner, string topic, Action<string> onMessage, Action onReset) : IDisposable
    {
        public Action<string> OnMessage { get; } = onMessage;

        public Action OnReset { get; } = onReset;

        public void Dispose() =>
            ImmutableInterlocked.AddOrUpdate(ref owner._byTopic, topic, [], (_, listeners) => listeners.Remove(this));
    }
}
