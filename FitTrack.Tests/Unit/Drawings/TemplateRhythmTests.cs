using System.Globalization;
using FitTrack.Core.Competition;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Templates;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

/// <summary>On which days recurring drawings draw, and when, in New York.</summary>
public sealed class TemplateRhythmTests
{
    private static readonly CompetitionCalendar Calendar = new(Options.Create(new CompetitionOptions()));

    [Theory]
    [InlineData(DrawingType.Daily, null, null, "2026-12-30", "2027-01-02", "12-30 12-31 01-01 01-02")]
    [InlineData(DrawingType.Weekly, 1, null, "2026-11-18", "2026-12-08", "11-23 11-30 12-07")]
    [InlineData(DrawingType.Weekly, 7, null, "2026-11-22", "2026-11-29", "11-22 11-29")]
    [InlineData(DrawingType.Monthly, 31, null, "2027-01-01", "2027-04-30", "01-31 02-28 03-31 04-30")]
    [InlineData(DrawingType.Monthly, 1, null, "2027-01-02", "2027-03-01", "02-01 03-01")]
    [InlineData(DrawingType.Annual, 29, 2, "2027-01-01", "2028-12-31", "02-28 02-29")]
    public void Days_AreThoseOfTheRhythm(DrawingType type, int? day, int? month, string from, string until, string expected)
    {
        var days = new TemplateRhythm(type, 0, day, month).Days(Day(from), Day(until));

        Assert.Equal(expected, string.Join(' ', days.Select(d => d.ToString("MM-dd", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("2026-07-15", "16:00", "2026-07-15T20:00:00Z")]
    [InlineData("2026-12-15", "16:00", "2026-12-15T21:00:00Z")]
    [InlineData("2027-03-14", "02:30", "2027-03-14T07:00:00Z")]
    [InlineData("2027-03-14", "03:00", "2027-03-14T07:00:00Z")]
    [InlineData("2026-11-01", "01:30", "2026-11-01T05:30:00Z")]
    [InlineData("2026-11-01", "00:00", "2026-11-01T04:00:00Z")]
    [InlineData("2026-11-01", "23:59", "2026-11-02T04:59:00Z")]
    public void DrawAt_IsTheTimeOnTheWallAlsoWhenClocksChange(string day, string time, string expected)
    {
        var minute = (int)TimeOnly.Parse(time, CultureInfo.InvariantCulture).ToTimeSpan().TotalMinutes;

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), new TemplateRhythm(DrawingType.Daily, minute, null, null).DrawAt(Day(day), Calendar));
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);
}
