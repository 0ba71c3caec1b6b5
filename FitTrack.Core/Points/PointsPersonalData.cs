using FitTrack.Core.Data;
using FitTrack.Core.Privacy;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Points;

/// <summary>The ledger stays, without the words in it: no hash covers a reason, every hash covers the sums.</summary>
internal sealed class PointsPersonalData(FitTrackDbContext db) : IPersonalData
{
    private const string Erased = "Erased";

    public IEnumerable<PersonalTable> Tables(Guid userId) =>
    [
        new PersonalTable<PointBalance>("balance", db.Set<PointBalance>().Where(b => b.UserId == userId)).Kept(),
        new PersonalTable<PointTransaction>("points", db.Set<PointTransaction>().Where(t => t.UserId == userId).OrderBy(t => t.Seq))
            .ErasedBy((rows, ct) => db.Set<PointTransaction>().Where(t => t.UserId == userId).ExecuteUpdateAsync(s => s.SetProperty(t => t.Reason, Erased), ct)),
        new PersonalTable<PointDay>("days", db.Set<PointDay>().Where(d => d.UserId == userId)),
    ];
}
