using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Leaderboards;

/// <summary>How many points each tier's members have on the all-time boards.</summary>
public sealed class TierTotals(FitTrackDbContext db)
{
    /// <summary>Members with points and the sum of their points, by tier code; tiers without any are missing.</summary>
    public async Task<Dictionary<string, (int Members, long Points)>> AlltimeAsync(CancellationToken ct)
    {
        var totals = await db.Set<LeaderboardScore>().AsNoTracking()
            .Where(s => s.PeriodKind == PeriodKind.Alltime)
            .GroupBy(s => s.TierCode)
            .Select(g => new { Tier = g.Key, Members = g.Count(), Points = g.Sum(s => s.Points) })
            .ToListAsync(ct);
        return totals.ToDictionary(t => t.Tier, t => (t.Members, t.Points), StringComparer.Ordinal);
    }
}
