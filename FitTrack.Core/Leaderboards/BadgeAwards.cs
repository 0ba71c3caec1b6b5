using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// Makes the stored badges what the rules say (<see cref="Badge.All"/>): gives what is missing, takes back what no longer follows
/// after a correction. Doing it twice changes nothing; doing it from nothing gives the same.
/// </summary>
/// <remarks>One process at a time: two that give the same badge at once end in an exception for one of them, and its chunk is to be done again.</remarks>
public sealed class BadgeAwards(FitTrackDbContext db, PointsOverviews points, MemberDirectory members, CompetitionCalendar calendar, TimeProvider clock)
{
    /// <summary>Members read in one statement; Oracle takes 1,000 values in a list.</summary>
    public const int MembersAtOnce = 500;

    /// <summary>A board must have more members than have a place on it to be proud of.</summary>
    private const int FewestOnBoard = 11;

    private static readonly Badge[] OfDays = [.. Badge.All.Where(b => b.Earned is not null)];
    private static readonly Badge[] OfWeeks = [.. Badge.All.Where(b => b.WeeklyRank is not null)];

    /// <summary>Puts right the badges that follow from the days of these members; answers how many were given or taken.</summary>
    public async Task<int> RecomputeAsync(IEnumerable<Guid> userIds, CancellationToken ct)
    {
        var changed = 0;
        foreach (var chunk in userIds.Chunk(MembersAtOnce))
            changed += await RecomputeChunkAsync(chunk, ct);
        return changed;
    }

    /// <summary>Everybody on the boards of this week and the last.</summary>
    public Task<List<Guid>> RecentAsync(CancellationToken ct)
    {
        var week = calendar.Current(PeriodKind.Weekly, clock.GetUtcNow()).Start;
        var before = week.AddDays(-7);
        return db.Set<LeaderboardScore>()
            .Where(s => s.PeriodKind == PeriodKind.Weekly && (s.PeriodStart == week || s.PeriodStart == before))
            .Select(s => s.UserId).Distinct().ToListAsync(ct);
    }

    private async Task<int> RecomputeChunkAsync(Guid[] userIds, CancellationToken ct)
    {
        var codes = OfDays.Select(b => b.Code).ToList();
        var days = await points.DaysOfAsync(userIds, ct);
        var given = (await db.Set<UserBadge>().Where(b => userIds.Contains(b.UserId) && codes.Contains(b.BadgeCode)).ToListAsync(ct)).ToLookup(b => b.UserId);
        var now = clock.Now();
        // Whoever has no profile any more gets nothing: the account is being erased.
        foreach (var userId in (await members.CardsAsync(userIds, ct)).Keys)
        {
            var had = given[userId].ToDictionary(b => b.BadgeCode, StringComparer.Ordinal);
            foreach (var badge in OfDays)
            {
                var earned = days.TryGetValue(userId, out var scored) ? badge.Earned!(scored) : null;
                Put(userId, badge, earned, had.GetValueOrDefault(badge.Code), now);
            }
        }

        return await SaveAsync(ct);
    }

    private void Put(Guid userId, Badge badge, DateOnly? earnedOn, UserBadge? had, DateTimeOffset now)
    {
        if (earnedOn is { } day && had is null)
            db.Add(UserBadge.Give(userId, badge, day, now));
        else if (earnedOn is { } other && had!.EarnedOn != other)
            had.MoveTo(other);
        else if (earnedOn is null && had is not null)
            db.Remove(had);
    }

    /// <summary>
    /// Gives what the weeks that became final have earned. Final boards never change, so a week that gave a badge was done, and those before it: what is left are the weeks from the
    /// newest such on.
    /// </summary>
    public async Task<int> AwardWeeksAsync(CancellationToken ct)
    {
        var codes = OfWeeks.Select(b => b.Code).ToList();
        var scores = db.Set<LeaderboardScore>().Where(s => s.PeriodKind == PeriodKind.Weekly);
        var from = await db.Set<UserBadge>().Where(b => codes.Contains(b.BadgeCode)).MaxAsync(b => (DateOnly?)b.EarnedOn, ct) ?? await scores.MinAsync(s => (DateOnly?)s.PeriodStart, ct);
        var changed = 0;
        if (from is not { } first)
            return changed;
        var now = clock.GetUtcNow();
        for (var week = calendar.PeriodOf(PeriodKind.Weekly, first); week.IsFinal(now); week = calendar.PeriodOf(PeriodKind.Weekly, week.Start.AddDays(7)))
            changed += await AwardWeekAsync(week, ct);
        return changed;
    }

    private async Task<int> AwardWeekAsync(Period week, CancellationToken ct)
    {
        var reader = new BoardReader(db);
        var places = new List<(Guid UserId, int Rank)>();
        foreach (var tier in TierCode.All)
        {
            var best = await reader.TopAsync(new BoardKey(PeriodKind.Weekly, week.Start, tier.Value), FewestOnBoard, ct);
            if (best.Count == FewestOnBoard)
                places.AddRange(best.Select((row, i) => (row.UserId, i + 1)));
        }

        var ids = places.ConvertAll(p => p.UserId);
        var known = await members.CardsAsync(ids, ct);
        var had = (await db.Set<UserBadge>().Where(b => ids.Contains(b.UserId)).Select(b => new { b.UserId, b.BadgeCode }).ToListAsync(ct)).Select(b => (b.UserId, b.BadgeCode)).ToHashSet();
        foreach (var (userId, rank) in places.Where(p => known.ContainsKey(p.UserId)))
        {
            foreach (var badge in OfWeeks.Where(b => rank <= b.WeeklyRank && !had.Contains((userId, b.Code))))
                db.Add(UserBadge.Give(userId, badge, week.Start.AddDays(6), clock.Now()));
        }

        return await SaveAsync(ct);
    }

    /// <summary>What was done is let go of, so that a pass over everybody does not hold everybody.</summary>
    private async Task<int> SaveAsync(CancellationToken ct)
    {
        var changed = await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        return changed;
    }
}
