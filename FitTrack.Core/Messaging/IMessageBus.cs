namespace FitTrack.Core.Messaging;

/// <summary>
/// Wakes up whoever waits for a change, in this process and in all others. The bus is no source of truth: messages are
/// sent after commit, coalesced for 100 ms, may arrive more than once and may be lost. Who hears one re-reads the
/// database; who hears a reset re-reads everything it keeps.
/// </summary>
/// <remarks>
/// Work that is part of a transaction calls <see cref="CommitMessages.PublishOnCommit"/> instead of <see cref="Publish"/>.
/// </remarks>
public interface IMessageBus
{
    /// <summary>
    /// Subscribers of this process hear the message at once, on the caller's thread; the others within about 100 ms.
    /// Returns immediately and never throws, also while the connection is down.
    /// </summary>
    /// <param name="topic">One of <see cref="BusTopics"/>; at most 60 characters, no tab or line break.</param>
    /// <param name="key">What changed, at most 200 characters, no tab or line break. Equal messages in one window are sent once.</param>
    void Publish(string topic, string key);

    /// <summary>Listens to one topic until the answer is disposed. Handlers must return quickly; what they throw is logged.</summary>
    /// <param name="topic">One of <see cref="BusTopics"/>.</param>
    /// <param name="onMessage">Gets the key.</param>
    /// <param name="onReset">Messages may have been missed (the connection was lost): forget or re-read everything.</param>
    IDisposable Subscribe(string topic, Action<string> onMessage, Action onReset);

    /// <summary>Sends what still waits, without waiting for the window; for a command that is about to end. Never throws.</summary>
    Task FlushAsync(CancellationToken ct);

    /// <summary>How the connection to the other processes stands, for health answers.</summary>
    BusStatus Status { get; }
}

/// <summary>The state of the bus's connection to the other processes.</summary>
/// <param name="Transport"><c>in_process</c>, <c>postgres</c> or <c>redis</c>.</param>
/// <param name="Connected">False while messages of other processes cannot arrive.</param>
/// <param name="LastError">Why not, without secrets; null when connected or not tried yet.</param>
public sealed record BusStatus(string Transport, bool Connected, string? LastError);

/// <summary>What is talked about on the bus.</summary>
public static class BusTopics
{
    /// <summary>Points on a tier's boards changed; the key is the tier code, or empty for all.</summary>
    public const string Leaderboard = "leaderboard";

    /// <summary>A member's scores changed, or moved to another tier; the key is the member's id.</summary>
    public const string Score = "score";

    /// <summary>A member's name, visibility, tier or status changed; the key is the member's id.</summary>
    public const string Member = "member";

    /// <summary>A queue has new work; the key is the queue's name (see <see cref="IWorkBacklog"/>).</summary>
    public const string Work = "work";

    /// <summary>A drawing changed state or sold tickets; the key is the drawing's id.</summary>
    public const string Drawing = "drawing";
}
