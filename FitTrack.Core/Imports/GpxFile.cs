using System.Globalization;
using System.Xml;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>
/// GPX 1.0 and 1.1. Distance is the sum of great circles within each segment, since the gap between two segments is a pause; points without
/// coordinates or with impossible ones are left out. Only sums are kept, so a long track takes no more memory than a short one.
/// </summary>
internal static class GpxFile
{
    public const int MaxPoints = 200_000;
    private const int MaxTracks = 1_000;
    private const string Source = "import_gpx";
    private const string OffTheMap = "Its points are nowhere on earth: latitudes go from -90 to 90, longitudes from -180 to 180.";

    /// <summary>Tracks that follow each other within this time are one activity, as a device that was switched off on the way writes it.</summary>
    private static readonly TimeSpan LongestBreak = TimeSpan.FromHours(6);

    /// <exception cref="RefusedFileException">It is no GPX, or has no track that could be a workout.</exception>
    public static void Read(byte[] content, string name, FileItems items)
    {
        var tracks = Tracks(content);
        if (tracks.TrueForAll(t => t.Points == 0))
            throw new RefusedFileException(tracks.Exists(t => t.IsOffTheMap) ? OffTheMap : "It has no track points: a list of places or a planned route is no activity.");
        var timed = tracks.Where(t => t.First is not null).ToList();
        if (timed.Count == 0)
            throw new RefusedFileException("Its points have no times: a planned route is no activity.");

        var isOne = timed.Zip(timed.Skip(1)).All(pair => pair.Second.First >= pair.First.Last && pair.Second.First - pair.First.Last <= LongestBreak);
        if (isOne)
        {
            items.Add(timed[0].Title ?? name, Workout(tracks), fromPoints: true);
            return;
        }

        foreach (var track in tracks.Where(t => t.Points > 0 || t.IsOffTheMap))
        {
            if (track.Points == 0)
                items.Refuse(track.Title ?? name, OffTheMap);
            else if (track.First is null)
                items.Refuse(track.Title ?? name, "Its points have no times: a planned route is no activity.");
            else
                items.Add(track.Title ?? name, Workout([track]), fromPoints: true);
        }
    }

    private static ImportedWorkout Workout(IReadOnlyList<Track> tracks)
    {
        var timed = tracks.Where(t => t.First is not null).ToList();
        var (first, last) = (timed[0].First!.Value, timed[^1].Last!.Value);
        var (rates, sum) = (tracks.Sum(t => t.HeartRates), tracks.Sum(t => t.HeartRateSum));
        var moving = tracks.Sum(t => t.Moving);
        return new ImportedWorkout
        {
            Source = Source,
            Key = string.Create(CultureInfo.InvariantCulture, $"gpx_{first.ToUnixTimeMilliseconds()}"),
            Sport = SportNames.Of(tracks.Select(t => t.Sport).FirstOrDefault(s => s is not null)),
            Title = timed[0].Title,
            StartedAt = first,
            ElapsedSeconds = (last - first).TotalSeconds,
            MovingSeconds = moving > 0 ? moving : null,
            DistanceMeters = tracks.Sum(t => t.Meters),
            AverageHeartRate = rates == 0 ? null : Math.Round(sum / rates, MidpointRounding.AwayFromZero),
            Metrics = string.Create(CultureInfo.InvariantCulture, $$"""{"points":{{tracks.Sum(t => t.Points)}},"laps":{{tracks.Sum(t => t.Segments)}}}"""),
        };
    }

    private static List<Track> Tracks(byte[] content)
    {
        using var xml = new XmlSource(content);
        var tracks = new List<Track>();
        var points = 0;
        while (xml.Read())
        {
            if (xml.Type != XmlNodeType.Element)
                continue;
            if (xml.Depth == 0 && xml.Name != "gpx")
                throw new RefusedFileException($"It is no GPX: it begins with <{Text.Line(xml.Name, 40)}>.");
            if (xml.Name != "trk")
                continue;
            if (tracks.Count == MaxTracks)
                throw new RefusedFileException($"It has more than {MaxTracks:N0} tracks.");
            tracks.Add(ReadTrack(xml, ref points));
        }

        return tracks;
    }

