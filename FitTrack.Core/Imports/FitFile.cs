using System.Globalization;
using FitTrack.Core.Activities;

namespace FitTrack.Core.Imports;

/// <summary>FIT: a workout for each session of the activity files in a chain. The device's own totals count; records only help out with heart rates.</summary>
internal static class FitFile
{
    private const int MaxRecords = GpxFile.MaxPoints;
    private const int MaxSessions = 1_000;
    private const int ActivityType = 4;
    private const int Transition = 3;
    private const string Source = "import_fit";

    /// <exception cref="RefusedFileException">It is no FIT file, damaged, or holds no activity.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, string name, FileItems items)
    {
        var found = 0;
        for (var at = 0; at < bytes.Length;)
        {
            Recording recording;
            try
            {
                recording = ReadOne(bytes[at..]);
            }
            catch (RefusedFileException) when (found > 0)
            {
                // What a device chains to its activity may be damaged; the activity has a checksum of its own and is whole.
                return;
            }

            at += recording.Length;
            if (recording.FileType == ActivityType)
                found += AddSessions(recording, name, items);
            else if (found == 0)
                throw new RefusedFileException("It is not of an activity: settings, courses, plans and daily monitoring have the same extension.");
        }

        if (found == 0)
            throw new RefusedFileException("Its recording was not finished: it has no session.");
    }

    private static int AddSessions(Recording recording, string name, FileItems items)
    {
        for (var i = 0; i < recording.Sessions.Count; i++)
        {
            if (Workout(recording, i) is { } workout)
                items.Add(recording.Sessions.Count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} #{i + 1}"), workout);
            else
                items.Refuse(name, "A session has no start time.");
        }

        return recording.Sessions.Count;
    }

    private static ImportedWorkout? Workout(Recording recording, int index)
    {
        var session = recording.Sessions[index];
        if (session.Start is not { } start)
            return null;
        var startedAt = FitMessages.Epoch.AddSeconds(start);
        var (timer, elapsed) = (session.TimerMilliseconds / 1000d, session.ElapsedMilliseconds / 1000d);
        var seconds = elapsed ?? timer ?? 0;
        var key = recording is { Serial: { } serial, CreatedAt: { } created }
            ? string.Create(CultureInfo.InvariantCulture, $"fit_{serial}_{created}_{index}")
            : string.Create(CultureInfo.InvariantCulture, $"fit_{start}_{index}");
        var isOnly = recording.Sessions.Count == 1;
        return new ImportedWorkout
        {
            Source = Source,
            Key = key,
            Sport = SportNames.OfFit(session.Sport, session.SubSport),
            Title = session.Sport == Transition ? "Transition" : null,
            StartedAt = startedAt,
            ElapsedSeconds = seconds,
            MovingSeconds = timer,
            DistanceMeters = session.Centimeters / 100d,
            AverageHeartRate = session.HeartRate is > 0 and var rate ? rate : recording.MeanHeartRate(isOnly ? null : (start, start + (uint)seconds)),
            Metrics = string.Create(CultureInfo.InvariantCulture, $$"""{"points":{{(isOnly ? recording.Records : 0)}},"laps":{{session.Laps ?? (uint)(isOnly ? recording.Laps : 0)}}}"""),
        };
    }

    private static Recording ReadOne(ReadOnlySpan<byte> bytes)
    {
        var messages = new FitMessages(bytes);
        var recording = new Recording { Length = messages.Length };
        while (messages.Read(out var message))
        {
            switch (message.Global)
            {
                case 0:
                    recording.FileType ??= message[0];
                    recording.Serial ??= message[3];
                    recording.CreatedAt ??= message[4];
                    break;
                case 18:
                    if (recording.Sessions.Count == MaxSessions)
                        throw new RefusedFileException($"It has more than {MaxSessions:N0} sessions.");
                    recording.Sessions.Add(new Session(message[2], (int?)message[5], (int?)message[6], message[7], message[8], message[9], message[16], message[26]));
                    break;
                case 19:
                    recording.Laps++;
                    break;
                case 20:
                    if (++recording.Records > MaxRecords)
                        throw new RefusedFileException($"It has more than {MaxRecords:N0} points.");
                    if (message.Timestamp is { } time && message[3] is > 0 and var rate)
                        recording.HeartRates.Add((time, (byte)rate));
                    break;
            }
        }

        return recording;
    }

    /// <summary>A <c>session</c> message (18), in FIT's units.</summary>
    private sealed record Session(
        uint? Start, int? Sport, int? SubSport, uint? ElapsedMilliseconds, uint? TimerMilliseconds, uint? Centimeters, uint? HeartRate, uint? Laps);

    private sealed class Recording
    {
        public required int Length { get; init; }

        public uint? FileType { get; set; }

        public uint? Serial { get; set; }

        public uint? CreatedAt { get; set; }

        public List<Session> Sessions { get; } = [];

        public int Laps { get; set; }

        public int Records { get; set; }

        public List<(uint Time, byte Rate)> HeartRates { get; } = [];

        /// <summary>Of the records of a span of time, or of all: sessions may stand before their records, and some have no mean of their own.</summary>
        public double? MeanHeartRate((uint From, uint To)? span)
        {
            var (sum, count) = (0L, 0);
            foreach (var (time, rate) in HeartRates)
            {
                if (span is { } s && (time < s.From || time > s.To))
                    continue;
                (sum, count) = (sum + rate, count + 1);
            }

            return count == 0 ? null : Math.Round((double)sum / count, MidpointRounding.AwayFromZero);
        }
    }
}
