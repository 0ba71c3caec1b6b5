using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Points;

/// <summary>Holds every member's balance against the sum of their ledger rows, in the database; <c>verify-ledger</c> also re-derives the chains.</summary>
public sealed class BalanceCheck(FitTrackDbContext db)
{
    /// <summary>Members with a balance, and those of them whose balance is not the sum of their rows.</summary>
    public async Task<(long Members, long Differences)> CountAsync(CancellationToken ct)
    {
        var rows = db.Set<PointTransaction>();
        var members = await db.Set<PointBalance>().LongCountAsync(ct);
        var differences = await db.Set<PointBalance>().LongCountAsync(b => b.Balance != rows.Where(t => t.UserId == b.UserId).Sum(t => t.Amount), ct);
        return (members, differences);
    }
}
