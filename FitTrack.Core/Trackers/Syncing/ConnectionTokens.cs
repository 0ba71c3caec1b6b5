using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Connecting;
using FitTrack.Core.Trackers.Strava;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>Gives out what a connection's requests are signed with, renewed in time. Refresh tokens change with each use: the new ones are stored before anything else is done with them.</summary>
public sealed class ConnectionTokens(FitTrackDbContext db, StravaClient strava, TrackerSecrets secrets, IOptions<SyncOptions> options, TimeProvider clock)
{
    private static readonly ProviderFault Unreadable = new(FaultKind.SignInNeeded, "The sign-in at the provider is no longer known.");

    /// <summary>The access token or key; null for services that need none.</summary>
    /// <param name="connection">Whose, held by the caller's lease.</param>
    /// <param name="renew">Renew it even if it should still be good: the provider refuses it.</param>
    public async Task<ProviderAnswer<string?>> FreshAsync(ProviderConnection connection, bool renew, CancellationToken ct)
    {
        if (connection.Service == TrackerService.Terra)
            return (string?)null;
        if (secrets.Open(connection.ProtectedAccessToken) is not { } access)
            return Unreadable;
        var now = clock.Now();
        if (connection.Service != TrackerService.Strava || (!renew && connection.TokenExpiresAt > now + options.Value.RenewBefore))
            return access;
        if (secrets.Open(connection.ProtectedRefreshToken) is not { } refresh)
            return Unreadable;

        var answer = await strava.RenewAsync(refresh, ct);
        if (answer.Fault is { } fault)
            return fault.Kind != FaultKind.SignInNeeded && !renew && connection.TokenExpiresAt > now ? access : fault;
        return await KeepAsync(connection, answer.Value) ? answer.Value.Access : Unreadable;
    }

    /// <summary>Is not cancelled: the provider has already forgotten the old ones.</summary>
    private async Task<bool> KeepAsync(ProviderConnection connection, StravaTokens tokens)
    {
        var (id, old, now) = (connection.Id, connection.ProtectedRefreshToken, clock.Now());
        var (access, refresh) = (secrets.Seal(tokens.Access), secrets.Seal(tokens.Refresh));
        DateTimeOffset? expires = tokens.ExpiresAt;
        // A disconnect meanwhile has destroyed the tokens, and they stay destroyed.
        return await db.Set<ProviderConnection>().Where(c => c.Id == id && c.ProtectedRefreshToken == old).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.ProtectedAccessToken, access).SetProperty(c => c.ProtectedRefreshToken, refresh).SetProperty(c => c.TokenExpiresAt, expires).SetProperty(c => c.UpdatedAt, now),
            CancellationToken.None) == 1;
    }
}
