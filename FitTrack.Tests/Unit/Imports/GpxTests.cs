using System.Text;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

public sealed class GpxTests
{
    private static readonly DateTimeOffset Start = SampleFiles.Start;

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    public void Read_ARun_HasItsNumbers(string version)
    {
        var run = Decoded.One(SampleFiles.Gpx(version: version));
        Assert.Equal(("import_gpx", "running", "Around the lake", Start, 90d, 90d), (run.Source, run.Sport.Code, run.Title, run.StartedAt, run.ElapsedSeconds, run.MovingSeconds));
        // Nine steps of 0.0003 degrees along a meridian.
        Assert.Equal(9 * 0.0003 * Math.PI / 180 * 6_371_008.8, run.DistanceMeters!.Value, 0.01);
        Assert.Null(run.AverageHeartRate);
    }

    [Theory]
    [InlineData("<gpxtpx:TrackPointExtension><gpxtpx:hr>{0}</gpxtpx:hr></gpxtpx:TrackPointExtension>")]
    [InlineData("<TrackPointExtension xmlns=\"urn:any\"><hr>{0}</hr></TrackPointExtension>")]
    [InlineData("<undeclared:hr>{0}</undeclared:hr>")]
    [InlineData("<gpxtpx:TrackPointExtension><gpxtpx:atemp>20</gpxtpx:atemp><gpxtpx:hr> {0} </gpxtpx:hr><gpxtpx:cad/></gpxtpx:TrackPointExtension>")]
    public void Read_HeartRatesOfAnyExtension_AreTheirMean(string heartRate) => Assert.Equal(145, Decoded.One(SampleFiles.Gpx(heartRate: heartRate)).AverageHeartRate);

    [Fact]
    public void Read_Segments_DoesNotCountThePausesBetween()
    {
        var run = Decoded.One(SampleFiles.Document($"<trk>{SampleFiles.Segment(Start, 4)}<trkseg/>{SampleFiles.Segment(Start.AddMinutes(20), 4, latitude: 30.5)}</trk>"));
        Assert.Equal((1230d, 60d), (run.ElapsedSeconds, run.MovingSeconds));
        Assert.Equal(6 * 33.36, run.DistanceMeters!.Value, 0.1);
        Assert.Equal("""{"points":8,"laps":3}""", run.Metrics);
        Assert.Equal("unknown", run.Sport.Code);
    }

    [Fact]
    public void Read_Tracks_AreOneActivityOrSeveralByTheTimeBetween()
    {
        static string Tracks(params DateTimeOffset[] starts) => SampleFiles.Document(string.Concat(starts.Select(s => $"<trk>{SampleFiles.Segment(s, 4)}</trk>")) + "<trk/>");
        Assert.Equal(7230, Decoded.One(Tracks(Start, Start.AddHours(2))).ElapsedSeconds);
        Assert.Equal([Start, Start.AddHours(7)], Decoded.Workouts(Tracks(Start, Start.AddHours(7))).Select(w => w.StartedAt));
        Assert.Equal([Start, Start.AddHours(-1)], Decoded.Workouts(Tracks(Start, Start.AddHours(-1))).Select(w => w.StartedAt));
    }

