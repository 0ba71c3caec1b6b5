using FitTrack.Core.Competition;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// Boards that are too large to be listed whole, each in order in memory: those that run and those that are final. The bus tells
/// whose scores changed, in any process; before the next answer those members' rows are read again. Whenever it cannot be sure, it
/// has no answer and the database is asked: after a start, after a lost connection of the bus, while an order is being built, when
/// a read failed, and between a period's end and the day it is final, when two periods of a kind change at once.
/// </summary>
/// <remarks>
/// A message that was lost without a trace (its sender died between commit and sending) shows in the board's totals, which are
/// compared with the database's as often as cached answers expire.
/// </remarks>
internal sealed partial class BoardOrders : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BoardKey, Held> _held = [];
    private readonly SemaphoreSlim _builds = new(1, 1);
    private readonly IServiceScopeFactory _scopes;
    private readonly LeaderboardMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly LeaderboardOptions _options;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private readonly CancellationTokenSource _stopping = new();
    private long _asked;

    public BoardOrders(
        IServiceScopeFactory scopes, IMessageBus bus, LeaderboardMetrics metrics, TimeProvider clock, IOptions<LeaderboardOptions> options, ILogger<BoardOrders> logger)
    {
        (_scopes, _metrics, _clock, _options, _logger) = (scopes, metrics, clock, options.Value, logger);
        _subscriptions = [bus.Subscribe(BusTopics.Score, Changed, Clear), bus.Subscribe(BusTopics.Leaderboard, AllChanged, Clear)];
    }

    /// <summary>The last comparison with the database, which goes on beside the answers.</summary>
    internal Task Checked { get; private set; } = Task.CompletedTask;

    /// <summary>Answers a question about a board as it is now; null when the database must be asked.</summary>
    public async ValueTask<T?> AskAsync<T>(BoardKey key, Period period, Func<BoardOrder, T> question, CancellationToken ct)
        where T : class
    {
        if (!CanBeKept(period))
            return null;
        bool waits;
        lock (_gate)
        {
            if (_held.GetValueOrDefault(key) is not { Order: not null } known)
                return null;
            waits = !known.IsFinal && (_applying || _changed.Count > 0);
        }

        if (waits)
            await ApplyAsync().WaitAsync(ct);
        lock (_gate)
        {
            if (_held.GetValueOrDefault(key) is not { Order: { } order } held)
                return null;
            held.AskedAt = ++_asked;
            if (held.CheckAt <= _clock.GetUtcNow())
            {
                held.CheckAt = _clock.GetUtcNow() + _options.CacheTime;
                Checked = Task.Run(() => CheckAsync(key, held), CancellationToken.None);
            }

            return question(order);
        }
    }

    /// <summary>Begins to keep a board in order, unless it is kept already, still takes late data, or is too large. Ends when the order is there, and never throws.</summary>
    public Task WantAsync(BoardKey key, Period period, int members)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(key, out var known))
                return known.Built;
            if (!CanBeKept(period) || !MakeRoom(members))
                return Task.CompletedTask;
            var held = new Held(period, period.IsFinal(_clock.GetUtcNow()), members) { AskedAt = ++_asked };
            _held.Add(key, held);
            return held.Built = Task.Run(() => BuildAsync(key, held), CancellationToken.None);
        }
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
        _stopping.Cancel();
        Clear();
    }

    private bool CanBeKept(Period period) => _clock.GetUtcNow() is var now && (period.Contains(now) || period.IsFinal(now));

    /// <summary>Final boards make room, those first that nobody asked about for longest; running ones stay.</summary>
    private bool MakeRoom(int members)
    {
        if (members > _options.MostOrdered - _held.Values.Where(h => !h.IsFinal).Sum(h => (long)h.Members))
            return false;
        while (members > _options.MostOrdered - _held.Values.Sum(h => (long)h.Members))
            _held.Remove(_held.Where(h => h.Value.IsFinal).MinBy(h => h.Value.AskedAt).Key);
        return true;
    }

    private async Task BuildAsync(BoardKey key, Held held)
    {
        try
        {
            await _builds.WaitAsync(_stopping.Token);
            try
            {
                await ReadAllAsync(key, held);
            }
            finally
            {
                _builds.Release();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Drop(key, held);
        }
        catch (Exception e)
        {
            Drop(key, held);
            LogFailed(_logger, key, e);
        }
    }

    private async Task ReadAllAsync(BoardKey key, Held held)
    {
        // Whoever changes from here on is read again, whether the rows below show the change or not.
        lock (_gate)
            held.Missed = [];
        var started = _clock.GetTimestamp();
        await using var scope = _scopes.CreateAsyncScope();
        var order = await BoardOrder.FromAsync(scope.ServiceProvider.GetRequiredService<BoardReader>().AllAsync(key), _stopping.Token);
        _metrics.Ordered(_clock.GetElapsedTime(started));
        lock (_gate)
        {
            _changed.UnionWith(held.Missed);
            (held.Order, held.Missed, held.Members) = (order, null, order.Count);
            held.CheckAt = held.IsFinal ? DateTimeOffset.MaxValue : _clock.GetUtcNow() + _options.CacheTime;
        }
    }

    /// <summary>Compares the totals with the database's, and builds the order anew when they differ or changed meanwhile.</summary>
    private async Task CheckAsync(BoardKey key, Held held)
    {
        try
        {
            var before = await AskAsync(key, held.Period, Totals.Of, _stopping.Token);
            await using var scope = _scopes.CreateAsyncScope();
            var stored = await scope.ServiceProvider.GetRequiredService<BoardReader>().TotalsAsync(key, _stopping.Token);
            var after = await AskAsync(key, held.Period, Totals.Of, _stopping.Token);
            if (before is null || after is null || (before == after && stored == (after.Members, after.Points)))
                return;
            if (before == after)
            {
                LogDiffers(_logger, key, after.Members, after.Points, stored.Members, stored.Points);
                lock (_gate)
                    held.Order = null;
            }
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            Drop(key, held);
            LogFailed(_logger, key, e);
            return;
        }

        await BuildAsync(key, held);
    }

    private void Drop(BoardKey key, Held held)
    {
        lock (_gate)
        {
            if (_held.GetValueOrDefault(key) == held)
                _held.Remove(key);
        }
    }

    private void Clear()
    {
        lock (_gate)
        {
            _held.Clear();
            _changed.Clear();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The order of {Board} could not be read; its ranks are counted in the database.")]
    private static partial void LogFailed(ILogger logger, BoardKey board, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The order of {Board} has {Members} members with {Points} points, the database {StoredMembers} with {StoredPoints}: a message was lost. It is built anew.")]
    private static partial void LogDiffers(ILogger logger, BoardKey board, int members, long points, int storedMembers, long storedPoints);

    private sealed record Totals(long Version, int Members, long Points)
    {
        public static Totals Of(BoardOrder order) => new(order.Version, order.Count, order.Points);
    }

    private sealed class Held(Period period, bool isFinal, int members)
    {
        public Period Period => period;

        /// <summary>Nothing changes it any more.</summary>
        public bool IsFinal => isFinal;

        public int Members { get; set; } = members;

        /// <summary>Null while it is read for the first time.</summary>
        public BoardOrder? Order { get; set; }

        /// <summary>Who changed since the reading of all rows began; null when none is under way.</summary>
        public HashSet<Guid>? Missed { get; set; }

        /// <summary>Larger than that of whoever was asked about before.</summary>
        public long AskedAt { get; set; }

        /// <summary>When to compare the totals again.</summary>
        public DateTimeOffset CheckAt { get; set; }

        public Task Built { get; set; } = Task.CompletedTask;
    }
}
