using FitTrack.Core.Points;
using Xunit;

namespace FitTrack.Tests.Unit.Points;

/// <summary>The laws of docs/badges.md. Each letter is a week, the last one runs: <c>x</c> has a day with points, <c>-</c> has none.</summary>
public sealed class StreakTests
{
    private static readonly DateOnly Monday = new(2026, 1, 5);

    [Theory]
    [InlineData("-", 0, 0, 0)]
    [InlineData("x", 1, 1, 0)]
    [InlineData("xxx-", 3, 3, 0)] // the running week is not over
    [InlineData("xxx--", 0, 3, 0)]
    [InlineData("xxxx", 4, 4, 1)] // four weeks earn a freeze
    [InlineData("xxxx-x", 5, 5, 0)] // which bridges one week
    [InlineData("xxxx--x", 1, 4, 0)] // but not two
    [InlineData("xxxx--", 4, 4, 0)] // a freeze is used when its week is over
    [InlineData("xxxxxxxx--x", 9, 9, 0)]
    [InlineData("xxxxxxxxxxxxxxxx", 16, 16, 2)] // two at most
    [InlineData("xxxxxxxxxxxxxxxx---x", 1, 16, 0)]
    [InlineData("xxxx-xxxx-x", 9, 9, 0)] // bridged weeks are not counted: the eighth comes a week later
    public void Weeks_OfWeeksInARow_AreCountedAndBridged(string weeks, int current, int longest, int freezes)
    {
        var days = weeks.Select((w, i) => (w, Day: Monday.AddDays((7 * i) + 3))).Where(d => d.w == 'x').Select(d => d.Day).ToList();
        var streak = Streak.Of(days, Monday.AddDays((7 * weeks.Length) - 1), new PointsOptions());
        Assert.Equal((current, longest, freezes), (streak.Weeks, streak.LongestWeeks, streak.Freezes));
    }

    [Fact]
    public void Weeks_WhenTwoDaysAreAsked_CountOnlyWeeksWithTwo()
    {
        DateOnly[] days = [Monday, Monday.AddDays(6), Monday.AddDays(7), Monday.AddDays(14), Monday.AddDays(15)];
        Assert.Equal(1, Streak.Of(days, Monday.AddDays(15), new PointsOptions { StreakDaysPerWeek = 2 }).Weeks);
        Assert.Equal(3, Streak.Of(days, Monday.AddDays(15), new PointsOptions()).Weeks);
    }

    [Theory]
    [InlineData(0, 3)] // today counts
    [InlineData(1, 3)] // and is not over yet
    [InlineData(2, 0)]
    [InlineData(-1, 2)] // later days are left out
    public void Days_InARow_EndTodayOrYesterday(int todayAfterLast, int expected)
    {
        DateOnly[] days = [Monday, Monday.AddDays(2), Monday.AddDays(3), Monday.AddDays(4)];
        Assert.Equal(expected, Streak.Of(days, Monday.AddDays(4 + todayAfterLast), new PointsOptions()).Days);
    }

    [Fact]
    public void Days_WithoutAny_AreNone() => Assert.Equal(new Streak(0, 0, 0, 0), Streak.Of([], Monday, new PointsOptions()));
}