    [Fact]
    public void Read_PointsWithoutAPlace_AreLeftOut()
    {
        var odd = new[] { "lat=\"undefined\" lon=\"1\"", "lat=\"NaN\" lon=\"1\"", "lat=\"Infinity\" lon=\"1\"", "lat=\"91\" lon=\"1\"", "lat=\"30,25\" lon=\"1\"", "lat=\"1e308\" lon=\"1\"", "lon=\"1\"", "lat=\"\" lon=\"\"" };
        var points = string.Concat(odd.Select(at => $"<trkpt {at}><time>2026-11-10T12:00:30Z</time></trkpt>"));
        var run = Decoded.One(SampleFiles.Gpx().Replace("</trkseg>", points + "</trkseg>", StringComparison.Ordinal));
        Assert.Equal(("""{"points":10,"laps":1}""", 90d), (run.Metrics, run.ElapsedSeconds));
        Assert.Equal(300.2, run.DistanceMeters!.Value, 0.1);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("iso-8859-1")]
    [InlineData("windows-1252")]
    public void Read_InAnyUsualEncoding_KeepsItsLetters(string encoding)
    {
        var text = SampleFiles.Gpx().Replace("UTF-8", encoding, StringComparison.Ordinal).Replace("Around the lake", "Über den Fluß", StringComparison.Ordinal);
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)) is var e ? e.GetPreamble().Concat(e.GetBytes(text)).ToArray() : [];
        Assert.Equal("Über den Fluß", Decoded.One(bytes).Title);
    }

    [Fact]
    public void Read_WithWhiteSpaceBeforeTheDeclarationOrWithoutOne_IsRead()
    {
        Assert.Equal(90, Decoded.One("\r\n    " + SampleFiles.Gpx()).ElapsedSeconds);
        Assert.Equal(90, Decoded.One(SampleFiles.Gpx()[(SampleFiles.Gpx().IndexOf("?>", StringComparison.Ordinal) + 2)..].Trim()).ElapsedSeconds);
    }

    [Theory]
    [InlineData("2026-11-10T13:00:00+01:00", 12)]
    [InlineData("2026-11-10T06:30:00-0530", 12)]
    [InlineData("2026-11-10T12:00:00", 12)]
    [InlineData("2026-11-10 12:00:00.123456789Z", 12)]
    public void Read_TimesInAnyZone_AreUtc(string time, int hour)
    {
        var text = SampleFiles.Document($"<trk><trkseg><trkpt lat=\"1\" lon=\"1\"><time>{time}</time></trkpt><trkpt lat=\"1.001\" lon=\"1\"><time>2026-11-10T12:10:00Z</time></trkpt></trkseg></trk>");
        Assert.Equal(hour, Decoded.One(text).StartedAt.Hour);
        Assert.Equal(TimeSpan.Zero, Decoded.One(text).StartedAt.Offset);
    }

    [Fact]
    public void Read_WhatIsNoActivity_SaysWhy()
    {
        Assert.Contains("no track points", Decoded.Refusal(SampleFiles.Document("<rte><rtept lat=\"1\" lon=\"1\"/></rte><wpt lat=\"1\" lon=\"1\"/>")), StringComparison.Ordinal);
        Assert.Contains("nowhere on earth", Decoded.Refusal(SampleFiles.Document("<trk><trkseg><trkpt lat=\"940\" lon=\"1\"><time>2026-11-10T12:00:00Z</time></trkpt></trkseg></trk>")), StringComparison.Ordinal);
        Assert.Contains("no times", Decoded.Refusal(SampleFiles.Document("<trk><trkseg><trkpt lat=\"1\" lon=\"1\"/><trkpt lat=\"2\" lon=\"1\"/></trkseg></trk>")), StringComparison.Ordinal);
        Assert.Contains("neither a duration nor a distance", Decoded.Refusal(SampleFiles.Gpx(points: 1)), StringComparison.Ordinal);
        Assert.Contains("run backwards", Decoded.Refusal(SampleFiles.Gpx(every: -10)), StringComparison.Ordinal);
        Assert.Contains("future", Decoded.Refusal(SampleFiles.Gpx(start: Decoded.Now.AddDays(1))), StringComparison.Ordinal);
        Assert.Contains("1990", Decoded.Refusal(SampleFiles.Gpx(start: new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero))), StringComparison.Ordinal);
        Assert.Contains("route planners", Decoded.Refusal(SampleFiles.Gpx(start: new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero))), StringComparison.Ordinal);
        Assert.Contains("180 km/h", Decoded.Refusal(SampleFiles.Document("<trk><trkseg><trkpt lat=\"1\" lon=\"1\"><time>2026-11-10T12:00:00Z</time></trkpt><trkpt lat=\"2\" lon=\"1\"><time>2026-11-10T12:10:00Z</time></trkpt></trkseg></trk>")), StringComparison.Ordinal);
        Assert.Contains("1,000 tracks", Decoded.Refusal(SampleFiles.Document(string.Concat(Enumerable.Repeat("<trk/>", 1_001)))), StringComparison.Ordinal);
        Assert.Contains("200,000 points", Decoded.Refusal(SampleFiles.Document("<trk><trkseg>" + string.Concat(Enumerable.Repeat("<trkpt lat=\"1\" lon=\"1\"/>", 200_001)) + "</trkseg></trk>")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", "running")]
    [InlineData("Running", "running")]
    [InlineData("9", "running")]
    [InlineData("1", "biking")]
    [InlineData("Road_Biking", "road_biking")]
    [InlineData("hike", "hiking")]
    [InlineData("jkljkl", "other")]
    [InlineData(null, "unknown")]
    public void Read_TheSport_IsWhatIsStatedAndNeverGuessed(string? type, string sport) => Assert.Equal(sport, Decoded.One(SampleFiles.Gpx(type: type)).Sport.Code);
}
