using System.Collections.Concurrent;
using System.Collections.Immutable;
using FitTrack.Core.Competition;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// Boards in memory, each for five minutes at most, dropped on every instance when a member of the tier earns
/// (domain section 4). Who misses together waits for one build. A build that began before a change is handed to those
/// who already wait for it, and to nobody else.
/// </summary>
public sealed class BoardCache : IDisposable
{
    private readonly ConcurrentDictionary<(BoardKey Board, bool IsLong), Entry> _boards = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly BoardOrders _orders;
    private readonly MemberCards _cards;
    private readonly CompetitionCalendar _calendar;
    private readonly LeaderboardMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly LeaderboardOptions _options;
    private readonly IDisposable[] _subscriptions;
    private volatile CurrentPeriods? _current;

    internal BoardCache(
        IServiceScopeFactory scopes, BoardOrders orders, MemberCards cards, CompetitionCalendar calendar, IMessageBus bus, LeaderboardMetrics metrics,
        TimeProvider clock, IOptions<LeaderboardOptions> options)
    {
        (_scopes, _orders, _cards, _calendar, _metrics, _clock, _options) = (scopes, orders, cards, calendar, metrics, clock, options.Value);
        _subscriptions = [bus.Subscribe(BusTopics.Leaderboard, TierEarned, Clear), bus.Subscribe(BusTopics.Member, MemberChanged, Clear)];
    }

    /// <summary>The running period of a kind.</summary>
    public Period Current(PeriodKind kind)
    {
        var now = _clock.GetUtcNow();
        if (_current is not { } current || !current.Day.Contains(now))
        {
            var periods = _calendar.PeriodsOf(_calendar.DayOf(now)).ToArray();
            _current = current = new CurrentPeriods(periods[0], periods);
        }

        return Array.Find(current.All, p => p.Kind == kind)!;
    }

    /// <summary>The board, from memory where it is there and not older than five minutes.</summary>
    /// <param name="period">The period.</param>
    /// <param name="tier">A tier's code.</param>
    /// <param name="ranks">How many of the best are wanted, at most <see cref="BoardSnapshot.Listed"/>.</param>
    /// <param name="ct">Ends the wait.</param>
    public ValueTask<BoardSnapshot> GetAsync(Period period, string tier, int ranks, CancellationToken ct)
    {
        var key = (new BoardKey(period.Kind, period.Start, tier), ranks > BoardSnapshot.Usual);
        if (_boards.TryGetValue(key, out var entry) && !entry.IsOver(_clock.GetUtcNow()))
        {
            _metrics.Hit();
            return entry.Board.IsCompletedSuccessfully ? new(entry.Board.Result) : new(entry.Board.WaitAsync(ct));
        }

        _metrics.Miss();
        return new(BuildOnceAsync(key, period, entry, ct));
    }

    /// <summary>Where a member stands on a board, from memory for those near the top.</summary>
    public ValueTask<MemberPlace> PlaceOfAsync(BoardSnapshot board, Guid userId, CancellationToken ct) =>
        board.Find(userId) is { } place ? new(place) : new(ReadPlaceAsync(board, userId, ct));

    /// <summary>Forgets every board.</summary>
    public void Clear() => Drop(_ => true);

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    private async Task<BoardSnapshot> BuildOnceAsync((BoardKey Board, bool IsLong) key, Period period, Entry? old, CancellationToken ct)
    {
        var started = new Entry(this, key, period);
        Entry mine;
        if (old is null)
            mine = _boards.GetOrAdd(key, started);
        else
            mine = _boards.TryUpdate(key, started, old) ? started : _boards.GetOrAdd(key, started);
        MakeRoom();
        try
        {
            // The build belongs to all who wait: one caller that leaves does not end it.
            return await mine.Board.WaitAsync(ct);
        }
        catch when (mine.Board.IsFaulted)
        {
            _boards.TryRemove(new(key, mine));
            throw;
        }
    }

    private async Task<BoardSnapshot> BuildAsync(BoardKey key, bool isLong, Period period)
    {
        var started = _clock.GetTimestamp();
        var now = _clock.GetUtcNow();
        var (members, rows) = await TopAsync(key, (isLong ? BoardSnapshot.Listed : BoardSnapshot.Usual) + MemberPlace.Reach, period);
        var best = await NamedAsync(rows, 1, CancellationToken.None);
        var snapshot = new BoardSnapshot(period, key.Tier, members, best, members >= _options.FewestForPoints, now);
        _metrics.Built(_clock.GetElapsedTime(started));
        return snapshot;
    }

