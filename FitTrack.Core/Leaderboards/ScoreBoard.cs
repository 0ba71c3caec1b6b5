using System.Linq.Expressions;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace FitTrack.Core.Leaderboards;

/// <summary>What a member earned (or a correction took back) on one competition day.</summary>
/// <param name="UserId">The member.</param>
/// <param name="TierCode">The member's tier now; where the member already stands on a board of a period, that board counts.</param>
/// <param name="Day">The competition day that scores.</param>
/// <param name="Delta">Points, negative for a correction; zero changes nothing.</param>
/// <param name="At">Ledger time of the row that made the change.</param>
public sealed record ScoreChange(Guid UserId, string TierCode, DateOnly Day, long Delta, DateTimeOffset At);

/// <summary>
/// Writes the boards of day, week, month and all time, in the transaction that writes the ledger (domain section 4).
/// A board takes late data until it is final (48 h after its period); after that only the boards still open count it.
/// </summary>
/// <remarks>
/// It wants the caller's transaction, since whose scores changed is told when that commits.
/// Call it after the member's balance row was moved: that row serialises the changes of one member. New rows wait in
/// the context for the caller's <c>SaveChangesAsync</c>, to share its round trip, as the ledger's do. A race that slips
/// past ends there in an exception for which <see cref="DbErrors.IsLostRace"/> or <see cref="DbErrors.IsUniqueViolation"/>
/// is true: roll back and try again with a new context.
/// </remarks>
public sealed class ScoreBoard(FitTrackDbContext db, CompetitionCalendar calendar, IMessageBus bus)
{
    /// <summary>Members read in one statement; Oracle takes 1,000 values in a list.</summary>
    private const int MembersAtOnce = 500;

    /// <summary>
    /// Many changes at once: one read a day, and the writes wait for the caller's <c>SaveChangesAsync</c>, which sends
    /// them as one batch.
    /// </summary>
    public async Task AddRangeAsync(IReadOnlyCollection<ScoreChange> changes, CancellationToken ct)
    {
        RequireTransaction();
        var tiers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sameDay in changes.Where(c => c.Delta != 0).GroupBy(c => c.Day))
        {
            foreach (var members in sameDay.GroupBy(c => c.UserId).OrderBy(g => g.Key).Chunk(MembersAtOnce))
                tiers.UnionWith(await ApplyAsync(sameDay.Key, members, ct));
        }

        foreach (var member in changes.Where(c => c.Delta != 0).Select(c => c.UserId).Distinct())
            AnnounceScore(member);
        foreach (var tier in tiers)
            Announce(tier);
    }

    /// <summary>Moves a member's rows of the periods that have not ended to the board of another tier.</summary>
    public async Task MoveAsync(Guid userId, string tierCode, DateTimeOffset now, CancellationToken ct)
    {
        RequireTransaction();
        var running = calendar.PeriodsOf(calendar.DayOf(now)).ToList();
        var mine = db.Set<LeaderboardScore>().Where(s => s.UserId == userId && s.TierCode != tierCode).Where(In(running));
        var left = await mine.Select(s => s.TierCode).Distinct().ToListAsync(ct);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(s => s.TierCode, tierCode), ct);
        AnnounceScore(userId);
        left.ForEach(Announce);
        Announce(tierCode);
    }

    /// <summary>Takes a member who leaves off the boards of the periods that run. What is over was published and stays, without the name.</summary>
    public async Task RemoveAsync(Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        RequireTransaction();
        var mine = db.Set<LeaderboardScore>().Where(s => s.UserId == userId).Where(In([.. calendar.PeriodsOf(calendar.DayOf(now))]));
        var left = await mine.Select(s => s.TierCode).Distinct().ToListAsync(ct);
        await mine.ExecuteDeleteAsync(ct);
        AnnounceScore(userId);
        left.ForEach(Announce);
    }

    private async Task<IEnumerable<string>> ApplyAsync(DateOnly day, IGrouping<Guid, ScoreChange>[] members, CancellationToken ct)
    {
        var ids = Array.ConvertAll(members, m => m.Key);
        var periods = calendar.PeriodsOf(day).ToList();
        // Tracked from here on, so that the changes below find them.
        var known = await db.Set<LeaderboardScore>().Where(s => ids.Contains(s.UserId)).Where(In(periods)).ToListAsync(ct);
        // Asking for it looks for changes in every row that is held, so it is asked for once.
        var held = db.Set<LeaderboardScore>().Local;
        foreach (var change in members.SelectMany(m => m))
        {
            foreach (var period in periods.Where(p => !p.IsFinal(change.At)))
                AddOrStart(held, change.UserId, period, change.TierCode, change.Delta, change.At);
        }

        return known.Select(s => s.TierCode).Concat(members.SelectMany(m => m).Select(c => c.TierCode));
    }

    /// <summary>Changes the row that the context holds, else starts one; of a row in the database alone it knows nothing.</summary>
    private void AddOrStart(LocalView<LeaderboardScore> held, Guid userId, Period period, string tierCode, long delta, DateTimeOffset at)
    {
        object[] key = [userId, period.Kind, period.Start];
        if (held.FindEntryUntyped(key) is { } row)
            row.Entity.Add(delta, at);
        else
            db.Add(LeaderboardScore.Create(userId, period, tierCode, delta, at));
    }

    /// <summary>Rows of at most one period of each kind; a kind that is not asked for is looked for where it never is.</summary>
    internal static Expression<Func<LeaderboardScore, bool>> In(List<Period> periods)
    {
        DateOnly Start(PeriodKind kind) => periods.Find(p => p.Kind == kind)?.Start ?? Period.AlltimeStart;
        var (daily, weekly, monthly) = (Start(PeriodKind.Daily), Start(PeriodKind.Weekly), Start(PeriodKind.Monthly));
        return s => (s.PeriodKind == PeriodKind.Daily && s.PeriodStart == daily)
            || (s.PeriodKind == PeriodKind.Weekly && s.PeriodStart == weekly)
            || (s.PeriodKind == PeriodKind.Monthly && s.PeriodStart == monthly)
            || (s.PeriodKind == PeriodKind.Alltime && s.PeriodStart == Period.AlltimeStart);
    }

    /// <exception cref="InvalidOperationException">There is none: others would hear of a change before it is stored.</exception>
    private void RequireTransaction()
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("Boards are written in the transaction of what earned the points.");
    }

    /// <summary>Before the tier, so that who rebuilds the tier's board knows already whose row changed.</summary>
    private void AnnounceScore(Guid userId) => bus.PublishOnCommit(db, BusTopics.Score, userId.ToString());

    private void Announce(string tierCode) => bus.PublishOnCommit(db, BusTopics.Leaderboard, tierCode);
}
