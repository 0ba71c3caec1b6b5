using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Drawings;

/// <summary>Defaults and rules of drawings; configuration section <c>Drawings</c>. Checked when a program starts.</summary>
public sealed class DrawingOptions
{
    public const string Section = "Drawings";

    /// <summary>Whether drawings may take their chance from a committed server seed, which is weak. Null: everywhere but in Production.</summary>
    public bool? AllowCommit { get; set; }

    /// <summary>Points a ticket where the administrator names no price.</summary>
    [Range(1, 1_000_000)]
    public int DailyTicketPrice { get; set; } = 100;

    [Range(1, 1_000_000)]
    public int WeeklyTicketPrice { get; set; } = 500;

    [Range(1, 1_000_000)]
    public int MonthlyTicketPrice { get; set; } = 2_000;

    [Range(1, 1_000_000)]
    public int AnnualTicketPrice { get; set; } = 10_000;

    /// <summary>From the close of sales to the draw, where the administrator names no time.</summary>
    [Range(1, 24 * 60)]
    public int SalesCloseMinutesBeforeDraw { get; set; } = 5;

    [Range(1, DrawingTerms.MostTicketsPerPurchase)]
    public int MaxTicketsPerPurchase { get; set; } = DrawingTerms.MostTicketsPerPurchase;

    [Range(1, int.MaxValue)]
    public int MaxTicketsPerMember { get; set; } = 1_000;

    [Range(1, 10)]
    public int FreeEntriesPerMember { get; set; } = 1;

    /// <summary>How long a `drand` drawing waits for its round before it is cancelled and refunded.</summary>
    [Range(1, 60)]
    public int BeaconPatienceDays { get; set; } = 7;

    /// <summary>Value of a year's prizes, in US cents, from which a state wants sweepstakes registered.</summary>
    [Range(0, long.MaxValue)]
    public long RegistrationThresholdCents { get; set; } = 500_000;

    public BeaconOptions Beacon { get; set; } = new();

    /// <summary>Where RFC 3161 time-stamp tokens over manifests are asked for, over http or https; null: there are none.</summary>
    public Uri? TimestampAuthority { get; set; }

    internal bool TimestampAuthorityIsUsable => TimestampAuthority is null or { IsAbsoluteUri: true, Scheme: "http" or "https" };

    public int TicketPrice(DrawingType type) => type switch
    {
        DrawingType.Daily => DailyTicketPrice,
        DrawingType.Weekly => WeeklyTicketPrice,
        DrawingType.Monthly => MonthlyTicketPrice,
        _ => AnnualTicketPrice,
    };
}

/// <summary>The public beacon of `drand` drawings; the defaults are drand's quicknet.</summary>
public sealed class BeaconOptions
{
    [RegularExpression("^[0-9a-f]{64}$")]
    public string ChainHash { get; set; } = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

    /// <summary>Time of round 1 in seconds since 1970.</summary>
    [Range(0, 10_000_000_000)]
    public long GenesisSeconds { get; set; } = 1_692_803_367;

    [Range(1, 3600)]
    public int PeriodSeconds { get; set; } = 3;

    /// <summary>
    /// Addresses in front of <c>/{chainHash}/public/{round}</c>, of independent operators where possible; two of them must agree. With
    /// none, `drand` drawings wait for a round that never comes.
    /// </summary>
    public IList<Uri> Mirrors { get; } = [];

    internal bool MirrorsAreUsable => Mirrors.Count == 0
        || (Mirrors.All(m => m.IsAbsoluteUri && m.Scheme is "http" or "https") && Mirrors.DistinctBy(m => m.Authority, StringComparer.OrdinalIgnoreCase).Count() == Mirrors.Count && Mirrors.Count > 1);

    /// <summary>The first round at or after a time: time(R) = genesis + (R - 1) · period.</summary>
    public long RoundAtOrAfter(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.FromUnixTimeSeconds(GenesisSeconds).UtcTicks;
        var period = PeriodSeconds * TimeSpan.TicksPerSecond;
        return ticks <= 0 ? 1 : ((ticks + period - 1) / period) + 1;
    }

    public DateTimeOffset TimeOf(long round) => DateTimeOffset.FromUnixTimeSeconds(GenesisSeconds + ((round - 1) * PeriodSeconds));
}
