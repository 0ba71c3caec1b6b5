using System.Diagnostics.Metrics;

namespace FitTrack.Core.Leaderboards;

/// <summary>Meter <c>FitTrack.Leaderboards</c>. The hit rate is <c>hit / (hit + miss)</c> of <c>fittrack.leaderboard.cache</c>.</summary>
internal sealed class LeaderboardMetrics
{
    public const string MeterName = "FitTrack.Leaderboards";

    private static readonly KeyValuePair<string, object?> WasHit = new("result", "hit");
    private static readonly KeyValuePair<string, object?> WasMiss = new("result", "miss");

    private readonly Counter<long> _lookups;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _builds;
    private readonly Histogram<double> _orders;

    public LeaderboardMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _lookups = meter.CreateCounter<long>("fittrack.leaderboard.cache", "{lookup}", "Boards asked for, found in memory (hit) or not (miss).");
        _dropped = meter.CreateCounter<long>("fittrack.leaderboard.dropped", "{board}", "Boards dropped from memory because something on them changed.");
        _builds = meter.CreateHistogram<double>("fittrack.leaderboard.build", "s", "Time to make a board that was not in memory.");
        _orders = meter.CreateHistogram<double>("fittrack.leaderboard.order", "s", "Time to read all rows of a board, to keep them in order.");
    }

    public void Hit() => _lookups.Add(1, WasHit);

    public void Miss() => _lookups.Add(1, WasMiss);

    public void Dropped(int boards) => _dropped.Add(boards);

    public void Ordered(TimeSpan time) => _orders.Record(time.TotalSeconds);

    public void Built(TimeSpan time) => _builds.Record(time.TotalSeconds);
}