    private async Task<(int Members, IReadOnlyList<BoardRow> Rows)> TopAsync(BoardKey key, int count, Period period)
    {
        if (await _orders.AskAsync(key, period, o => new OrderedRows(o.Count, 1, o.Rows(1, count)), CancellationToken.None) is { } ordered)
            return (ordered.Members, ordered.Rows);
        await using var scope = _scopes.CreateAsyncScope();
        var reader = scope.ServiceProvider.GetRequiredService<BoardReader>();
        var rows = await reader.TopAsync(key, count, CancellationToken.None);
        if (rows.Count < count)
            return (rows.Count, rows);
        var members = await reader.CountAsync(key, CancellationToken.None);
        // Nobody waits for it: until the order is there, ranks are counted in the database.
        _ = _orders.WantAsync(key, period, members);
        return (members, rows);
    }

    private async Task<MemberPlace> ReadPlaceAsync(BoardSnapshot board, Guid userId, CancellationToken ct)
    {
        var found = await _orders.AskAsync(board.Key, board.Period, o => OrderedRows.Around(o, userId), ct) ?? await CountAsync(board.Key, userId, ct);
        var place = MemberPlace.None;
        if (found.Rank is { } rank)
        {
            var places = await NamedAsync(found.Rows, found.First, ct);
            place = new MemberPlace(rank, places[rank - found.First].Points, places);
        }

        board.Remember(userId, place);
        return place;
    }

    /// <summary>A rank from the database, which costs as much as there are better rows.</summary>
    private async Task<OrderedRows> CountAsync(BoardKey key, Guid userId, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var reader = scope.ServiceProvider.GetRequiredService<BoardReader>();
        if (await reader.FindAsync(key, userId, ct) is not { } row)
            return OrderedRows.None;
        var better = await reader.CountBetterAsync(key, row, ct);
        var around = await reader.AroundAsync(key, row, MemberPlace.Reach, ct);
        return new OrderedRows(0, better + 1 - around.Better.Count, [.. around.Better, row, .. around.Worse], better + 1);
    }

    private async Task<ImmutableArray<BoardPlace>> NamedAsync(IReadOnlyList<BoardRow> rows, int firstRank, CancellationToken ct)
    {
        var cards = await _cards.FindAsync([.. rows.Select(r => r.UserId)], ct);
        return [.. rows.Select((r, i) =>
            new BoardPlace(firstRank + i, r.UserId, cards.GetValueOrDefault(r.UserId) is { IsHidden: false } card ? card.DisplayName : null, r.Points))];
    }

    private void TierEarned(string tier)
    {
        if (tier.Length == 0)
            Clear();
        else
            Drop(entry => string.Equals(entry.Tier, tier, StringComparison.Ordinal));
    }

    private void MemberChanged(string member)
    {
        if (Guid.TryParse(member, out var id))
            Drop(entry => !entry.Board.IsCompletedSuccessfully || entry.Board.Result.Shows(id));
        else
            Clear();
    }

    private void Drop(Func<Entry, bool> which)
    {
        var dropped = 0;
        foreach (var (key, entry) in _boards)
        {
            if (which(entry) && _boards.TryRemove(new(key, entry)))
                dropped++;
        }

        if (dropped > 0)
            _metrics.Dropped(dropped);
    }

    /// <summary>Past periods can be browsed without end; the memory for them has one.</summary>
    private void MakeRoom()
    {
        if (_boards.Count <= _options.MostBoards)
            return;
        var now = _clock.GetUtcNow();
        foreach (var (key, entry) in _boards)
        {
            if (entry.IsOver(now) || !entry.Period.Contains(now))
                _boards.TryRemove(new(key, entry));
        }

        if (_boards.Count > _options.MostBoards)
            _boards.Clear();
    }

    /// <param name="First">The rank of the first row.</param>
    /// <param name="Rank">The rank of the member that was asked about.</param>
    private sealed record OrderedRows(int Members, int First, IReadOnlyList<BoardRow> Rows, int? Rank = null)
    {
        public static readonly OrderedRows None = new(0, 1, []);

        public static OrderedRows Around(BoardOrder order, Guid userId)
        {
            if (order.RankOf(userId) is not { } rank)
                return None;
            var first = Math.Max(1, rank - MemberPlace.Reach);
            return new OrderedRows(order.Count, first, order.Rows(first, rank + MemberPlace.Reach - first + 1), rank);
        }
    }

    private sealed record CurrentPeriods(Period Day, Period[] All);

    private sealed class Entry(BoardCache cache, (BoardKey Board, bool IsLong) key, Period period)
    {
        private readonly Lazy<Task<BoardSnapshot>> _board = new(() => cache.BuildAsync(key.Board, key.IsLong, period));
        private readonly DateTimeOffset _until = Ends(cache, period);

        public string Tier => key.Board.Tier;

        public Period Period => period;

        public Task<BoardSnapshot> Board => _board.Value;

        public bool IsOver(DateTimeOffset now) => now >= _until;

        /// <summary>A period that becomes final meanwhile ends the entry, so that the answer says so at once.</summary>
        private static DateTimeOffset Ends(BoardCache cache, Period period)
        {
            var now = cache._clock.GetUtcNow();
            var until = now + cache._options.CacheTime;
            return period.FinalAt > now && period.FinalAt < until ? period.FinalAt : until;
        }
    }
}
