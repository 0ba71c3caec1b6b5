using FitTrack.Core.Competition;
using FitTrack.Core.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// The running boards that are too large to be listed whole, each in order in memory. The bus tells whose scores changed, in any
/// process; before the next answer those members' rows are read again. Whenever it cannot be sure, it has no answer and the
/// database is asked: after a start, after a lost connection of the bus, while an order is being built, when a read failed.
/// </summary>
/// <remarks>
/// A message that was lost without a trace (its sender died between commit and sending) shows in the board's totals, which are
/// compared with the database's as often as cached answers expire.
/// </remarks>
internal sealed partial class BoardOrders : IDisposable
{
    /// <summary>Members read in one statement; Oracle takes 1,000 values in a list.</summary>
    private const int MembersAtOnce = 500;

    /// <summary>Changes that wait for somebody to ask; more are applied at once.</summary>
    private const int MostWaiting = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<BoardKey, Held> _held = [];
    private readonly SemaphoreSlim _passes = new(1, 1);
    private readonly SemaphoreSlim _builds = new(1, 1);
    private readonly IServiceScopeFactory _scopes;
    private readonly LeaderboardMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly LeaderboardOptions _options;
    private readonly ILogger _logger;
    private readonly IDisposable[] _subscriptions;
    private readonly CancellationTokenSource _stopping = new();
    private HashSet<Guid> _changed = [];
    private bool _applying;

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
        if (!period.Contains(_clock.GetUtcNow()))
            return null;
        bool waits;
        lock (_gate)
        {
            if (_held.GetValueOrDefault(key)?.Order is null)
                return null;
            waits = _applying || _changed.Count > 0;
        }

        if (waits)
            await ApplyAsync().WaitAsync(ct);
        lock (_gate)
        {
            if (_held.GetValueOrDefault(key) is not { Order: { } order } held)
                return null;
            if (held.CheckAt <= _clock.GetUtcNow())
            {
                held.CheckAt = _clock.GetUtcNow() + _options.CacheTime;
                Checked = Task.Run(() => CheckAsync(key, held), CancellationToken.None);
            }

            return question(order);
        }
    }

    /// <summary>Begins to keep a board in order, unless it is kept already, is over, or too large. Ends when the order is there, and never throws.</summary>
    public Task WantAsync(BoardKey key, Period period, int members)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(key, out var known))
                return known.Built;
            if (!period.Contains(_clock.GetUtcNow()) || members > _options.MostOrdered - _held.Values.Sum(h => (long)h.Members))
                return Task.CompletedTask;
            var held = new Held(period, members);
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
            (held.Order, held.Missed, held.Members, held.CheckAt) = (order, null, order.Count, _clock.GetUtcNow() + _options.CacheTime);
        }
    }

    /// <summary>Reads again whose scores changed. When it returns, every change that was known at its call is in the orders, or these are gone.</summary>
    private async Task ApplyAsync()
    {
        await _passes.WaitAsync(_stopping.Token);
        try
        {
            var (members, orders) = Begin();
            if (members.Count == 0 || orders.Count == 0)
                return;
            var periods = orders.ConvertAll(o => o.Held.Period).Distinct().ToList();
            await using var scope = _scopes.CreateAsyncScope();
            var reader = scope.ServiceProvider.GetRequiredService<BoardReader>();
            foreach (var some in members.Chunk(MembersAtOnce))
                Put(orders, some, await reader.OfAsync(some, periods, _stopping.Token));
        }
        catch (Exception e)
        {
            Clear();
            LogForgotten(_logger, e);
        }
        finally
        {
            lock (_gate)
                _applying = false;
            _passes.Release();
        }
    }

    private (HashSet<Guid> Members, List<(BoardKey Key, Held Held, BoardOrder Order)> Orders) Begin()
    {
        lock (_gate)
        {
            _applying = true;
            var now = _clock.GetUtcNow();
            foreach (var over in _held.Where(h => !h.Value.Period.Contains(now)).Select(h => h.Key).ToList())
                _held.Remove(over);
            var members = _changed;
            _changed = [];
            return (members, [.. _held.Where(h => h.Value.Order is not null).Select(h => (h.Key, h.Value, h.Value.Order!))]);
        }
    }

    /// <summary>Into the orders that were there before the rows were read; newer ones know newer rows.</summary>
    private void Put(List<(BoardKey Key, Held Held, BoardOrder Order)> orders, Guid[] members, Dictionary<(Guid User, PeriodKind Kind), (string Tier, BoardRow Row)> rows)
    {
        lock (_gate)
        {
            foreach (var (key, _, order) in orders)
            {
                foreach (var member in members)
                {
                    if (rows.TryGetValue((member, key.Kind), out var found) && string.Equals(found.Tier, key.Tier, StringComparison.Ordinal))
                        order.Set(found.Row);
                    else
                        order.Remove(member);
                }
            }
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

    private void Changed(string member)
    {
        if (!Guid.TryParse(member, out var id))
        {
            Clear();
            return;
        }

        lock (_gate)
        {
            if (_held.Count == 0)
                return;
            _changed.Add(id);
            foreach (var held in _held.Values)
                held.Missed?.Add(id);
            if (_changed.Count < MostWaiting || _applying)
                return;
            _applying = true;
        }

        _ = ApplyAsync();
    }

    private void AllChanged(string tier)
    {
        if (tier.Length == 0)
            Clear();
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed scores could not be read; all ranks are counted in the database until the orders are built anew.")]
    private static partial void LogForgotten(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The order of {Board} has {Members} members with {Points} points, the database {StoredMembers} with {StoredPoints}: a message was lost. It is built anew.")]
    private static partial void LogDiffers(ILogger logger, BoardKey board, int members, long points, int storedMembers, long storedPoints);

    private sealed record Totals(long Version, int Members, long Points)
    {
        public static Totals Of(BoardOrder order) => new(order.Version, order.Count, order.Points);
    }

    private sealed class Held(Period period, int members)
    {
        public Period Period => period;

        public int Members { get; set; } = members;

        /// <summary>Null while it is read for the first time.</summary>
        public BoardOrder? Order { get; set; }

        /// <summary>Who changed since the reading of all rows began; null when none is under way.</summary>
        public HashSet<Guid>? Missed { get; set; }

        /// <summary>When to compare the totals again.</summary>
        public DateTimeOffset CheckAt { get; set; }

        public Task Built { get; set; } = Task.CompletedTask;
    }
}
