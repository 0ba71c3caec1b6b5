using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace FitTrack.Tests.Fixtures;

/// <summary>Small recordings and lists as devices and services write them, made for the tests.</summary>
internal static class SampleFiles
{
    /// <summary>A run of three segments-worth of points in Austin: 10 points, 10 s and about 33 m apart.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 10, 12, 0, 0, 500, TimeSpan.Zero);

    public const string MapMyFitnessHeader =
        "Date Submitted,Workout Date,Activity Type,Calories Burned (kCal),Distance (mi),Workout Time (seconds),Avg Pace (min/mi),Max Pace (min/mi),Avg Speed (mi/h),Max Speed (mi/h),Avg Heart Rate,Steps,Notes,Source,Link";

    public const string StravaHeader = "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Commute,Elapsed Time,Moving Time,Distance,Average Heart Rate,\"<span class=\"\"x\"\">Type</span>\"";

    /// <param name="heartRate">How a point says it; <c>{0}</c> becomes the number.</param>
    public static string Gpx(DateTimeOffset? start = null, int points = 10, string? type = "running", string? heartRate = null, string version = "1.1", int every = 10)
    {
        var track = Segment(start ?? Start, points, heartRate, every);
        return Document($"<trk><name>Around the lake</name>{(type is null ? "" : $"<type>{type}</type>")}{track}</trk>", version);
    }

    public static string Document(string tracks, string version = "1.1") => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <gpx version="{version}" creator="test" xmlns="http://www.topografix.com/GPX/{version.Replace('.', '/')}" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">{tracks}</gpx>
        """;

    public static string Segment(DateTimeOffset start, int points, string? heartRate = null, int every = 10, double latitude = 30.25)
    {
        var text = new StringBuilder("<trkseg>");
        for (var i = 0; i < points; i++)
        {
            var rate = heartRate is null ? "" : $"<extensions>{string.Format(CultureInfo.InvariantCulture, heartRate, 140 + i)}</extensions>";
            text.Append(CultureInfo.InvariantCulture, $"""<trkpt lat="{latitude + (i * 0.0003):F6}" lon="-97.750000"><ele>150</ele><time>{start.AddSeconds(i * every):yyyy-MM-ddTHH:mm:ss.fffZ}</time>{rate}</trkpt>""");
        }

        return text.Append("</trkseg>").ToString();
    }

    public static string Tcx(string activities) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>{activities}</Activities></TrainingCenterDatabase>
        """;

    public static string TcxActivity(DateTimeOffset start, string sport = "Running", int seconds = 600, double meters = 2000, int? heartRate = null, string points = "") => string.Create(CultureInfo.InvariantCulture, $"""
        <Activity Sport="{sport}"><Id>{start:yyyy-MM-ddTHH:mm:ssZ}</Id><Lap StartTime="{start:yyyy-MM-ddTHH:mm:ssZ}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>
        <DistanceMeters>{meters}</DistanceMeters>{(heartRate is null ? "" : $"<AverageHeartRateBpm><Value>{heartRate}</Value></AverageHeartRateBpm>")}<Track>{points}</Track></Lap></Activity>
        """);

    public static string MapMyFitness(params string[] rows) => string.Join('\n', [MapMyFitnessHeader, .. rows]) + "\n";

    public static string MapMyFitnessRow(string date, string type = "Run", string distance = "3.1", string seconds = "1500", string link = "http://www.mapmyfitness.com/workout/5001") =>
        $"\"{date}\",\"{date}\",{type},300,{distance},{seconds},8.06,7.1,7.44,8.4,150,4000,b'',app,{link}";

    public static string Strava(params string[] rows) => string.Join('\n', [StravaHeader, .. rows]) + "\n";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] GZip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return packed.ToArray();
    }
}
