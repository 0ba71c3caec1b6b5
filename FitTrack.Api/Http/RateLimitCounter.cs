using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Http;

/// <param name="Limit">Requests a minute.</param>
/// <param name="Remaining">How many are left in this window; 0 when refused.</param>
/// <param name="ResetAt">When the caller may go on, in seconds since 1970: the end of the window, or of a block.</param>
/// <param name="Allowed">Whether this request is within the limit.</param>
internal readonly record struct RateLimitVerdict(int Limit, int Remaining, long ResetAt, bool Allowed);

/// <summary>
/// Counts requests. Local to this process so far; what reconciles the instances over the bus takes this place, and because
/// windows are minutes of the clock, theirs are the same everywhere.
/// </summary>
internal interface IRateLimitCounter
{
    RateLimitVerdict Count(in Caller caller, RateLimitKind kind, long unixSeconds);
}

/// <summary>
/// Fixed windows of one clock minute. A new minute starts an empty table, so nothing has to be swept and memory is bounded by
/// the callers of one minute. Counting is one look-up and one interlocked increment, without allocation after the first request.
/// </summary>
internal sealed class LocalRateLimitCounter : IRateLimitCounter
{
    private const int Minute = 60;

    private readonly int[] _limits;
    private readonly int _blockAfter;
    private readonly int _blockSeconds;
    private readonly ConcurrentDictionary<Caller, long> _blockedUntil = new();
    private int _blocked;
    private Window _window = new(0);

    public LocalRateLimitCounter(IOptions<RateLimitOptions> options)
    {
        var o = options.Value;
        _limits = [o.Reads, o.Writes, o.Leaderboards];
        _blockAfter = o.BlockAfterRefusals;
        _blockSeconds = o.BlockMinutes * Minute;
    }

    public RateLimitVerdict Count(in Caller caller, RateLimitKind kind, long unixSeconds)
    {
        var limit = _limits[(int)kind];
        if (_blocked > 0 && BlockedUntil(caller, unixSeconds) is { } blockedUntil)
            return new RateLimitVerdict(limit, 0, blockedUntil, Allowed: false);

        var window = WindowAt(unixSeconds / Minute);
        var counts = window.Callers.GetOrAdd(caller, static _ => new Counts());
        var used = counts.Add(kind);
        var resetAt = (window.Minute + 1) * Minute;
        if (used <= limit)
            return new RateLimitVerdict(limit, limit - used, resetAt, Allowed: true);
        if (_blockAfter > 0 && counts.AddRefusal() == _blockAfter)
            resetAt = Block(caller, unixSeconds);
        return new RateLimitVerdict(limit, 0, resetAt, Allowed: false);
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

    private long Block(in Caller caller, long now)
    {
        var until = now + _blockSeconds;
        if (_blockedUntil.TryAdd(caller, until))
            Interlocked.Increment(ref _blocked);
        return until;
    }

    private long? BlockedUntil(in Caller caller, long now)
    {
        if (!_blockedUntil.TryGetValue(caller, out var until))
            return null;
        if (until > now)
            return until;
        if (_blockedUntil.TryRemove(caller, out _))
            Interlocked.Decrement(ref _blocked);
        return null;
    }

    private sealed class Window(long minute)
    {
        public long Minute { get; } = minute;

        public ConcurrentDictionary<Caller, Counts> Callers { get; } = new();
    }

    private sealed class Counts
    {
        private int _reads;
        private int _writes;
        private int _leaderboards;
        private int _refusals;

        public int Add(RateLimitKind kind) => kind switch
        {
            RateLimitKind.Read => Interlocked.Increment(ref _reads),
            RateLimitKind.Write => Interlocked.Increment(ref _writes),
            _ => Interlocked.Increment(ref _leaderboards),
        };

        public int AddRefusal() => Interlocked.Increment(ref _refusals);
    }
}
