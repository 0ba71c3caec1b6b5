using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Strava;

/// <summary>
/// Deletes what Strava's terms do not let us keep (providers 2.1, 2.5): what is not fetched again after seven days, and what an account brought that is no longer
/// connected, or that was deleted there, after a day.
/// </summary>
public sealed class StravaRetention(FitTrackDbContext db, ProviderActivities activities, IOptions<StravaOptions> options, TimeProvider clock)
{
    /// <summary>The terms give 48 hours.</summary>
    private static readonly TimeSpan EndedKept = TimeSpan.FromDays(1);

    /// <returns>How many activities.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var (fetchedBefore, endedBefore) = (now.AddDays(-options.Value.KeepDays), now - EndedKept);
        var ended = db.Set<ProviderConnection>().Where(c => c.Service == TrackerService.Strava
            && ((c.Status == ConnectionStatus.Disconnected && c.DisconnectedAt < endedBefore) || (c.Status == ConnectionStatus.NeedsReconnect && c.UpdatedAt < endedBefore)));
        await db.Set<WebhookMessage>()
            .Where(m => m.Service == TrackerService.Strava && m.Status != WebhookStatus.Pending && (m.ReceivedAt < fetchedBefore || ended.Any(c => c.ExternalUserId == m.ExternalUserId)))
            .ExecuteDeleteAsync(ct);
        return await activities.ForgetAsync("strava", fetchedBefore, ended.Select(c => c.Id), endedBefore, ct);
    }
}
