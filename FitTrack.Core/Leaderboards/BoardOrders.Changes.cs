using FitTrack.Core.Competition;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Leaderboards;

/// <summary>How the orders of running boards follow the scores.</summary>
internal sealed partial class BoardOrders
{
    /// <summary>Members read in one statement; Oracle takes 1,000 values in a list.</summary>
    private const int MembersAtOnce = 500;

    /// <summary>Changes that wait for somebody to ask; more are applied at once.</summary>
    private const int MostWaiting = 2_000;

    private readonly SemaphoreSlim _passes = new(1, 1);
    private HashSet<Guid> _changed = [];
    private bool _applying;

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
            foreach (var over in _held.Where(h => !h.Value.IsFinal && !h.Value.Period.Contains(now)).Select(h => h.Key).ToList())
                _held.Remove(over);
            var members = _changed;
            _changed = [];
            return (members, [.. _held.Where(h => !h.Value.IsFinal && h.Value.Order is not null).Select(h => (h.Key, h.Value, h.Value.Order!))]);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed scores could not be read; all ranks are counted in the database until the orders are built anew.")]
    private static partial void LogForgotten(ILogger logger, Exception exception);
}
