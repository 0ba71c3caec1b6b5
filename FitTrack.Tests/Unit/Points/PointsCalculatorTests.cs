using System.ComponentModel.DataAnnotations;
using System.Numerics;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FitTrack.Tests.Unit.Points;

public sealed class PointsCalculatorTests
{
    private static readonly RateVersion Rates = new();

    [Theory]
    [Scenario("3", "Calculate points for beginner tier (1.2x multiplier)")]
    [Scenario("3", "Calculate points for intermediate tier (1.0x multiplier)")]
    [Scenario("3", "Calculate points for advanced tier (0.9x multiplier)")]
    [Scenario("3", "Calculate points for OPEN tier (1.0x multiplier)")]
    [InlineData("M-18-29-BEG", 108)]
    [InlineData("F-30-39-INT", 90)]
    [InlineData("M-40-49-ADV", 81)]
    [InlineData("OPEN", 90)]
    public void Score_ThirtyVigorousMinutes_FollowsTheTier(string tier, int points) =>
        Assert.Equal(points, Score(tier, new DayQuantities(0, 0, 1800, 0, 0)).Total);

    [Fact, Scenario("3", "Calculate points for steps activity")]
    public void Score_TenThousandSteps_Is100() =>
        Assert.Equal(100, Score("F-50-59-INT", new DayQuantities(0, 0, 0, 10_000, 0)).Total);

    [Fact, Scenario("3", "Workout bonus applied for 20+ minute workout")]
    public void Score_FortyFiveModerateMinutesInOneWorkout_Is90AndTheBonus() =>
        Assert.Equal(140, Score("F-50-59-INT", new DayQuantities(0, 2700, 0, 0, 1)).Total);

    [Fact]
    public void Score_TwentySecondsOfVigorous_IsOneAndNotNinetyNineHundredths() =>
        Assert.Equal(1, Score("OPEN", new DayQuantities(0, 0, 20, 0, 0)).Total);

    [Fact]
    public void Score_ManySmallSyncs_LoseNothing()
    {
        var (day, previous, awarded) = (default(DayQuantities), 0, 0);
        for (var i = 0; i < 1000; i++)
        {
            day += new DayQuantities(1, 0, 0, 7, 0);
            var total = Score("M-18-29-ADV", day).Total;
            awarded += total - previous;
            previous = total;
        }

        Assert.Equal(((5 * 9 * 1000) + (3 * 9 * 7000)) / 3000, awarded);
    }

    [Theory]
    [InlineData(980, 50, 20)]
    [InlineData(950, 100, 50)]
    [InlineData(1000, 50, 0)]
    public void Score_NearTheDailyCap_AwardsWhatIsLeft(int earned, int worth, int awarded)
    {
        var before = new DayQuantities(earned * 60, 0, 0, 0, 0);
        var after = before + new DayQuantities(worth * 60, 0, 0, 0, 0);
        Assert.Equal(earned, Score("OPEN", before).Total);
        Assert.Equal(awarded, Score("OPEN", after).Total - Score("OPEN", before).Total);
    }

