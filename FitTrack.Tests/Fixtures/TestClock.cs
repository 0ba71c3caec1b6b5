using FitTrack.Core.Data;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// A clock that stands still until a test moves it. Timers made from it (delays, periodic timers, time-outs) fire while it is moved,
/// in the order in which they are due; of the times of a repeating one that a move passes over, the first and the last. With
/// <see cref="SkipsWaitsUpTo"/> short waits (a retry's pause) end at once and move the clock by their length, while longer ones
/// (time-outs) stay until a test moves it.
/// </summary>
public sealed class TestClock(DateTimeOffset? start = null) : TimeProvider
{
    /// <summary>A Wednesday morning in New York, in no clock change's neighbourhood.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start ?? Start;

    public TimeSpan SkipsWaitsUpTo { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public DateTimeOffset Now => GetUtcNow().ToMicroseconds();

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by) => MoveTo(GetUtcNow() + by);

    /// <summary>Moves on to a later time (earlier ones only move the clock; timers do not run backwards).</summary>
    public void MoveTo(DateTimeOffset time)
    {
        while (NextDue(time) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = time;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_gate)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private void SkipTo(DateTimeOffset time)
    {
        while (NextDue(time) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = time > _now ? time : _now;
    }

    private Timer? NextDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.DueAt <= until).MinBy(t => t.DueAt);
            if (next is null)
                return null;
            _now = next.DueAt > _now ? next.DueAt.Value : _now;
            next.Reschedule(until);
            return next;
        }
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DateTimeOffset due;
            lock (clock._gate)
            {
                if (!clock._timers.Contains(this))
                    return false;
                _period = period;
                due = clock._now + dueTime;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : due;
            }

            if (dueTime == TimeSpan.Zero)
                clock.MoveTo(due);
            else if (dueTime > TimeSpan.Zero && dueTime <= clock.SkipsWaitsUpTo)
                ThreadPool.QueueUserWorkItem(_ => clock.SkipTo(due));
            return true;
        }

        public void Reschedule(DateTimeOffset until)
        {
            if (_period <= TimeSpan.Zero)
                DueAt = null;
            else
                DueAt += _period * Math.Max(1, Math.Floor((until - DueAt!.Value) / _period));
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
