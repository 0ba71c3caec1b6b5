using System.Globalization;
using System.Xml;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>
/// TCX: every Activity of the file, in a multi-sport session too. Time and distance are the sums of the laps (their last track points often
/// say something else); the end is the latest of lap ends and the last track point.
/// </summary>
internal static class TcxFile
{
    private const int MaxPoints = GpxFile.MaxPoints;
    private const double MaxSeconds = 31 * 86_400;
    private const double MaxMeters = 10_000_000;
    private const string Source = "import_tcx";

    /// <exception cref="RefusedFileException">It is no TCX, or has no activity.</exception>
    public static void Read(byte[] content, string name, FileItems items)
    {
        using var xml = new XmlSource(content);
        var (found, points) = (0, 0);
        while (xml.Read())
        {
            if (xml.Type != XmlNodeType.Element)
                continue;
            if (xml.Depth == 0 && xml.Name != "TrainingCenterDatabase")
                throw new RefusedFileException($"It is no TCX: it begins with <{Text.Line(xml.Name, 40)}>.");
            if (xml.Name != "Activity" || xml.IsEmpty)
                continue;
            found++;
            var activity = ReadActivity(xml, ref points);
            if (activity.Problem is { } problem)
                items.Refuse(activity.Id ?? name, problem);
            else if (activity.Start is not { } start)
                items.Refuse(activity.Id ?? name, "It has no laps with a time.");
            else
                items.Add(activity.Id ?? name, Workout(activity, start));
        }

        if (found == 0)
            throw new RefusedFileException("It has no activity: a course or a plan is none.");
    }

    private static ImportedWorkout Workout(Recording activity, DateTimeOffset start)
    {
        double? rate = activity.RatedSeconds > 0 ? activity.RateSeconds / activity.RatedSeconds : activity.PointRates > 0 ? activity.PointRateSum / activity.PointRates : null;
        var key = Text.TryTime(activity.Id, out var id) ? id.ToUnixTimeMilliseconds() : start.ToUnixTimeMilliseconds();
        return new ImportedWorkout
        {
            Source = Source,
            Key = string.Create(CultureInfo.InvariantCulture, $"tcx_{key}"),
            Sport = SportNames.Of(activity.Sport),
            StartedAt = start,
            ElapsedSeconds = (activity.End - start).TotalSeconds,
            MovingSeconds = activity.Seconds,
            DistanceMeters = activity.Meters,
            AverageHeartRate = rate is { } r ? Math.Round(r, MidpointRounding.AwayFromZero) : null,
            Metrics = string.Create(CultureInfo.InvariantCulture, $$"""{"points":{{activity.Points}},"laps":{{activity.Laps}}}"""),
        };
    }

    private static Recording ReadActivity(XmlSource xml, ref int points)
    {
        var activity = new Recording { Sport = Text.Line(xml.Attribute("Sport"), 60) };
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Type != XmlNodeType.Element || xml.Depth != depth + 1)
                continue;
            if (xml.Name == "Id")
                activity.Id = Text.Line(xml.Content(), 60);
            else if (xml.Name == "Lap")
                ReadLap(xml, activity, ref points);
        }

        return activity;
    }

    private static void ReadLap(XmlSource xml, Recording activity, ref int points)
    {
        activity.Laps++;
        if (!Text.TryTime(xml.Attribute("StartTime"), out var start))
            activity.Problem ??= "A lap has no start time.";
        if (xml.IsEmpty)
            return;
        double? rate = null;
        var (seconds, depth) = (0d, xml.Depth);
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Type != XmlNodeType.Element)
                continue;
            switch (xml.Name)
            {
                case "TotalTimeSeconds" when xml.Depth == depth + 1:
                    seconds = Number(xml, MaxSeconds, activity, "time");
                    break;
                case "DistanceMeters" when xml.Depth == depth + 1:
                    activity.Meters += Number(xml, MaxMeters, activity, "distance");
                    break;
                case "AverageHeartRateBpm" when xml.Depth == depth + 1:
                    rate = ReadHeartRate(xml);
                    break;
                case "Trackpoint":
                    if (++points > MaxPoints)
                        throw new RefusedFileException($"It has more than {MaxPoints:N0} points.");
                    ReadPoint(xml, activity);
                    break;
            }
        }

        activity.Seconds += seconds;
        if (rate is { } average && seconds > 0)
            (activity.RatedSeconds, activity.RateSeconds) = (activity.RatedSeconds + seconds, activity.RateSeconds + (average * seconds));
        activity.Start ??= start == default ? null : start;
        activity.Reach(start.AddSeconds(seconds));
    }

    private static void ReadPoint(XmlSource xml, Recording activity)
    {
        activity.Points++;
        if (xml.IsEmpty)
            return;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.Type != XmlNodeType.Element || xml.Depth != depth + 1)
                continue;
            if (xml.Name == "Time" && Text.TryTime(xml.Content(), out var time))
                activity.LastPoint = time;
            else if (xml.Name == "HeartRateBpm" && ReadHeartRate(xml) is { } rate)
                (activity.PointRates, activity.PointRateSum) = (activity.PointRates + 1, activity.PointRateSum + rate);
        }
    }

    /// <summary>Of the <c>Value</c> inside.</summary>
    private static double? ReadHeartRate(XmlSource xml)
    {
        if (xml.IsEmpty)
            return null;
        double? rate = null;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml is { Type: XmlNodeType.Element, Name: "Value" })
                rate = Text.HeartRate(xml.Content());
        }

        return rate;
    }

    private static double Number(XmlSource xml, double max, Recording activity, string what)
    {
        if (Text.Number(xml.Content(), max) is { } number)
            return number;
        activity.Problem ??= $"A lap's {what} is impossible.";
        return 0;
    }

    /// <summary>An activity's sums.</summary>
    private sealed class Recording
    {
        private DateTimeOffset _end = DateTimeOffset.MinValue;

        public string? Id { get; set; }

        public string? Sport { get; init; }

        public string? Problem { get; set; }

        public int Laps { get; set; }

        public int Points { get; set; }

        public double Seconds { get; set; }

        public double Meters { get; set; }

        public double RatedSeconds { get; set; }

        public double RateSeconds { get; set; }

        public int PointRates { get; set; }

        public double PointRateSum { get; set; }

        public DateTimeOffset? Start { get; set; }

        public DateTimeOffset? LastPoint { get; set; }

        public DateTimeOffset End => LastPoint is { } last && last > _end ? last : _end;

        public void Reach(DateTimeOffset end) => _end = end > _end ? end : _end;
    }
}
