using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Hevy;
using FitTrack.Core.Trackers.Strava;
using Xunit;

namespace FitTrack.Tests.Unit.Trackers;

/// <summary>Strava's and Hevy's words in our own terms; the samples have the shapes of providers 2.3 and 3.</summary>
public sealed class StravaAndHevyReaderTests
{
    private const string Run = """
        {"resource_state":2,"athlete":{"id":134815},"id":154504250376823,"name":"Morning Run","distance":8046.7,"moving_time":2710,"elapsed_time":2760,"total_elevation_gain":61.0,
         "type":"Run","sport_type":"TrailRun","start_date":"2026-11-18T05:31:04Z","start_date_local":"2026-11-18T06:31:04Z","manual":false,"average_speed":2.969,
         "has_heartrate":true,"average_heartrate":148.2,"max_heartrate":171}
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);
    private static readonly RecordOrigin Origin = new(Guid.NewGuid(), "strava", Now, false);

    [Fact]
    public void Strava_ARun_IsReadInUtc()
    {
        var record = Read(Run)!;
        Assert.Equal(("strava_154504250376823", new DateTimeOffset(2026, 11, 18, 5, 31, 4, TimeSpan.Zero), 2760.0), (record.NaturalId, record.StartedAt, (record.EndedAt - record.StartedAt).TotalSeconds));
        Assert.Equal(("trail_running", 2710, 2710, true), (record.Sport!.Code, record.LengthSeconds, record.VigorousSeconds, record.IntensityInferred));
        Assert.Equal((8046.7, 148.2), (record.DistanceMeters, record.AverageHeartRate));
        Assert.Equal("""{"averageSpeed":2.969,"elevationGainMeters":61,"maxHeartRate":171}""", record.Metrics);
        Assert.False(record.EnteredByHand);
    }

    [Theory]
    [InlineData("TrailRun", "trail_running")]
    [InlineData("VirtualRide", "stationary_biking")]
    [InlineData("WeightTraining", "weightlifting")]
    [InlineData("Walk", "walking")]
    [InlineData("Workout", "other")]
    [InlineData("Quidditch", "other")]
    [InlineData(null, "other")]
    public void Strava_ASportType_IsOurs(string? sportType, string code) => Assert.Equal(code, StravaReader.SportOf(sportType).Code);

    [Theory]
    [InlineData("\"manual\":false", "\"manual\":true", 2710, true)]
    [InlineData("\"moving_time\":2710", "\"moving_time\":9999", 2760, false)]
    [InlineData("\"moving_time\":2710", "\"moving_time\":null", 2760, false)]
    public void Strava_WhatIsOddAboutARun_IsKeptInBounds(string was, string isNow, int seconds, bool byHand)
    {
        var record = Read(Run.Replace(was, isNow, StringComparison.Ordinal))!;
        Assert.Equal((seconds, byHand), (record.LengthSeconds, record.EnteredByHand));
    }

    [Theory]
    [InlineData("\"id\":154504250376823", "\"id\":null", "no id")]
    [InlineData("\"start_date\":\"2026-11-18T05:31:04Z\"", "\"start_date\":\"yesterday\"", "no usable start_date")]
    public void Strava_WhatCannotBeRead_SaysWhy(string was, string isNow, string problem)
    {
        using var document = JsonDocument.Parse(Run.Replace(was, isNow, StringComparison.Ordinal));
        Assert.Null(StravaReader.Read(document.RootElement, Guid.NewGuid(), Origin, Message("activities"), out var said));
        Assert.Equal(problem, said);
    }

    [Theory]
    [InlineData("workouts", """{"workouts":[WORKOUT]}""")]
    [InlineData("events", """{"events":[{"type":"updated","workout":WORKOUT}]}""")]
    public void Hevy_AWorkout_IsTypedInAndCountsItsSets(string kind, string page)
    {
        const string Workout = """
            {"id":"b459cba5","title":"Push day","start_time":"2026-11-18T17:00:00+00:00","end_time":"2026-11-18T18:05:00+00:00","updated_at":"2026-11-18T18:06:10.114Z",
             "exercises":[{"title":"Bench Press","supersets_id":null,"sets":[{"type":"warmup","weight_kg":40,"reps":10},{"type":"normal","weight_kg":82.5,"reps":5,"rpe":8.5},{"type":"normal","weight_kg":null,"reps":8}]}]}
            """;
        var record = Assert.Single(HevyOf(kind, page.Replace("WORKOUT", Workout, StringComparison.Ordinal)));
        Assert.Equal(("hevy_b459cba5", "weightlifting", 3900, true, "Push day"), (record.NaturalId, record.Sport!.Code, record.LengthSeconds, record.EnteredByHand, record.Title));
        Assert.Equal(new DateTimeOffset(2026, 11, 18, 18, 6, 10, 114, TimeSpan.Zero), record.VersionAt);
        Assert.Equal("""{"exercises":1,"sets":3,"volumeKg":812.5}""", record.Metrics);
    }

    [Fact]
    public void Hevy_ADeletion_NeedsNoTimes()
    {
        var record = Assert.Single(HevyOf("events", """{"events":[{"type":"deleted","id":"b459cba5","deleted_at":"2026-11-18T19:00:00Z"}]}"""));
        Assert.Equal(("hevy_b459cba5", true), (record.NaturalId, record.Deleted));
    }

    private static TrackerRecord? Read(string item)
    {
        using var document = JsonDocument.Parse(item);
        return StravaReader.Read(document.RootElement, Guid.NewGuid(), Origin, Message("activities"), out _);
    }

    private static List<TrackerRecord> HevyOf(string kind, string page)
    {
        using var document = JsonDocument.Parse(page);
        return [.. HevyReader.Read(Message(kind), document.RootElement, Guid.NewGuid(), Origin).Select(r => r.Record!)];
    }

    private static WebhookMessage Message(string kind) => WebhookMessage.Receive(TrackerService.Strava, "1", kind, "1", "{}", null, Now);
}
