namespace FitTrack.Core.Messaging;

/// <summary>
/// Carries short texts between processes. The common half of the bus (<see cref="MessageBus"/>) does the rest: windows,
/// size limits, reconnecting with backoff, resets, health and metrics. So a transport may simply throw.
/// </summary>
internal interface IBusTransport
{
    /// <summary><c>in_process</c>, <c>postgres</c> or <c>redis</c>.</summary>
    string Name { get; }

    /// <summary>The longest text that <see cref="SendAsync"/> takes, in bytes of UTF-8.</summary>
    int MaxPayloadBytes { get; }

    /// <summary>Sends one text to every listening process (this one may be among them). Called by one caller at a time.</summary>
    Task SendAsync(string payload, CancellationToken ct);

    /// <summary>
    /// Connects, calls <paramref name="onListening"/> once nothing can be missed any more, then hands over what arrives
    /// until it is cancelled. Returns or throws when the connection is lost; it is then called again.
    /// </summary>
    Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct);
}
