using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Leaderboards;

/// <summary>Configuration section <c>Leaderboards</c>.</summary>
public sealed class LeaderboardOptions
{
    public const string Section = "Leaderboards";

    /// <summary>How long an answer may be kept when nothing tells that it changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan CacheTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Boards kept in memory; the 31 tiers have 124 current ones.</summary>
    [Range(1, 100_000)]
    public int MostBoards { get; set; } = 512;

    /// <summary>Names of members kept in memory.</summary>
    [Range(100, 10_000_000)]
    public int MostNames { get; set; } = 50_000;

    /// <summary>Boards with fewer members show others no exact points.</summary>
    [Range(0, 1_000)]
    public int FewestForPoints { get; set; } = 5;

    /// <summary>Rows of running boards kept in order in memory, at about 46 bytes each; beyond, ranks are counted in the database.</summary>
    [Range(0, 1_000_000_000)]
    public int MostOrdered { get; set; } = 10_000_000;

    /// <summary>Open streams of live boards on one instance; whoever comes then is told to try later.</summary>
    [Range(0, 1_000_000)]
    public int MostListeners { get; set; } = 10_000;
}
