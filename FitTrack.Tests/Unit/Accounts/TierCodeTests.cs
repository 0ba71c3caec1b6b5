using FitTrack.Core.Accounts;
using Xunit;

namespace FitTrack.Tests.Unit.Accounts;

public sealed class TierCodeTests
{
    private static readonly DateOnly Day = new(2026, 11, 18);

    [Fact]
    public void All_WhenListed_AreThirtyOneAndEndWithOpen()
    {
        Assert.Equal(31, TierCode.All.Count);
        Assert.Equal(31, TierCode.All.Select(t => t.Value).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("M-18-29-BEG", TierCode.All[0].Value);
        Assert.Equal("F-60+-ADV", TierCode.All[29].Value);
        Assert.Same(TierCode.Open, TierCode.All[30]);
        Assert.All(TierCode.All, t => Assert.True(t.Value.Length <= TierCode.MaxLength));
    }

    [Theory]
    [InlineData(18, "18-29")]
    [InlineData(29, "18-29")]
    [InlineData(30, "30-39")]
    [InlineData(39, "30-39")]
    [InlineData(40, "40-49")]
    [InlineData(59, "50-59")]
    [InlineData(60, "60+")]
    [InlineData(101, "60+")]
    public void Of_WhenAged_TakesTheDecade(int age, string group)
    {
        var born = Day.AddYears(-age);
        Assert.Equal($"M-{group}-ADV", TierCode.Of(BiologicalSex.Male, FitnessLevel.Advanced, born, openTierOptIn: false, Day).Value);
    }

    [Theory]
    [InlineData("1996-11-19", "F-18-29-INT")]
    [InlineData("1996-11-18", "F-30-39-INT")]
    [InlineData("1996-11-17", "F-30-39-INT")]
    public void Of_WhenBirthdayNears_MovesOnTheDayItself(string born, string tier) =>
        Assert.Equal(tier, TierCode.Of(BiologicalSex.Female, FitnessLevel.Intermediate, DateOnly.Parse(born), openTierOptIn: false, Day).Value);

    [Theory]
    [InlineData("2026-02-28", 29)]
    [InlineData("2026-03-01", 30)]
    [InlineData("2028-02-28", 31)]
    [InlineData("2028-02-29", 32)]
    public void On_WhenBornOnFebruary29_CompletesAYearOnMarch1OfCommonYears(string day, int age) =>
        Assert.Equal(age, CalendarAge.On(new DateOnly(1996, 2, 29), DateOnly.Parse(day)));

    [Fact]
    public void LatestBirth_WhenComparedWithAge_AgreesOnEveryDayOfFourYears()
    {
        for (var day = new DateOnly(2025, 1, 1); day.Year < 2029; day = day.AddDays(1))
        {
            var latest = CalendarAge.LatestBirth(30, day);
            Assert.True(CalendarAge.On(latest, day) >= 30, $"born {latest:O}, on {day:O}");
            Assert.True(CalendarAge.On(latest.AddDays(1), day) < 30, $"born {latest.AddDays(1):O}, on {day:O}");
        }
    }

    [Fact]
    public void Of_WhenNoSexOrOptIn_IsOpen()
    {
        var born = new DateOnly(1990, 1, 1);
        Assert.Same(TierCode.Open, TierCode.Of(null, FitnessLevel.Beginner, born, openTierOptIn: false, Day));
        Assert.Same(TierCode.Open, TierCode.Of(BiologicalSex.Male, FitnessLevel.Beginner, born, openTierOptIn: true, Day));
        Assert.Null(TierCode.Open.Level);
        Assert.Null(TierCode.Open.NextAge);
    }

    [Fact]
    public void NextAge_WhenAsked_IsTheFirstBirthdayBeyondTheTier()
    {
        Assert.Equal(30, TierCode.Parse("M-18-29-BEG").NextAge);
        Assert.Equal(60, TierCode.Parse("F-50-59-ADV").NextAge);
        Assert.Null(TierCode.Parse("F-60+-ADV").NextAge);
        Assert.Equal(FitnessLevel.Advanced, TierCode.Parse("F-60+-ADV").Level);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m-18-29-beg")]
    [InlineData("X-18-29-BEG")]
    public void Parse_WhenUnknown_Throws(string code)
    {
        Assert.Null(TierCode.Find(code));
        Assert.Throws<ArgumentException>(() => TierCode.Parse(code));
    }
}
