using FitTrack.Core.Messaging;

namespace FitTrack.Tests.Data.Leaderboards;

/// <summary>Remembers what was said.</summary>
internal sealed class SilentBus : IMessageBus
{
    public List<(string Topic, string Key)> Said { get; } = [];

    public BusStatus Status => new("silent", true, null);

    public void Publish(string topic, string key) => Said.Add((topic, key));

    public IDisposable Subscribe(string topic, Action<string> onMessage, Action onReset) => new MemoryStream();

    public Task FlushAsync(CancellationToken ct) => Task.CompletedTask;
}
