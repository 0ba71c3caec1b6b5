using System.ComponentModel.DataAnnotations;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Connecting;

namespace FitTrack.Api.Trackers;

/// <param name="Provider">Such as <c>garmin</c>.</param>
/// <param name="Status"><c>connected</c>, <c>pending</c> (no data yet), <c>needs_reconnect</c> or <c>error</c>.</param>
/// <param name="IsPrimary">Steps and minutes come from this one.</param>
/// <param name="MayBePrimary">The provider's terms let its data earn points.</param>
/// <param name="LastSyncAt">Data last came.</param>
/// <param name="NextSyncAt">Data is fetched next; null where the provider sends by itself.</param>
/// <param name="LastError">What is wrong, while something is.</param>
/// <param name="Progress">How far data has been fetched; null where the provider sends by itself.</param>
public sealed record ConnectionItem(string Provider, ConnectionStatus Status, bool IsPrimary, bool MayBePrimary, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, string? LastError, SyncProgressItem? Progress)
{
    internal static ConnectionItem Of(ConnectionView view) => new(
        view.Provider, view.Status, view.IsPrimary, view.MayBePrimary, view.LastSyncAt, view.NextSyncAt, view.LastError,
        view.Progress is { } progress ? new SyncProgressItem(progress.IsRunning, progress.Attempts, progress.Items) : null);
}

/// <param name="IsRunning">Data is being fetched now.</param>
/// <param name="Attempts">Attempts that failed since the last one that did not.</param>
/// <param name="Items">Things that were fetched since the connection was made.</param>
public sealed record SyncProgressItem(bool IsRunning, int Attempts, int Items);

public sealed record ConnectionList(IReadOnlyList<ConnectionItem> Items);

/// <param name="ApiKey">For Hevy: the member's own key. Others take none.</param>
public sealed record InitiateRequest([property: StringLength(200)] string? ApiKey);

/// <param name="AuthUrl">The page on which the member signs in; null where there is none and the tracker is connected already.</param>
/// <param name="SessionToken">Names this sign-in; the provider brings it back as <c>state</c>.</param>
public sealed record InitiateAnswer(string? AuthUrl, string? SessionToken);

/// <summary>What a provider sent the browser back with, as the front end was given it.</summary>
/// <param name="State">From the beginning of the sign-in.</param>
/// <param name="Code">Of Strava.</param>
/// <param name="Scope">What the member allowed.</param>
/// <param name="Error">Why the member is back without having agreed.</param>
/// <param name="UserId">Terra's name for the account.</param>
public sealed record FinishRequest(
    [property: Required, StringLength(100)] string? State,
    [property: StringLength(500)] string? Code,
    [property: StringLength(1000)] string? Scope,
    [property: StringLength(200)] string? Error,
    [property: StringLength(ProviderConnection.MaxExternalUserId)] string? UserId);

/// <param name="Result">
/// <c>connected</c>; <c>pending</c>: it is connected as soon as the provider's own message has been read; <c>denied</c> by the member there; <c>scope_missing</c>: activities may not be read;
/// <c>taken</c>: the account feeds another member; <c>failed</c>.
/// </param>
public sealed record SignInAnswer(SignInResult Result);

/// <param name="Message">In words.</param>
public sealed record ConnectionMessage(string Message);
