using System.Globalization;
using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Imports;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Imports;

/// <summary>Real files of many devices and services, and hostile ones, against values that were computed apart from this code.</summary>
public sealed class SharedDataTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Recordings_OfDevices_HaveTheManifestsNumbers()
    {
        var problems = new List<string>();
        var files = Files("accepted").Where(f => f.TryGetProperty("activities", out _)).ToList();
        Assert.True(files.Count > 40, $"Only {files.Count} recordings.");
        foreach (var file in files)
        {
            var (name, expected) = (Name(file), file.GetProperty("activities").EnumerateArray().ToList());
            var workouts = Read(name).Select(i => i.Workout).OfType<ImportedWorkout>().ToList();
            if (workouts.Count != expected.Count)
                problems.Add($"{name}: {workouts.Count} workouts instead of {expected.Count}");
            else
                problems.AddRange(workouts.Zip(expected).SelectMany(pair => Differences(pair.First, pair.Second).Select(d => $"{name}: {d}")));
        }

        Assert.Empty(problems);
    }

    [Fact]
    public void Files_ThatMustBeRefused_AreRefusedWithAReason()
    {
        var files = Files("rejected").Where(f => Name(f) != "hostile/empty.gpx").ToList();
        Assert.True(files.Count > 15, $"Only {files.Count} files.");
        Assert.All(files, file => Assert.All(Refusals(Name(file)), reason => Assert.False(string.IsNullOrWhiteSpace(reason))));
    }

    [Fact]
    public void Files_ThatMayBeTakenOrRefused_AreOneOfTheTwo()
    {
        var files = Files("accepted-or-rejected").Concat(Files("rejected-or-derived")).ToList();
        Assert.True(files.Count > 8, $"Only {files.Count} files.");
        foreach (var file in files)
        {
            foreach (var item in Try(Name(file)))
            {
                Assert.True(item.Workout is null != item.Refusal is null);
                Assert.True(item.Workout is not { } w || (w.ElapsedSeconds is >= 0 and < 86_400 * 2 && double.IsFinite(w.DistanceMeters ?? 0) && w.LengthSeconds <= w.ElapsedSeconds + 1), Name(file));
            }
        }
    }

    [Fact]
    public void Lists_OfServices_HaveTheManifestsTotals()
    {
        foreach (var file in Files("accepted").Where(f => f.GetProperty("kind").GetString() == "csv-mapmyfitness").Concat(Files("accepted-with-row-errors")))
        {
            var (items, values) = (Read(Name(file)), file.GetProperty("values"));
            var workouts = items.Select(i => i.Workout).OfType<ImportedWorkout>().ToList();
            Assert.Equal((values.GetProperty("rows").GetInt32(), values.GetProperty("valid_rows").GetInt32()), (items.Count, workouts.Count));
            Assert.Equal(values.GetProperty("total_distance_m").GetDouble(), workouts.Sum(w => w.DistanceMeters!.Value), 1d);
            Assert.Equal(values.GetProperty("total_seconds").GetDouble(), workouts.Sum(w => w.ElapsedSeconds), 1d);
            Assert.Equal(values.GetProperty("first_workout_date").GetString(), workouts.Min(w => w.Day)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Assert.Equal(values.GetProperty("last_workout_date").GetString(), workouts.Max(w => w.Day)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Assert.Equal(workouts.Count, workouts.Select(w => w.Key).Distinct(StringComparer.Ordinal).Count());
        }

        var strava = Read("csv/strava-activities-112rows.csv");
        var rows = strava.Select(i => i.Workout).OfType<ImportedWorkout>().ToList();
        Assert.Equal((112, 111), (strava.Count, rows.Count));
        Assert.Contains("1991", Assert.Single(strava, i => i.Workout is null).Refusal, StringComparison.Ordinal);
        Assert.Equal(490_249.2, rows.Sum(w => w.DistanceMeters!.Value), 1d);
        Assert.Equal((194_000d - 7_200, 198_713d - 7_200), (rows.Sum(w => w.MovingSeconds!.Value), rows.Sum(w => w.ElapsedSeconds)));
        Assert.Equal((89, 20), (rows.Count(w => w.Sport.Code == "running"), rows.Count(w => w.AverageHeartRate is not null)));
        Assert.Equal(new DateTimeOffset(2023, 8, 14, 11, 59, 20, TimeSpan.Zero), rows.Max(w => w.StartedAt));
    }

    [Fact]
    public void HostileFiles_WithAWorkoutInThem_HaveItsNumbers()
    {
        var utf16 = Assert.Single(Read("hostile/utf16le-bom.gpx")).Workout!;
        Assert.Equal(Assert.Single(Read("gpx/applewatch-run-3seg.gpx")).Workout, utf16);
        // Unpacked, the nest is as deep.
        using var packed = new global::System.IO.Compression.GZipStream(File.OpenRead(SharedFiles.Path("hostile", "nested-1e6.gpx.gz")), global::System.IO.Compression.CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        Assert.Throws<RefusedFileException>(() => ImportedFile.Read(plain.ToArray(), "nested.gpx", Now));
    }

    private static IEnumerable<string> Differences(ImportedWorkout workout, JsonElement expected)
    {
        var start = expected.GetProperty("start_utc").GetDateTimeOffset();
        if ((workout.StartedAt - start).Duration() > TimeSpan.FromMilliseconds(1))
            yield return $"starts {workout.StartedAt:O}, not {start:O}";
        if (Math.Abs(workout.ElapsedSeconds - expected.GetProperty("elapsed_s").GetDouble()) > 0.001)
            yield return $"elapsed {workout.ElapsedSeconds}, not {expected.GetProperty("elapsed_s")}";
        if (Number(expected, "timer_s") is { } timer && Math.Abs((workout.MovingSeconds ?? 0) - timer) > 0.001)
            yield return $"timer {workout.MovingSeconds}, not {timer}";
        if (Number(expected, "distance_m") is { } meters && Math.Abs((workout.DistanceMeters ?? 0) - meters) > Math.Max(0.1, meters * 0.001))
            yield return $"distance {workout.DistanceMeters}, not {meters}";
        if (Number(expected, "avg_hr") is > 0 and var rate && Math.Abs((workout.AverageHeartRate ?? 0) - rate) > 2)
            yield return $"heart rate {workout.AverageHeartRate}, not {rate}";
        var sport = expected.GetProperty("sport").GetString();
        var family = sport switch { "run" => "running", "ride" => "cycling", "walk" => "walking", "swim" => "swimming", null => "other", _ => null };
        if (family is not null && workout.Sport.Family != family)
            yield return $"sport {workout.Sport.Code}, not {sport}";
        var counts = JsonElement.Parse(workout.Metrics!);
        if (Number(expected, "points") is { } points && counts.GetProperty("points").GetDouble() != points)
            yield return $"points {workout.Metrics}, not {points}";
        if (counts.GetProperty("laps").GetDouble() != expected.GetProperty("laps_or_segments").GetDouble())
            yield return $"laps {workout.Metrics}, not {expected.GetProperty("laps_or_segments")}";
    }

    private static double? Number(JsonElement element, string name) => element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static List<string> Refusals(string name) => [.. Try(name).Select(i => i.Refusal ?? "")];

    private static IReadOnlyList<FileItem> Try(string name)
    {
        try
        {
            return Read(name);
        }
        catch (RefusedFileException refusal)
        {
            return [new FileItem(name, null, refusal.Message)];
        }
    }

    private static IReadOnlyList<FileItem> Read(string name) => ImportedFile.Read(File.ReadAllBytes(SharedFiles.Path(name.Split('/'))), Path.GetFileName(name), Now);

    private static string Name(JsonElement file) => file.GetProperty("file").GetString()!;

    private static IEnumerable<JsonElement> Files(string expected) =>
        from file in JsonElement.Parse(SharedFiles.Read("manifest.json")).GetProperty("files").EnumerateArray()
        where file.GetProperty("expected").GetString() == expected
        let kind = file.GetProperty("kind").GetString()!
        where new[] { "gpx", "tcx", "fit", "csv", "hostile" }.Contains(kind.Split('-', ' ')[0]) && !kind.EndsWith("json", StringComparison.Ordinal)
        select file;
}
