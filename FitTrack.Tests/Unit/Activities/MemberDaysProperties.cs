using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>What holds for every stream of records, whatever it brings and in whatever order (1,000 random streams each).</summary>
public sealed class MemberDaysProperties
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1000);
    private static readonly RateVersion Rates = new();
    private static readonly Arbitrary<RandomRecord[]> Streams = RandomRecord.Streams(days: 3, most: 18);

    /// <summary>The same said again counts as said last: it outlives what was said between, which no random stream is sure to bring.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Apply_WhenAnOlderVersionComesAfterANewerThatChangedNothing_KeepsTheNewer(bool deleted)
    {
        using var world = new DayWorld();
        TrackerRecord Version(int minutes, int steps) => world.Steps(steps) with { VersionAt = world.Now.AddMinutes(minutes), Deleted = deleted && minutes != 5 };

        world.Apply(Version(3, 10_000));
        world.Apply(Version(8, 10_000));
        world.Apply(Version(5, 20_000));

        Assert.Equal(deleted ? 0 : 100, world.Points());
    }

    [Fact]
    public void Order_OfArrival_DoesNotChangeTheTotals() => Check.One(Config, Prop.ForAll(Streams, stream =>
    {
        using var inOrder = new DayWorld();
        using var shuffled = new DayWorld();
        foreach (var item in stream)
            inOrder.Apply(item.Record(inOrder));
        foreach (var item in stream.OrderBy(i => i.Shuffle))
            shuffled.Apply(item.Record(shuffled));
        return Totals(inOrder).SequenceEqual(Totals(shuffled)) && Decisions(inOrder).SequenceEqual(Decisions(shuffled));
    }));

    [Fact]
    public void Totals_AreTheFlooredCappedDayAndNeverMoreThanTheCap() => Check.One(Config, Prop.ForAll(Streams, stream =>
    {
        using var world = Play(stream);
        return world.Days.All(d => d.Total == PointsCalculator.Score(Rates, d.MultiplierTenths, d.Quantities).Total
            && d.Total is >= 0 and <= 1000 && world.Points(d.CompetitionDay) == d.Total
            && world.Activities.Where(a => a.CompetitionDay == d.CompetitionDay).Sum(a => a.Points) == d.Total)
            && world.Balance.Balance == world.Days.Sum(d => d.Total) && world.Balance.EarnedTotal == world.BoardTotal;
    }));

    [Fact]
    public void Redelivery_OfEverything_ChangesNothing() => Check.One(Config, Prop.ForAll(Streams, stream =>
    {
        using var world = Play(stream);
        var (rows, receipts) = (world.Ledger.Count, world.Receipts.Count);
        var changed = stream.Where(i => IsNewest(i, stream)).Count(i => world.Apply(i.Record(world)));
        return changed == 0 && rows == world.Ledger.Count && receipts == world.Receipts.Count;
    }));

    [Fact]
    public void Chain_OfTheLedger_IsIntact() => Check.One(Config, Prop.ForAll(Streams, stream =>
    {
        using var world = Play(stream);
        var (seq, balance, hash) = (0L, 0L, LedgerHash.Start);
        foreach (var row in world.Ledger)
        {
            if (row.Seq != ++seq || row.BalanceAfter != (balance += row.Amount) || !row.Hash.AsSpan().SequenceEqual(row.HashAfter(hash)))
                return false;
            hash = row.Hash;
        }

        return world.Balance.Seq == seq && world.Balance.LastHash.AsSpan().SequenceEqual(hash)
            && world.Ledger.Select(t => (t.ReferenceKind, t.ReferenceKey)).Distinct().Count() == world.Ledger.Count;
    }));

    [Fact]
    public void Receipts_CanBeRedoneFromTheirOwnNumbers() => Check.One(Config, Prop.ForAll(Streams, stream =>
    {
        using var world = Play(stream);
        return world.Receipts.All(r => r.Kind switch
            {
                ReceiptKind.Award => r.PointsChange == Worth(r.After, r.MultiplierTenths!.Value) - Worth(r.Before, r.MultiplierTenths.Value),
                ReceiptKind.Division => r.Points == Worth(r.After, r.MultiplierTenths!.Value) - Worth(r.Before, r.MultiplierTenths.Value),
                _ => r.Points == 0,
            })
            && world.Activities.Where(a => a.ReceiptVersion > 0).All(a => world.Receipts.Where(r => r.ActivityId == a.Id).MaxBy(r => r.Version) is { } newest
                && newest.Points == a.Points && newest.Version == a.ReceiptVersion);
    }));

    private static int Worth(DayQuantities quantities, int multiplier) => PointsCalculator.Score(Rates, multiplier, quantities).Total;

    private static DayWorld Play(RandomRecord[] stream)
    {
        var world = new DayWorld();
        foreach (var item in stream)
            world.Apply(item.Record(world));
        return world;
    }

    private static bool IsNewest(RandomRecord item, RandomRecord[] stream) => stream.All(i => i.Key != item.Key || i.Version <= item.Version);

    private static IEnumerable<(DateOnly, int)> Totals(DayWorld world) => world.Days.Where(d => d.Total > 0).Select(d => (d.CompetitionDay, d.Total));

    private static IEnumerable<(string, string, ScoreDecision)> Decisions(DayWorld world) =>
        world.Activities.Where(a => a.Decision != ScoreDecision.Deleted).Select(a => (a.Source, a.NaturalId, a.Decision)).OrderBy(a => a.Source, StringComparer.Ordinal).ThenBy(a => a.NaturalId, StringComparer.Ordinal);
}
