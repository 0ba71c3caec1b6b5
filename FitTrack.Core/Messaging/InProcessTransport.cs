namespace FitTrack.Core.Messaging;

/// <summary>For a process that is alone: nobody else is there to be told.</summary>
internal sealed class InProcessTransport : IBusTransport
{
    public string Name => "in_process";

    public int MaxPayloadBytes => int.MaxValue;

    public Task SendAsync(string payload, CancellationToken ct) => Task.CompletedTask;

    public Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct)
    {
        onListening();
        return Task.Delay(Timeout.InfiniteTimeSpan, ct);
    }
}
