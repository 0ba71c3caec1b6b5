using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>Ends a connection at the member's wish: its tokens go, and the provider is told by the Worker. Activities stay.</summary>
public sealed class DisconnectTracker(FitTrackDbContext db, TrackerConnections connections, TimeProvider clock)
{
    /// <returns>False when the member has no such connection.</returns>
    public async Task<bool> ExecuteAsync(Guid userId, string provider, CancellationToken ct)
    {
        var connection = await db.Set<ProviderConnection>().SingleOrDefaultAsync(c => c.UserId == userId && c.Provider == provider && c.Status != ConnectionStatus.Disconnected, ct);
        if (connection is null)
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await connections.DisconnectAsync(connection, tellProvider: true, clock.Now(), ct))
            return false;
        await transaction.CommitAsync(ct);
        return true;
    }
}
