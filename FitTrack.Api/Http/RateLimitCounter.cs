using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Http;

/// <param name="Limit">Requests a minute.</param>
/// <param name="Remaining">How many are left in this window; 0 when refused.</param>
/// <param name="ResetAt">When the caller may go on, in seconds since 1970: the end of the window, or of a block.</param>
/// <param name="Allowed">Whether this request is within the limit.</param>
internal readonly record struct RateLimitVerdict(int Limit, int Remaining, long ResetAt, bool Allowed);

/// <summary>What one instance counted of one caller since the minute began: numbers that only grow, so that hearing them twice, or late, does no harm.</summary>
internal readonly record struct CallerCounts(long Minute, Caller Caller, int Reads, int Writes, int Leaderboards, int Refusals);

/// <summary>
/// Counts requests in fixed windows of one clock minute, which is the same minute for every instance. A new minute starts an empty
/// table, so nothing has to be swept and memory is bounded by the callers of one minute. Counting is one look-up and one interlocked
/// increment, without allocation after the first request. What the other instances counted comes in by <see cref="Merge"/>.
/// </summary>
internal sealed class RateLimitCounter
{
    private const int Minute = 60;

    /// <summary>Others are told of a caller who has used this share of a limit: the many who never come near one are nobody's business.</summary>
    private const int SharedFrom = 10;

    private readonly int[] _limits;
    private Window _window = new(0);

    public RateLimitCounter(IOptions<RateLimitOptions> options)
    {
        var o = options.Value;
        _limits = [o.Reads, o.Writes, o.Leaderboards];
    }

    public RateLimitVerdict Count(in Caller caller, RateLimitKind kind, long unixSeconds)
    {
        var limit = _limits[(int)kind];
        var window = WindowAt(unixSeconds / Minute);
        var used = window.Callers.GetOrAdd(caller, static _ => new Counts()).Add((int)kind);
        return new RateLimitVerdict(limit, Math.Max(0, limit - used), (window.Minute + 1) * Minute, used <= limit);
    }

    /// <summary>Notes that an address was refused; returns how often within this minute, by all instances.</summary>
    public int CountRefusal(in Caller address, long unixSeconds) =>
        WindowAt(unixSeconds / Minute).Callers.GetOrAdd(address, static _ => new Counts()).Add(Counts.Refusals);

    /// <summary>What changed since it was last asked for, of callers who have used a good part of a limit.</summary>
    /// <param name="most">At most so many at once; the others are there the next time.</param>
    public IEnumerable<CallerCounts> TakeNews(int most)
    {
        var window = Volatile.Read(ref _window);
        return window.Callers.Where(c => c.Value.HasNews(_limits)).Take(most).Select(c => c.Value.Take(window.Minute, c.Key));
    }

    /// <summary>Takes over what another instance counted.</summary>
    public void Merge(string instance, in CallerCounts counts)
    {
        var window = WindowAt(counts.Minute);
        if (window.Minute == counts.Minute)
            window.Callers.GetOrAdd(counts.Caller, static _ => new Counts()).Merge(instance, counts);
    }

    private Window WindowAt(long minute)
    {
        var window = Volatile.Read(ref _window);
        // A clock that was set back keeps the newer window.
        while (window.Minute < minute)
        {
            var fresh = new Window(minute);
            var seen = Interlocked.CompareExchange(ref _window, fresh, window);
            window = seen == window ? fresh : seen;
        }

        return window;
    }

    private sealed class Window(long minute)
    {
        public long Minute { get; } = minute;

        public ConcurrentDictionary<Caller, Counts> Callers { get; } = new();
    }

    private sealed class Counts
    {
        public const int Refusals = 3;

        private readonly int[] _own = new int[4];
        private readonly int[] _others = new int[4];
        private Dictionary<string, CallerCounts>? _byInstance;
        private int _told;

        public int Add(int kind) => Interlocked.Increment(ref _own[kind]) + Volatile.Read(ref _others[kind]);

        public bool HasNews(int[] limits)
        {
            if (_told == _own[0] + _own[1] + _own[2] + _own[Refusals])
                return false;
            for (var kind = 0; kind < limits.Length; kind++)
            {
                if (_own[kind] >= Math.Max(1, limits[kind] / SharedFrom))
                    return true;
            }

            return _own[Refusals] > 0;
        }

        public CallerCounts Take(long minute, in Caller caller)
        {
            var counts = new CallerCounts(minute, caller, _own[0], _own[1], _own[2], _own[Refusals]);
            _told = counts.Reads + counts.Writes + counts.Leaderboards + counts.Refusals;
            return counts;
        }

        public void Merge(string instance, in CallerCounts theirs)
        {
            lock (_own)
            {
                _byInstance ??= new Dictionary<string, CallerCounts>(StringComparer.Ordinal);
                var known = _byInstance.GetValueOrDefault(instance);
                // Two messages may overtake each other; what was counted does not shrink.
                _byInstance[instance] = theirs with
                {
                    Reads = Raise(0, known.Reads, theirs.Reads),
                    Writes = Raise(1, known.Writes, theirs.Writes),
                    Leaderboards = Raise(2, known.Leaderboards, theirs.Leaderboards),
                    Refusals = Raise(Refusals, known.Refusals, theirs.Refusals),
                };
            }
        }

        private int Raise(int kind, int from, int to)
        {
            if (to <= from)
                return from;
            Volatile.Write(ref _others[kind], _others[kind] + to - from);
            return to;
        }
    }
}
