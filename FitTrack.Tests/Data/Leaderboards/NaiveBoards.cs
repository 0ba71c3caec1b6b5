using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;

namespace FitTrack.Tests.Data.Leaderboards;

/// <summary>The rules of domain sections 2 and 4 in the plainest words, to compare with: every row in a list, sorted when asked.</summary>
internal sealed class NaiveBoards
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    private readonly Dictionary<(Guid User, PeriodKind Kind, DateOnly Start), Row> _rows = [];

    public void Add(ScoreChange change)
    {
        foreach (var kind in Enum.GetValues<PeriodKind>())
        {
            var (start, next) = Period(kind, change.Day);
            if (kind != PeriodKind.Alltime && change.At >= Midnight(next).AddHours(48))
                continue;
            var key = (change.UserId, kind, start);
            var row = _rows.GetValueOrDefault(key) ?? new Row(change.TierCode, 0, default);
            _rows[key] = row with { Points = row.Points + change.Delta, ReachedAt = change.At };
        }
    }

    public void Move(Guid user, string tier, DateTimeOffset now)
    {
        foreach (var (key, row) in _rows.Where(r => r.Key.User == user).ToList())
        {
            if (key.Kind == PeriodKind.Alltime || now < Midnight(Period(key.Kind, key.Start).Next))
                _rows[key] = row with { Tier = tier };
        }
    }

    public IEnumerable<(PeriodKind Kind, DateOnly Start, string Tier)> Boards() => _rows.Select(r => (r.Key.Kind, r.Key.Start, r.Value.Tier)).Distinct();

    /// <summary>Members in order, with their points.</summary>
    public List<(Guid User, long Points)> Ranking(PeriodKind kind, DateOnly start, string tier) =>
    [
        .. _rows.Where(r => r.Key.Kind == kind && r.Key.Start == start && r.Value.Tier == tier && r.Value.Points > 0)
            .OrderByDescending(r => r.Value.Points).ThenBy(r => r.Value.ReachedAt).ThenBy(r => r.Key.User.ToString(), StringComparer.Ordinal)
            .Select(r => (r.Key.User, r.Value.Points)),
    ];

    public static (DateOnly Start, DateOnly Next) Period(PeriodKind kind, DateOnly day)
    {
        var start = day;
        switch (kind)
        {
            case PeriodKind.Daily:
                return (day, day.AddDays(1));
            case PeriodKind.Weekly:
                while (start.DayOfWeek != DayOfWeek.Monday)
                    start = start.AddDays(-1);
                return (start, start.AddDays(7));
            case PeriodKind.Monthly:
                start = new DateOnly(day.Year, day.Month, 1);
                return (start, start.AddMonths(1));
            default:
                return (new DateOnly(1970, 1, 1), DateOnly.MaxValue);
        }
    }

    private static DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, NewYork.GetUtcOffset(local));
    }

    private sealed record Row(string Tier, long Points, DateTimeOffset ReachedAt);
}
