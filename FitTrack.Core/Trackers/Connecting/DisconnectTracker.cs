using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>Ends a connection at the member's wish: our copy of the tokens is destroyed first, then the provider is told. Activities stay.</summary>
public sealed partial class DisconnectTracker(FitTrackDbContext db, TrackerConnections connections, TrackerSecrets secrets, StravaClient strava, IEnumerable<ITrackerSource> sources, SyncServices services, TimeProvider clock, ILogger<DisconnectTracker> logger)
{
    /// <returns>False when the member has no such connection.</returns>
    public async Task<bool> ExecuteAsync(Guid userId, string provider, CancellationToken ct)
    {
        var connection = await db.Set<ProviderConnection>().SingleOrDefaultAsync(c => c.UserId == userId && c.Provider == provider && c.Status != ConnectionStatus.Disconnected, ct);
        if (connection is null)
            return false;
        var (access, refresh, expires) = (connection.ProtectedAccessToken, connection.ProtectedRefreshToken, connection.TokenExpiresAt);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            if (!await connections.DisconnectAsync(connection, clock.Now(), ct))
                return false;
            await transaction.CommitAsync(ct);
        }

        if (services.Configured.Contains(connection.Service))
            await TellAsync(connection, access, refresh, expires, ct);
        return true;
    }

    private async Task TellAsync(ProviderConnection connection, string? access, string? refresh, DateTimeOffset? expires, CancellationToken ct)
    {
        var secret = secrets.Open(access);
        if (connection.Service == TrackerService.Strava && expires <= clock.Now() && secrets.Open(refresh) is { } token)
        {
            var renewed = await strava.RenewAsync(token, ct);
            secret = renewed.Fault is null ? renewed.Value.Access : null;
        }

        var account = new SyncAccount(connection.Id, connection.ExternalUserId, secret, connection.ConnectedAt, false, null);
        if (await sources.Single(s => s.Service == connection.Service).ForgetAsync(account, ct) is { } fault)
            NotTold(connection.Id, fault.Message);
    }

    [LoggerMessage(LogLevel.Warning, "Connection {ConnectionId} is ended here, but its provider could not be told: {Reason}")]
    private partial void NotTold(Guid connectionId, string reason);
}
