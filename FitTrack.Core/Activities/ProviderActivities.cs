using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>What changing owners and terms of providers ask of activities that are stored already.</summary>
public sealed class ProviderActivities(FitTrackDbContext db, TimeProvider clock)
{
    /// <summary>The account behind a connection feeds another member from here on: what it brought stays, and gives the provider's ids free.</summary>
    /// <param name="userId">Whose activities they stay.</param>
    internal Task<int> GiveIdsFreeAsync(Guid connectionId, Guid userId, CancellationToken ct)
    {
        var suffix = $"_of_{userId:N}";
        return db.Set<Activity>().Where(a => a.ConnectionId == connectionId && a.NaturalId.Length <= Activity.MaxNaturalId - 36)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.NaturalId, a => a.NaturalId + suffix), ct);
    }

    /// <summary>
    /// Takes the content out of activities that a provider's terms do not let us keep: what they were, how long, how far, and their receipts. The id and the day
    /// stay. Whatever earned points stays whole: a source that may score is under a contract that says how long.
    /// </summary>
    /// <param name="source">Such as <c>strava</c>.</param>
    /// <param name="fetchedBefore">What was last fetched before then.</param>
    /// <param name="ended">Connections of which nothing may be kept.</param>
    /// <param name="deletedBefore">What the provider had deleted before then.</param>
    /// <returns>How many.</returns>
    internal async Task<int> ForgetAsync(string source, DateTimeOffset fetchedBefore, IQueryable<Guid> ended, DateTimeOffset deletedBefore, CancellationToken ct)
    {
        var now = clock.Now();
        var due = db.Set<Activity>().Where(a => a.Source == source && a.MessageId != null && a.Points == 0
            && (a.VersionAt < fetchedBefore || ended.Contains(a.ConnectionId!.Value) || (a.Status == ActivityStatus.Deleted && a.VersionAt < deletedBefore)));
        await db.Set<ActivityReceipt>().Where(r => due.Any(a => a.Id == r.ActivityId)).ExecuteDeleteAsync(ct);
        return await due.ExecuteUpdateAsync(
            set => set.SetProperty(a => a.Sport, (string?)null).SetProperty(a => a.Title, (string?)null).SetProperty(a => a.Metrics, (string?)null)
                .SetProperty(a => a.StartedAt, a => a.CreatedAt).SetProperty(a => a.EndedAt, a => a.CreatedAt).SetProperty(a => a.LengthSeconds, 0)
                .SetProperty(a => a.LightSeconds, 0).SetProperty(a => a.ModerateSeconds, 0).SetProperty(a => a.VigorousSeconds, 0).SetProperty(a => a.Steps, (int?)null)
                .SetProperty(a => a.DistanceMeters, (double?)null).SetProperty(a => a.AverageHeartRate, (double?)null).SetProperty(a => a.MessageId, (Guid?)null).SetProperty(a => a.ReceiptVersion, 0)
                .SetProperty(a => a.Admission, ScoreDecision.Deleted).SetProperty(a => a.Decision, ScoreDecision.Deleted).SetProperty(a => a.Status, ActivityStatus.Deleted)
                .SetProperty(a => a.Revision, a => a.Revision + 1).SetProperty(a => a.UpdatedAt, now),
            ct);
    }
}
