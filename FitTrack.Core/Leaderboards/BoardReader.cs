using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// Reads boards from the database, in ranking order: points descending, then the earlier moment, then the member's id.
/// Every query is answered by the one index of that order; counting costs as many of its entries as it counts.
/// </summary>
internal sealed class BoardReader(FitTrackDbContext db)
{
    public Task<List<BoardRow>> TopAsync(BoardKey board, int count, CancellationToken ct) =>
        Ranked(Scores(board)).Take(count).Select(s => new BoardRow(s.UserId, s.Points, s.ReachedAt)).ToListAsync(ct);

    /// <summary>Every row, best first.</summary>
    public IAsyncEnumerable<BoardRow> AllAsync(BoardKey board) =>
        Ranked(Scores(board)).Select(s => new BoardRow(s.UserId, s.Points, s.ReachedAt)).AsAsyncEnumerable();

    /// <summary>Where members stand in periods of which no two are of one kind; without points they stand nowhere.</summary>
    public async Task<Dictionary<(Guid User, PeriodKind Kind), (string Tier, BoardRow Row)>> OfAsync(IReadOnlyCollection<Guid> members, List<Period> periods, CancellationToken ct)
    {
        var scores = await db.Set<LeaderboardScore>().AsNoTracking().Where(s => members.Contains(s.UserId) && s.Points > 0).Where(ScoreBoard.In(periods)).ToListAsync(ct);
        return scores.ToDictionary(s => (s.UserId, s.PeriodKind), s => (s.TierCode, new BoardRow(s.UserId, s.Points, s.ReachedAt)));
    }

    /// <summary>How many members stand on a board, and the sum of their points.</summary>
    public async Task<(int Members, long Points)> TotalsAsync(BoardKey board, CancellationToken ct)
    {
        var totals = await Scores(board).GroupBy(s => s.TierCode).Select(g => new { Members = g.Count(), Points = g.Sum(s => s.Points) }).SingleOrDefaultAsync(ct);
        return (totals?.Members ?? 0, totals?.Points ?? 0);
    }

    public Task<int> CountAsync(BoardKey board, CancellationToken ct) => Scores(board).CountAsync(ct);

    public Task<BoardRow?> FindAsync(BoardKey board, Guid userId, CancellationToken ct) =>
        Scores(board).Where(s => s.UserId == userId).Select(s => (BoardRow?)new BoardRow(s.UserId, s.Points, s.ReachedAt)).SingleOrDefaultAsync(ct);

    /// <summary>How many rank before a row; the row's rank is one more.</summary>
    public Task<int> CountBetterAsync(BoardKey board, BoardRow row, CancellationToken ct) => Better(board, row).CountAsync(ct);

    /// <summary>The nearest rows before and after one, best first, itself left out.</summary>
    public async Task<(List<BoardRow> Better, List<BoardRow> Worse)> AroundAsync(BoardKey board, BoardRow row, int reach, CancellationToken ct)
    {
        var better = await Better(board, row).OrderBy(s => s.Points).ThenByDescending(s => s.ReachedAt).ThenByDescending(s => s.UserId)
            .Take(reach).Select(s => new BoardRow(s.UserId, s.Points, s.ReachedAt)).ToListAsync(ct);
        better.Reverse();
        var worse = await Ranked(Worse(board, row)).Take(reach).Select(s => new BoardRow(s.UserId, s.Points, s.ReachedAt)).ToListAsync(ct);
        return (better, worse);
    }

    private static IOrderedQueryable<LeaderboardScore> Ranked(IQueryable<LeaderboardScore> scores) =>
        scores.OrderByDescending(s => s.Points).ThenBy(s => s.ReachedAt).ThenBy(s => s.UserId);

    private IQueryable<LeaderboardScore> Scores(BoardKey board)
    {
        var (kind, start, tier) = board;
        return db.Set<LeaderboardScore>().AsNoTracking().Where(s => s.PeriodKind == kind && s.PeriodStart == start && s.TierCode == tier && s.Points > 0);
    }

    // The plain comparison of points comes first so that the index range ends there; the rest settles ties.
    private IQueryable<LeaderboardScore> Better(BoardKey board, BoardRow row)
    {
        var (id, points, at) = row;
        return Scores(board).Where(s => s.Points >= points && (s.Points > points || s.ReachedAt < at || (s.ReachedAt == at && s.UserId < id)));
    }

    private IQueryable<LeaderboardScore> Worse(BoardKey board, BoardRow row)
    {
        var (id, points, at) = row;
        return Scores(board).Where(s => s.Points <= points && (s.Points < points || s.ReachedAt > at || (s.ReachedAt == at && s.UserId > id)));
    }
}
