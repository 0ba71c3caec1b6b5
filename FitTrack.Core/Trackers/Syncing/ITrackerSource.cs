namespace FitTrack.Core.Trackers.Syncing;

/// <summary>A provider's data, read on from where the last reading ended.</summary>
public interface ITrackerSource
{
    TrackerService Service { get; }

    /// <summary>Reads the next part: small enough to be kept in memory, and stored before the one after it is asked for.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="position">Where the last part ended, as this source wrote it; null: from the beginning.</param>
    /// <param name="isFirst">The first part of a synchronisation, which reads some of the last one again.</param>
    Task<ProviderAnswer<Pull>> NextAsync(SyncAccount account, string? position, bool isFirst, CancellationToken ct);

    /// <summary>Tells the provider that we are done with the account.</summary>
    /// <param name="secret">The access token; null where the service needs none of the member's.</param>
    /// <returns>Null when it is.</returns>
    Task<ProviderFault?> ForgetAsync(string account, string? secret, CancellationToken ct);
}

/// <param name="Secret">The access token or API key; null where the service needs none of the member's.</param>
/// <param name="IsFull">Everything from the beginning was asked for.</param>
/// <param name="LastSuccessAt">When the last synchronisation that succeeded began.</param>
public sealed record SyncAccount(Guid ConnectionId, string ExternalUserId, string? Secret, DateTimeOffset ConnectedAt, bool IsFull, DateTimeOffset? LastSuccessAt);

/// <summary>A part of an account's data.</summary>
/// <param name="Pages">As the provider wrote them, in the order in which they are to be processed.</param>
/// <param name="Position">Where this part ends.</param>
/// <param name="IsDone">There is nothing after it for now.</param>
public sealed record Pull(IReadOnlyList<PulledPage> Pages, string Position, bool IsDone)
{
    public int Items => Pages.Sum(p => p.Items);
}

/// <param name="EventType">The kind of message, as a webhook of the same content would state it.</param>
/// <param name="Body">JSON.</param>
public sealed record PulledPage(string EventType, string Body, int Items);

/// <summary>Time in windows, for services that are asked for days.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last one.</param>
/// <param name="Position">Where the reading after this one begins.</param>
internal readonly record struct SyncWindow(DateOnly From, DateOnly Until, string Position, bool IsDone)
{
    /// <summary>The window after a position. The last one reaches a day past UTC's, where some members' clocks are already.</summary>
    public static SyncWindow After(string? position, bool isFirst, SyncAccount account, SyncOptions options, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var beginning = account.IsFull ? today.AddDays(-options.FullDays) : DateOnly.FromDateTime(account.ConnectedAt.UtcDateTime).AddDays(-options.BackfillDays);
        var from = DateOnly.TryParseExact(position, "yyyy-MM-dd", out var read) ? read.AddDays(isFirst ? -options.OverlapDays : 0) : beginning;
        var end = today.AddDays(2);
        var until = from.AddDays(options.WindowDays);
        return until >= end ? new SyncWindow(from, end, Text(today), true) : new SyncWindow(from, until, Text(until), false);
    }

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
