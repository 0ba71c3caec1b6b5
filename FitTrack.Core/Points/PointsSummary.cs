using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Points;

/// <summary>A member's points at a glance.</summary>
/// <param name="Balance">What can be spent.</param>
/// <param name="EarnedTotal">Everything ever earned, corrections included.</param>
/// <param name="EarnedToday">Of the running competition day.</param>
/// <param name="RemainingToday">Until the day's cap.</param>
public sealed record PointsSummary(long Balance, long EarnedTotal, long EarnedToday, long RemainingToday);

/// <summary>Answers how a member's points stand.</summary>
public sealed class PointsSummaries(FitTrackDbContext db, CompetitionCalendar calendar, TimeProvider clock)
{
    private const long DailyCap = 1000;

    /// <summary>Zeros for a member who never earned anything.</summary>
    public async Task<PointsSummary> OfAsync(Guid userId, CancellationToken ct)
    {
        var today = calendar.DayOf(clock.Now());
        var balance = await db.Set<PointBalance>().AsNoTracking().Where(b => b.UserId == userId)
            .Select(b => new { b.Balance, b.EarnedTotal }).SingleOrDefaultAsync(ct);
        var earned = balance is null ? 0 : await db.Set<PointTransaction>().Where(t => t.UserId == userId && t.EarnedOn == today).SumAsync(t => t.Amount, ct);
        return new PointsSummary(balance?.Balance ?? 0, balance?.EarnedTotal ?? 0, earned, Math.Max(0, DailyCap - earned));
    }
}