    [Fact]
    public void Score_BeyondTheLimits_SaysWhatWasCut()
    {
        var score = Score("OPEN", new DayQuantities(0, 0, 36_000, 25_000, 5));
        Assert.Equal(new DayScore(1000, 1800 + 200 + 150, 5_000, 2), score);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M-18-29-XXX")]
    [InlineData("open")]
    public void MultiplierTenths_OfWhatIsNoTier_Throws(string tier) =>
        Assert.Throws<ArgumentException>(() => Rates.MultiplierTenths(tier));

    [Fact]
    public void Score_AnyDay_IsTheFormulaInExactFractions() => Check.One(Cases.Config, Prop.ForAll(Cases.Day, Cases.Multiplier, (day, m) =>
    {
        var sum = (new BigInteger(day.LightSeconds) * 1) + (new BigInteger(day.ModerateSeconds) * 2) + (new BigInteger(day.VigorousSeconds) * 3);
        var exact = ((5 * m * sum) + (3 * m * BigInteger.Min(day.Steps, 20_000)) + (150_000 * BigInteger.Min(day.Bonuses, 3))) / 3000;
        return PointsCalculator.Score(Rates, m, day).Total == (int)BigInteger.Min(1000, exact);
    }));

    [Fact]
    public void Score_WhenAQuantityGrows_NeverFalls() => Check.One(Cases.Config, Prop.ForAll(Cases.Day, Cases.Day, (day, more) =>
        PointsCalculator.Score(Rates, 10, day + more).Total >= PointsCalculator.Score(Rates, 10, day).Total));

    [Fact]
    public void Attribution_InAnyOrder_SharesAreNeverNegativeAndAddUpToTheDay() => Check.One(Cases.Config, Prop.ForAll(Cases.Days, Cases.Multiplier, (days, m) =>
    {
        var contributions = days.Select(d => new Contribution(Guid.NewGuid(), d)).ToList();
        var total = PointsCalculator.Score(Rates, m, days.Aggregate(default(DayQuantities), (a, b) => a + b)).Total;
        var shares = Attribution.Of(Rates, m, contributions);
        var reversed = Attribution.Of(Rates, m, contributions.AsEnumerable().Reverse().ToList());
        return shares.All(s => s.Points >= 0) && shares.Sum(s => s.Points) == total && reversed.Sum(s => s.Points) == total;
    }));

    [Fact]
    public void RatesOn_WithSeveralVersions_TakesTheOneInForceAtMidnight()
    {
        var options = new PointsOptions { Rates = { Version("a", "2026-01-01"), Version("b", "2026-06-01") } };
        Assert.Equal("a", options.RatesOn(new DateOnly(2025, 12, 31)).Version);
        Assert.Equal("a", options.RatesOn(new DateOnly(2026, 5, 31)).Version);
        Assert.Equal("b", options.RatesOn(new DateOnly(2026, 6, 1)).Version);
        Assert.Equal("a", options.RatesNamed("a").Version);
        Assert.Throws<KeyNotFoundException>(() => options.RatesNamed("c"));
        Assert.Equal(1000, new PointsOptions().RatesOn(new DateOnly(2026, 6, 1)).PointsPerDay);
    }

    [Fact]
    public void Validate_WithTwoVersionsOfOneNameOrDayOrABadRate_NamesEach()
    {
        var options = new PointsOptions { Rates = { Version("a", "2026-01-01"), Version("a", "2026-01-01") } };
        options.Rates[1].VigorousPerMinute = -1;
        Assert.Equal(3, options.Validate(new ValidationContext(options)).Count());
        Assert.Empty(new PointsOptions().Validate(new ValidationContext(new PointsOptions())));
    }

    private static DayScore Score(string tier, DayQuantities day) => PointsCalculator.Score(Rates, Rates.MultiplierTenths(tier), day);

    private static RateVersion Version(string name, string from) => new() { Version = name, EffectiveFrom = DateOnly.ParseExact(from, "yyyy-MM-dd") };

    private static class Cases
    {
        public static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1000);

        public static readonly Arbitrary<int> Multiplier = Gen.Elements(9, 10, 12).ToArbitrary();

        public static readonly Arbitrary<DayQuantities> Day = (
            from light in Gen.Choose(0, 90_000)
            from moderate in Gen.Choose(0, 20_000)
            from vigorous in Gen.Choose(0, 20_000)
            from steps in Gen.Choose(0, 60_000)
            from bonuses in Gen.Choose(0, 6)
            select new DayQuantities(light, moderate, vigorous, steps, bonuses)).ToArbitrary();

        public static readonly Arbitrary<DayQuantities[]> Days = (
            from n in Gen.Choose(0, 12)
            from days in Day.Generator.Select(d => new DayQuantities(d.LightSeconds / 20, d.ModerateSeconds / 20, d.VigorousSeconds / 20, d.Steps / 8, d.Bonuses / 4)).ArrayOf(n)
            select days).ToArbitrary();
    }
}
