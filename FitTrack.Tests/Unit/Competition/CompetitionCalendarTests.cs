using FitTrack.Core.Competition;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Competition;

public sealed class CompetitionCalendarTests
{
    private readonly CompetitionCalendar _newYork = In("America/New_York");

    [Theory]
    [InlineData("2026-11-16T04:59:59.999999Z", "2026-11-15")]
    [InlineData("2026-11-16T05:00:00Z", "2026-11-16")]
    [InlineData("2026-07-01T03:59:59Z", "2026-06-30")]
    [InlineData("2026-07-01T04:00:00Z", "2026-07-01")]
    [InlineData("2026-07-01T06:00:00+02:00", "2026-07-01")]
    public void DayOf_AtMidnightInTheZone_ChangesTheDay(string instant, string day) =>
        Assert.Equal(Day(day), _newYork.DayOf(At(instant)));

    [Theory]
    [InlineData("2026-03-08", 23)]
    [InlineData("2026-11-01", 25)]
    [InlineData("2026-11-16", 24)]
    public void StartOf_WhenClocksChange_DayHas23Or25Hours(string day, int hours)
    {
        var start = _newYork.StartOf(Day(day));
        Assert.Equal(TimeSpan.FromHours(hours), _newYork.EndOf(Day(day)) - start);
        Assert.Equal(TimeSpan.Zero, start.Offset);
    }

    [Theory]
    [InlineData("2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01T06:30:00Z")]
    public void DayOf_InTheHourThatHappensTwice_IsTheSameDay(string instant) =>
        Assert.Equal(new DateOnly(2026, 11, 1), _newYork.DayOf(At(instant)));

    [Fact]
    public void StartOf_WhenMidnightDoesNotExist_IsTheFirstInstantThatDoes()
    {
        var cairo = In("Africa/Cairo");
        var day = new DateOnly(2024, 4, 26);
        Assert.Equal(At("2024-04-25T22:00:00Z"), cairo.StartOf(day));
        Assert.Equal(day, cairo.DayOf(cairo.StartOf(day)));
        Assert.Equal(day.AddDays(-1), cairo.DayOf(cairo.StartOf(day).AddTicks(-1)));
    }

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Africa/Cairo")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Havana")]
    [InlineData("UTC")]
    public void StartOf_EveryDayOfThreeYears_IsTheBoundaryThatDayOfSees(string zone)
    {
        var calendar = In(zone);
        for (var day = new DateOnly(2024, 1, 1); day.Year < 2027; day = day.AddDays(1))
        {
            Assert.Equal(day, calendar.DayOf(calendar.StartOf(day)));
            Assert.Equal(day.AddDays(-1), calendar.DayOf(calendar.StartOf(day).AddTicks(-1)));
        }
    }

    [Theory]
    [InlineData(PeriodKind.Daily, "2026-11-18", "2026-11-18", "2026-11-18T05:00:00Z", "2026-11-19T05:00:00Z")]
    [InlineData(PeriodKind.Weekly, "2026-11-18", "2026-11-16", "2026-11-16T05:00:00Z", "2026-11-23T05:00:00Z")]
    [InlineData(PeriodKind.Weekly, "2026-11-16", "2026-11-16", "2026-11-16T05:00:00Z", "2026-11-23T05:00:00Z")]
    [InlineData(PeriodKind.Weekly, "2026-11-01", "2026-10-26", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z")]
    [InlineData(PeriodKind.Monthly, "2026-11-18", "2026-11-01", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z")]
    [InlineData(PeriodKind.Monthly, "2026-12-31", "2026-12-01", "2026-12-01T05:00:00Z", "2027-01-01T05:00:00Z")]
    public void PeriodOf_ADay_HasItsStartAndEnd(PeriodKind kind, string day, string start, string startsAt, string endsAt)
    {
        var period = _newYork.PeriodOf(kind, Day(day));
        Assert.Equal((kind, Day(start), At(startsAt), At(endsAt)), (period.Kind, period.Start, period.StartsAt, period.EndsAt));
        Assert.True(period.Contains(period.StartsAt));
        Assert.False(period.Contains(period.EndsAt));
    }

    [Fact]
    public void IsFinal_48HoursAfterItsOwnEnd_IsTrue()
    {
        var day = _newYork.PeriodOf(PeriodKind.Daily, new DateOnly(2026, 11, 18));
        Assert.False(day.IsFinal(day.EndsAt.AddHours(48).AddTicks(-1)));
        Assert.True(day.IsFinal(day.EndsAt.AddHours(48)));
    }

    [Fact]
    public void PeriodsOf_ADay_AreAllFourAndAllTimeNeverEnds()
    {
        var periods = _newYork.PeriodsOf(new DateOnly(2026, 11, 18)).ToList();
        Assert.Equal([PeriodKind.Daily, PeriodKind.Weekly, PeriodKind.Monthly, PeriodKind.Alltime], periods.Select(p => p.Kind));
        Assert.False(periods[3].IsFinal(At("9999-01-01T00:00:00Z")));
        Assert.Equal(Period.AlltimeStart, periods[3].Start);
    }

    [Fact]
    public void Current_NearMidnight_FollowsTheZone() =>
        Assert.Equal(new DateOnly(2026, 11, 9), _newYork.Current(PeriodKind.Weekly, At("2026-11-16T04:30:00Z")).Start);

    private static CompetitionCalendar In(string zone) => new(Options.Create(new CompetitionOptions { TimeZone = zone }));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);
}
