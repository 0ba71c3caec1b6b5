using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

public sealed class CsvTests
{
    [Theory]
    [InlineData("mi", 1609.344)]
    [InlineData("km", 1000)]
    public void MapMyFitness_Distances_AreInTheHeadersUnit(string unit, double meters)
    {
        var text = SampleFiles.MapMyFitness(SampleFiles.MapMyFitnessRow("Jan. 5, 2024", distance: "2")).Replace("Distance (mi)", $"Distance ({unit})", StringComparison.Ordinal);
        Assert.Equal(2 * meters, Decoded.One(text).DistanceMeters);
    }

    [Fact]
    public void MapMyFitness_WithoutAUnit_IsRefusedAndNotGuessed()
    {
        var text = SampleFiles.MapMyFitness(SampleFiles.MapMyFitnessRow("Jan. 5, 2024"));
        Assert.Contains("miles or kilometres", Decoded.Refusal(text.Replace("Distance (mi)", "Distance", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("miles or kilometres", Decoded.Refusal(text.Replace("Distance (mi)", "Distance (furlongs)", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("in seconds", Decoded.Refusal(text.Replace("(seconds)", "(minutes)", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Jan. 5, 2024", "2024-01-05")]
    [InlineData("March 31, 2024", "2024-03-31")]
    [InlineData("June 30, 2020", "2020-06-30")]
    [InlineData("Sept. 9, 2024", "2024-09-09")]
    [InlineData("17-May-15", "2015-05-17")]
    [InlineData("2024-02-29", "2024-02-29")]
    public void MapMyFitness_Dates_AreReadInEveryStyleOfTheirs(string text, string day) =>
        Assert.Equal(DateOnly.ParseExact(day, "yyyy-MM-dd", null), Decoded.One(SampleFiles.MapMyFitness(SampleFiles.MapMyFitnessRow(text))).Day);

    [Fact]
    public void MapMyFitness_ABadRow_FailsAloneWithItsLine()
    {
        var items = Decoded.Items(SampleFiles.MapMyFitness(
            SampleFiles.MapMyFitnessRow("Jan. 5, 2024"), SampleFiles.MapMyFitnessRow("Jan. 6, 2024", distance: "=1+1"), SampleFiles.MapMyFitnessRow("Jan. 7, 2024", seconds: "-5"),
            SampleFiles.MapMyFitnessRow("yesterday"), SampleFiles.MapMyFitnessRow("Jan. 8, 2024", distance: "1e308"), SampleFiles.MapMyFitnessRow("Jan. 9, 2024", distance: "NaN"), SampleFiles.MapMyFitnessRow("Jan. 9, 1991")));
        Assert.Equal([null, "The distance is no number.", "The workout time is no number.", "The workout date is no date.", "The distance is no number.", "The distance is no number.", "It is dated 1991: the device's clock was not set."], items.Select(i => i.Refusal));
        Assert.StartsWith("Row 3:", items[1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public void MapMyFitness_Keys_AreOfTheLinkElseOfTheRow()
    {
        string Key(string link, string distance = "3.1") => Decoded.One(SampleFiles.MapMyFitness(SampleFiles.MapMyFitnessRow("Jan. 5, 2024", link: link, distance: distance))).Key;
        Assert.Equal("mmf_5001", Key("http://www.mapmyrun.com/workout/5001"));
        Assert.Equal(Key("javascript:alert(1)"), Key("javascript:alert(1)"));
        Assert.NotEqual(Key(""), Key("", "3.2"));
    }

    [Fact]
    public void Strava_ARow_IsReadFromTheColumnsInMetresAndUtc()
    {
        var ride = Decoded.One(SampleFiles.Strava("12345,\"Aug 14, 2023, 11:59:20 AM\",\"Ride, \"\"slow\"\"\",Ride,3600,25.5,FALSE,3600.0,3000.0,25512.3,141.6,x"));
        Assert.Equal(("strava_12345", "biking", "Ride, \"slow\"", new DateTimeOffset(2023, 8, 14, 11, 59, 20, TimeSpan.Zero)), (ride.Key, ride.Sport.Code, ride.Title, ride.StartedAt));
        Assert.Equal((3600d, 3000d, 25512.3, 141.6), (ride.ElapsedSeconds, ride.MovingSeconds, ride.DistanceMeters, ride.AverageHeartRate));
        Assert.Contains("second Distance", Decoded.Refusal("Activity ID,Activity Date,Elapsed Time,Distance\n1,\"Aug 14, 2023, 11:59:20 AM\",1,1\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Csv_AQuotationMarkOutOfPlace_RefusesTheRowsThatItConfuses()
    {
        var items = Decoded.Items(SampleFiles.MapMyFitness(
            SampleFiles.MapMyFitnessRow("Jan. 5, 2024"), SampleFiles.MapMyFitnessRow("Jan. 6, 2024").Replace("b''", "\"never closed", StringComparison.Ordinal),
            SampleFiles.MapMyFitnessRow("Jan. 7, 2024"), SampleFiles.MapMyFitnessRow("Jan. 8, 2024", link: "")));
        Assert.Equal([null, "A quotation mark is out of place in the row.", null], items.Select(i => i.Refusal));
        Assert.Equal([new DateOnly(2024, 1, 5), new DateOnly(2024, 1, 8)], items.Select(i => i.Workout?.Day).OfType<DateOnly>());
    }

    [Fact]
    public void Csv_WithoutEnd_IsRefused()
    {
        var open = SampleFiles.MapMyFitness("\"May 7, 2026\",\"never closed " + new string('x', 100_000));
        Assert.Contains("not closed", Decoded.Refusal(open), StringComparison.Ordinal);
        Assert.Contains("not closed", Decoded.Refusal(SampleFiles.MapMyFitness(string.Concat(Enumerable.Repeat("\"\n\",", 100_000)))), StringComparison.Ordinal);
        Assert.Contains("20,000 rows", Decoded.Refusal(SampleFiles.MapMyFitness([.. Enumerable.Repeat(",", 20_001)])), StringComparison.Ordinal);
    }
}
