using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>What became of a member's word on a pairing.</summary>
public enum PairingOutcome
{
    Done,
    NoSuchActivity,

    /// <summary>It is paired with nothing.</summary>
    NotPaired,

    /// <summary>The member's activities kept changing; try again.</summary>
    LostRace,
}

/// <summary>Undoes the pairing of a workout that two trackers saw, or restores it (domain section 3).</summary>
public sealed class ActivityPairing(FitTrackDbContext db, ActivityIngest ingest)
{
    public async Task<PairingOutcome> SetAsync(Guid userId, Guid activityId, bool paired, CancellationToken ct)
    {
        var activity = await db.Set<Activity>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == activityId && a.UserId == userId && a.Status != ActivityStatus.Deleted, ct);
        if (activity is null)
            return PairingOutcome.NoSuchActivity;
        if (activity.DuplicateOfId is null && activity.PairingUndoneAt is null)
            return PairingOutcome.NotPaired;
        if (paired == (activity.PairingUndoneAt is null))
            return PairingOutcome.Done;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            await ingest.DecideAsync(userId, activityId, days => days.Pair(activityId, paired), ct);
        }
        catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
        {
            return PairingOutcome.LostRace;
        }

        await transaction.CommitAsync(ct);
        return PairingOutcome.Done;
    }
}
