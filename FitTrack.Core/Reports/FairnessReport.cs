using System.Runtime.InteropServices;
using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Reports;

/// <summary>How points are spread over a tier's scoring members.</summary>
/// <param name="Points">Of all of them.</param>
/// <param name="PointsPerMember">The mean, rounded to two places.</param>
/// <param name="P10">A tenth of them has at most so many (nearest rank); the other quantiles likewise.</param>
/// <param name="P25">A quarter.</param>
/// <param name="Median">Half.</param>
/// <param name="P75">Three quarters.</param>
/// <param name="P90">Nine tenths.</param>
/// <param name="Most">Nobody has more.</param>
/// <param name="Gini">The Gini coefficient, rounded to four places: 0 when all have the same, near 1 when one has everything.</param>
/// <param name="InBestTenth">Which part of them would be in the best tenth if there were no tiers (ties with its last place included), 0 to 1, rounded to four places.</param>
public sealed record PointSpread(long Points, double PointsPerMember, long P10, long P25, long Median, long P75, long P90, long Most, double Gini, double InBestTenth)
{
    /// <param name="sorted">Each member's points, ascending.</param>
    /// <param name="bestTenthFrom">Points from which one is in the best tenth of all.</param>
    internal static PointSpread Of(IReadOnlyList<long> sorted, long bestTenthFrom)
    {
        if (sorted.Count == 0)
            return new PointSpread(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var (n, sum) = (sorted.Count, sorted.Sum());
        var weighted = sorted.Select((points, i) => (double)points * (i + 1)).Sum();
        var gini = sum == 0 ? 0 : (2 * weighted / ((double)n * sum)) - ((n + 1.0) / n);
        long At(int percent) => sorted[Math.Max(0, (int)((((long)percent * n) + 99) / 100) - 1)];
        return new PointSpread(
            sum, Math.Round((double)sum / n, 2), At(10), At(25), At(50), At(75), At(90), sorted[^1], Math.Round(gini, 4), Math.Round((double)sorted.Count(p => p >= bestTenthFrom) / n, 4));
    }

    /// <summary>The points of the last place in the best tenth of everybody.</summary>
    internal static long BestTenth(IEnumerable<long> everybody)
    {
        var sorted = everybody.OrderDescending().ToList();
        return sorted.Count == 0 ? 0 : sorted[((sorted.Count + 9) / 10) - 1];
    }
}

/// <param name="Members">Active members who compete in the tier now.</param>
/// <param name="Multiplier">By the rates of the last day.</param>
/// <param name="Scoring">Members with points in the tier on these days; who changed tiers counts in each.</param>
/// <param name="Earned">What they earned.</param>
/// <param name="WithoutMultiplier">What they would have with 1.0 for everybody.</param>
/// <param name="Replayed">What they would have with the rates to try; null without any.</param>
public sealed record TierFairness(string Tier, int Members, decimal Multiplier, int Scoring, PointSpread Earned, PointSpread WithoutMultiplier, PointSpread? Replayed);

/// <summary>Whether tiers are fair to each other: how points are spread in each, and what multipliers and other rates make of it.</summary>
public sealed class FairnessReport(MemberDirectory members, PointReplay replay, IOptions<PointsOptions> options)
{
    /// <summary>Days that one report covers at most.</summary>
    public const int MostDays = 92;

    /// <summary>All 31 tiers in their order, from one day to another, both included, at most <see cref="MostDays"/>.</summary>
    /// <remarks>It goes through every scored day once; in memory it keeps three sums for each member.</remarks>
    public async Task<List<TierFairness>> RunAsync(DateOnly from, DateOnly to, OtherRates other, CancellationToken ct)
    {
        var scoring = TierCode.All.ToDictionary(t => t.Value, _ => new List<Sums>(), StringComparer.Ordinal);
        var (member, own) = (Guid.Empty, new Dictionary<string, Sums>(StringComparer.Ordinal));
        await foreach (var day in replay.RunAsync(from, to, other).WithCancellation(ct))
        {
            if (day.UserId != member)
                Close();
            member = day.UserId;
            own[day.TierCode] = own.GetValueOrDefault(day.TierCode).And(day);
        }

        Close();
        var spreads = new[] { (Func<Sums, long>)(s => s.Earned), s => s.WithoutMultiplier, s => s.Replayed }.Select(points => Spread(scoring, points)).ToList();
        var rates = options.Value.RatesOn(to);
        return [.. (await members.CountByTierAsync(ct)).Select(t => new TierFairness(
            t.Tier.Value, t.Members, rates.MultiplierTenths(t.Tier.Value) / 10m, scoring[t.Tier.Value].Count,
            spreads[0](t.Tier.Value), spreads[1](t.Tier.Value), other.AreNone ? null : spreads[2](t.Tier.Value)))];

        void Close()
        {
            foreach (var (tier, sums) in own.Where(o => o.Value.Earned > 0))
                scoring[tier].Add(sums);
            own.Clear();
        }
    }

    private static Func<string, PointSpread> Spread(Dictionary<string, List<Sums>> scoring, Func<Sums, long> points)
    {
        var bestTenth = PointSpread.BestTenth(scoring.Values.SelectMany(tier => tier).Select(points));
        return tier => PointSpread.Of([.. scoring[tier].Select(points).Order()], bestTenth);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sums(long Earned, long WithoutMultiplier, long Replayed)
    {
        public Sums And(ReplayedDay day) => new(Earned + day.Earned, WithoutMultiplier + day.WithoutMultiplier, Replayed + day.Replayed);
    }
}
