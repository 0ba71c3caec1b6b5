using System.Threading.Channels;
using FitTrack.Core.Messaging;

namespace FitTrack.Tests.Unit.Messaging;

/// <summary>A wire in memory that can be cut.</summary>
internal sealed class FakeTransport : IBusTransport
{
    private readonly Channel<string> _incoming = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _sent = Channel.CreateUnbounded<string>();
    private readonly Channel<bool> _cuts = Channel.CreateUnbounded<bool>();

    public string Name => "fake";

    public int MaxPayloadBytes { get; init; } = 7_900;

    /// <summary>Sending fails while this is positive, and counts it down.</summary>
    public int FailingSends { get; set; }

    public ChannelReader<string> Sent => _sent.Reader;

    public async Task SendAsync(string payload, CancellationToken ct)
    {
        if (FailingSends > 0)
        {
            FailingSends--;
            throw new IOException("The wire is cut.");
        }

        await _sent.Writer.WriteAsync(payload, ct);
    }

    public async Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct)
    {
        onListening();
        while (true)
        {
            var incoming = _incoming.Reader.WaitToReadAsync(ct).AsTask();
            var cut = _cuts.Reader.WaitToReadAsync(ct).AsTask();
            await await Task.WhenAny(incoming, cut);
            if (_cuts.Reader.TryRead(out _))
                throw new IOException("The wire is cut.");
            while (_incoming.Reader.TryRead(out var payload))
                onPayload(payload);
        }
    }

    public void Arrive(string payload) => _incoming.Writer.TryWrite(payload);

    public void Cut() => _cuts.Writer.TryWrite(true);
}
