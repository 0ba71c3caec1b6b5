using FitTrack.Core.Data;
using FitTrack.Core.Privacy;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace FitTrack.Core.Activities;

internal sealed class ActivitiesPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var activities = db.Set<Activity>().Where(a => a.UserId == userId);
        return
        [
            new PersonalTable<Activity>("activities", activities).Restored(AsImported),
            new PersonalTable<ActivityReceipt>("receipts", db.Set<ActivityReceipt>().Where(r => activities.Any(a => a.Id == r.ActivityId))),
            new PersonalTable<ActivityReview>("reviews", db.Set<ActivityReview>().Where(r => r.UserId == userId)),
        ];
    }

    /// <summary>For the log only: whatever the archive says, it never scores, and no provider's next sync takes it for its own.</summary>
    private static void AsImported(EntityEntry<Activity> row) => row.Entity.BecomeImported();
}
