using FitTrack.Core.Messaging;

namespace FitTrack.Tests.Data.Leaderboards;

/// <summary>Remembers what was said, and tells it to nobody unless <see cref="Speaks"/>.</summary>
internal sealed class SilentBus : IMessageBus
{
    public List<(string Topic, string Key)> Said { get; } = [];

    private readonly List<(string Topic, Action<string> OnMessage)> _listeners = [];

    public bool Speaks { get; init; }

    public BusStatus Status => new("silent", true, null);

    public void Publish(string topic, string key)
    {
        lock (Said)
            Said.Add((topic, key));
        foreach (var listener in _listeners.Where(l => Speaks && l.Topic == topic))
            listener.OnMessage(key);
    }

    public IDisposable Subscribe(string topic, Action<string> onMessage, Action onReset)
    {
        _listeners.Add((topic, onMessage));
        return new MemoryStream();
    }

    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;
}
