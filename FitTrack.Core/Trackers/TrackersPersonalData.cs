using FitTrack.Core.Data;
using FitTrack.Core.Privacy;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Trackers;

internal sealed class TrackersPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var connections = db.Set<ProviderConnection>().Where(c => c.UserId == userId);
        return
        [
            new PersonalTable<ProviderConnection>("connections", connections).ErasedBy(async (mine, ct) =>
            {
                // What providers sent is found by their name for the member, which goes with the connection.
                foreach (var account in await mine.Select(c => new { c.Service, c.ExternalUserId }).ToListAsync(ct))
                    await db.Set<WebhookMessage>().Where(m => m.Service == account.Service && m.ExternalUserId == account.ExternalUserId).ExecuteDeleteAsync(ct);
                await mine.ExecuteDeleteAsync(ct);
            }),
            new PersonalTable<PrimaryTracker>("primary-trackers", db.Set<PrimaryTracker>().Where(p => p.UserId == userId)),
            new PersonalTable<OAuthState>(null, db.Set<OAuthState>().Where(s => s.UserId == userId)),
            new PersonalTable<SyncJob>(null, db.Set<SyncJob>().Where(j => connections.Any(c => c.Id == j.ConnectionId))),
            new PersonalTable<SyncMetadata>("syncs", db.Set<SyncMetadata>().Where(m => connections.Any(c => c.Id == m.ConnectionId))),
        ];
    }
}
