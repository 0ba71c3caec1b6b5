using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

public sealed class TcxTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_ARun_HasTheNumbersOfItsLaps()
    {
        const string Points = "<Trackpoint><Time>2026-11-10T12:00:00Z</Time><DistanceMeters>0</DistanceMeters><Extensions><TPX/></Extensions></Trackpoint><Trackpoint><Time>2026-11-10T12:12:00Z</Time><DistanceMeters>1990</DistanceMeters><HeartRateBpm><Value>99</Value></HeartRateBpm></Trackpoint>";
        var run = Decoded.One(SampleFiles.Tcx(SampleFiles.TcxActivity(Start, heartRate: 150, points: Points)));
        Assert.Equal(("running", Start, 720d, 600d, 2000d, 150d, 600), (run.Sport.Code, run.StartedAt, run.ElapsedSeconds, run.MovingSeconds, run.DistanceMeters, run.AverageHeartRate, run.LengthSeconds));
        Assert.Equal("""{"points":2,"laps":1}""", run.Metrics);
    }

    [Fact]
    public void Read_WithoutAMeanHeartRate_TakesThatOfThePoints()
    {
        const string Points = "<Trackpoint><HeartRateBpm><Value>100</Value></HeartRateBpm></Trackpoint><Trackpoint><HeartRateBpm><Value>121</Value></HeartRateBpm></Trackpoint><Trackpoint><HeartRateBpm><Value>0</Value></HeartRateBpm></Trackpoint>";
        Assert.Equal(111, Decoded.One(SampleFiles.Tcx(SampleFiles.TcxActivity(Start, points: Points))).AverageHeartRate);
    }

    [Fact]
    public void Read_ATimerLongerThanTheClock_IsNotBelieved()
    {
        var twice = SampleFiles.TcxActivity(Start).Replace("</Lap>", "</Lap><Lap StartTime=\"2026-11-10T12:00:00Z\"><TotalTimeSeconds>600</TotalTimeSeconds><DistanceMeters>5</DistanceMeters></Lap>", StringComparison.Ordinal);
        var run = Decoded.One(SampleFiles.Tcx(twice));
        Assert.Equal((1200d, 600d, 600), (run.MovingSeconds, run.ElapsedSeconds, run.LengthSeconds));
    }

    [Fact]
    public void Read_SeveralActivities_AreSeveral()
    {
        var session = $"<MultiSportSession><FirstSport>{SampleFiles.TcxActivity(Start, "Biking")}</FirstSport><NextSport>{SampleFiles.TcxActivity(Start.AddDays(-1), "Other")}</NextSport></MultiSportSession>";
        Assert.Equal([("biking", Start), ("other", Start.AddDays(-1)), ("running", Start.AddHours(1))],
            Decoded.Workouts(SampleFiles.Tcx(session + SampleFiles.TcxActivity(Start.AddHours(1), "running"))).Select(w => (w.Sport.Code, w.StartedAt)));
    }

    [Theory]
    [InlineData("1e308")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("ten")]
    [InlineData("")]
    public void Read_AnImpossibleNumber_RefusesTheActivity(string number)
    {
        Assert.Contains("distance is impossible", Decoded.Refusal(SampleFiles.Tcx(SampleFiles.TcxActivity(Start).Replace(">2000<", $">{number}<", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("time is impossible", Decoded.Refusal(SampleFiles.Tcx(SampleFiles.TcxActivity(Start).Replace(">600<", $">{number}<", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ACourseOrAnActivityWithoutLaps_IsRefused()
    {
        Assert.Contains("course", Decoded.Refusal("<TrainingCenterDatabase><Courses><Course><Name>x</Name><Lap><TotalTimeSeconds>1</TotalTimeSeconds></Lap></Course></Courses></TrainingCenterDatabase>"), StringComparison.Ordinal);
        Assert.Contains("no laps", Decoded.Refusal(SampleFiles.Tcx("<Activity Sport=\"Running\"><Id>x</Id></Activity>")), StringComparison.Ordinal);
        Assert.Contains("start time", Decoded.Refusal(SampleFiles.Tcx("<Activity Sport=\"Running\"><Id>x</Id><Lap StartTime=\"9999-99-99T00:00:00Z\"/></Activity>")), StringComparison.Ordinal);
    }
}