    private static Track ReadTrack(XmlSource xml, ref int points)
    {
        var track = new Track();
        var depth = xml.Depth;
        if (xml.IsEmpty)
            return track;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Type != XmlNodeType.Element)
                continue;
            switch (xml.Name)
            {
                case "name" when xml.Depth == depth + 1:
                    track.Title = Text.Line(xml.Content(), Activity.MaxTitle);
                    break;
                case "type" when xml.Depth == depth + 1:
                    track.Sport = Text.Line(xml.Content(), 60);
                    break;
                case "trkseg":
                    track.BeginSegment();
                    break;
                case "trkpt":
                    if (++points > MaxPoints)
                        throw new RefusedFileException($"It has more than {MaxPoints:N0} points.");
                    ReadPoint(xml, track);
                    break;
            }
        }

        track.EndSegment();
        return track;
    }

    private static void ReadPoint(XmlSource xml, Track track)
    {
        var latitude = Coordinate(xml.Attribute("lat"), 90);
        var longitude = Coordinate(xml.Attribute("lon"), 180);
        DateTimeOffset? at = null;
        double? heartRate = null;
        var depth = xml.Depth;
        if (!xml.IsEmpty)
        {
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.Type != XmlNodeType.Element)
                    continue;
                if (xml.Name == "time" && xml.Depth == depth + 1)
                    at = Text.TryTime(xml.Content(), out var time) ? time : null;
                else if (xml.Name == "hr")
                    heartRate = Text.HeartRate(xml.Content());
            }
        }

        if (latitude is { } lat && longitude is { } lon)
            track.Add(lat, lon, at, heartRate);
        else
            track.IsOffTheMap = true;
    }

    private static double? Coordinate(ReadOnlySpan<char> text, double max) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= max ? degrees : null;

    /// <summary>A track's sums.</summary>
    private sealed class Track
    {
        private (double Latitude, double Longitude)? _before;
        private DateTimeOffset? _segmentFirst;
        private DateTimeOffset? _segmentLast;

        public string? Title { get; set; }

        public string? Sport { get; set; }

        /// <summary>A point of it had no coordinates, or impossible ones.</summary>
        public bool IsOffTheMap { get; set; }

        public int Segments { get; private set; }

        public int Points { get; private set; }

        public double Meters { get; private set; }

        /// <summary>Seconds within segments.</summary>
        public double Moving { get; private set; }

        public int HeartRates { get; private set; }

        public double HeartRateSum { get; private set; }

        /// <summary>Of the points in the order of the file.</summary>
        public DateTimeOffset? First { get; private set; }

        public DateTimeOffset? Last { get; private set; }

        public void BeginSegment()
        {
            EndSegment();
            Segments++;
        }

        public void EndSegment()
        {
            if (_segmentLast > _segmentFirst)
                Moving += (_segmentLast - _segmentFirst).Value.TotalSeconds;
            (_before, _segmentFirst, _segmentLast) = (null, null, null);
        }

        public void Add(double latitude, double longitude, DateTimeOffset? at, double? heartRate)
        {
            Points++;
            if (_before is { } before)
                Meters += GreatCircle.Meters(before.Latitude, before.Longitude, latitude, longitude);
            _before = (latitude, longitude);
            if (at is not null)
            {
                First ??= at;
                _segmentFirst ??= at;
                Last = _segmentLast = at;
            }

            if (heartRate is { } rate)
                (HeartRates, HeartRateSum) = (HeartRates + 1, HeartRateSum + rate);
        }
    }
}

/// <summary>Distances on the sphere of the earth's mean radius.</summary>
internal static class GreatCircle
{
    private const double Radius = 6_371_008.8;

    public static double Meters(double fromLatitude, double fromLongitude, double toLatitude, double toLongitude)
    {
        var (from, to) = (double.DegreesToRadians(fromLatitude), double.DegreesToRadians(toLatitude));
        var (north, east) = (Math.Sin((to - from) / 2), Math.Sin(double.DegreesToRadians(toLongitude - fromLongitude) / 2));
        return 2 * Radius * Math.Asin(Math.Min(1, Math.Sqrt((north * north) + (Math.Cos(from) * Math.Cos(to) * east * east))));
    }
}
