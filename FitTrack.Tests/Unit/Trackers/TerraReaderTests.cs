using System.Text;
using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Unit.Trackers;

public sealed class TerraReaderTests
{
    private static readonly Guid User = Guid.NewGuid();
    private static readonly RecordOrigin Garmin = new(Guid.NewGuid(), "garmin", DateTimeOffset.UnixEpoch, true);

    [Fact]
    public void Read_AnActivityWithoutDurations_TakesTheClockAndTheSportsIntensity()
    {
        var record = Assert.Single(ReadShared("webhook-activity.json"));
        Assert.Equal(("running", 2917, 2917, true), (record.Sport!.Code, record.LengthSeconds, record.VigorousSeconds, record.IntensityInferred));
        Assert.Equal((7902, 8250.4, 148.2), (record.Steps, record.DistanceMeters, record.AverageHeartRate));
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 6, 4, 11, TimeSpan.Zero), record.StartedAt);
        Assert.Equal("""{"calories":512.5,"activeCalories":431.2,"maxHeartRate":181}""", record.Metrics);
        Assert.EndsWith("_123e4567-e89b-12d3-a456-426614174000", record.NaturalId, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ADailySummary_GivesStepsAndMinutesOfItsLabelledDate()
    {
        var records = ReadShared("webhook-daily.json");
        Assert.Equal([ActivityKind.Steps, ActivityKind.ActiveMinutes], records.Select(r => r.Kind));
        Assert.All(records, r => Assert.Equal(new DateOnly(2026, 7, 1), r.LabelledDay));
        Assert.Equal(11_894, records[0].Steps);
        Assert.Equal((5340, 0, 0, true), (records[1].LightSeconds, records[1].ModerateSeconds, records[1].VigorousSeconds, records[1].IntensityInferred));
    }

    [Fact]
    public void Read_EveryField_IsNotScoredByItsTwentyThreeYears()
    {
        // The schema's examples are unrelated: it begins in 1999 and ends in 2022.
        Assert.Empty(ReadShared("activity-every-field.json", out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Read_SecondsByIntensity_AreTakenAsReported()
    {
        var record = Assert.Single(Read("activity", Item("2026-11-18T07:00:00-05:00", "2026-11-18T08:00:00-05:00",
            """{"activity_seconds":2710,"low_intensity_seconds":420,"moderate_intensity_seconds":1500,"vigorous_intensity_seconds":790}""")));
        Assert.Equal((420, 1500, 790, 2710, false), (record.LightSeconds, record.ModerateSeconds, record.VigorousSeconds, record.LengthSeconds, record.IntensityInferred));
    }

    [Theory]
    [InlineData("""{"activity_seconds":1e308}""", 0, 0, 3600, 3600)]
    [InlineData("""{"activity_seconds":"1200"}""", 0, 0, 1200, 1200)]
    [InlineData("""{"activity_seconds":-1800}""", 0, 0, 3600, 3600)]
    [InlineData("""{"activity_seconds":1200.9}""", 0, 0, 1200, 1200)]
    [InlineData("""{"activity_seconds":"lots"}""", 0, 0, 3600, 3600)]
    [InlineData("""{"activity_seconds":null}""", 0, 0, 3600, 3600)]
    [InlineData("""[]""", 0, 0, 3600, 3600)]
    [InlineData("""{"low_intensity_seconds":"600","moderate_intensity_seconds":-1800,"vigorous_intensity_seconds":1800.0000001}""", 600, 0, 1800, 3600)]
    [InlineData("""{"low_intensity_seconds":1e308,"moderate_intensity_seconds":1e308,"vigorous_intensity_seconds":1e308}""", 3600, 0, 0, 3600)]
    [InlineData("""{"low_intensity_seconds":1e400,"vigorous_intensity_seconds":60}""", 0, 0, 60, 3600)]
    public void Read_AbsurdDurations_AreMissingOrBoundedByTheClock(string durations, int light, int moderate, int vigorous, int length)
    {
        var record = Assert.Single(Read("activity", Item("2026-11-18T07:00:00Z", "2026-11-18T08:00:00Z", durations)));
        Assert.Equal((light, moderate, vigorous, length), (record.LightSeconds, record.ModerateSeconds, record.VigorousSeconds, record.LengthSeconds));
    }

    [Theory]
    [InlineData("\"9007199254740993\"", int.MaxValue)]
    [InlineData("1e308", int.MaxValue)]
    [InlineData("-5", null)]
    [InlineData("{}", null)]
    [InlineData("\"\"", null)]
    [InlineData("1234.9", 1234)]
    public void Read_AbsurdSteps_DoNotOverflow(string steps, int? expected)
    {
        var json = $$$"""{"metadata":{"summary_id":"a","start_time":"2026-11-18T07:00:00Z","end_time":"2026-11-18T08:00:00Z"},"distance_data":{"summary":{"steps":{{{steps}}} } } }""";
        Assert.Equal(expected, Assert.Single(Read("activity", json)).Steps);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"metadata":null}""")]
    [InlineData("""{"metadata":{"start_time":"yesterday"}}""")]
    [InlineData("""{"metadata":{"start_time":123}}""")]
    [InlineData("""{"metadata":{"start_time":"0001-01-01T00:00:00+14:00"}}""")]
    [InlineData("""{"metadata":{"start_time":"2026-11-18T07:00:00Z","end_time":"2026-11-18T06:00:00Z"}}""")]
    [InlineData("""{"metadata":{"start_time":"\ud800"}}""")]
    [InlineData("""[]""")]
    [InlineData("""7""")]
    public void Read_AnItemWithoutUsableTimes_IsLeftOutWithAReason(string item)
    {
        using var document = JsonDocument.Parse(item);
        Assert.Empty(TerraReader.Read("activity", document.RootElement, User, Garmin, Message(), out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("2026-11-18T00:00:00-05:00", "2026-11-18")]
    [InlineData("2026-11-18T00:00:00+13:00", "2026-11-18")]
    [InlineData("2026-11-18T05:00:00Z", "2026-11-18")]
    [InlineData("2026-11-17T15:00:00+00:00", "2026-11-18")]
    [InlineData("2026-11-17T23:00:00Z", "2026-11-18")]
    public void Read_ADailyInAnyOffset_KeepsItsLocalDate(string start, string day)
    {
        var json = $$"""{"metadata":{"start_time":"{{start}}"},"distance_data":{"steps":"5"} }""";
        Assert.Equal(DateOnly.ParseExact(day, "yyyy-MM-dd"), Assert.Single(Read("daily", json)).LabelledDay);
    }

    [Fact]
    public void Read_Names_AreCleanedAndLongIdsHashed()
    {
        var json = $$"""{"metadata":{"summary_id":"{{new string('x', 500)}}","start_time":"2026-11-18T07:00:00Z","name":" Run\u0000\n\ud83d\ude00 "},"device_data":{"name":"F\u0007enix"} }""";
        var record = Assert.Single(Read("activity", json));
        Assert.Equal("Run\ud83d\ude00", record.Title);
        Assert.Equal(33 + 64, record.NaturalId.Length);
        Assert.Equal("""{"device":"Fenix"}""", record.Metrics);
    }

    [Theory]
    [InlineData(2, true, false)]
    [InlineData(4, false, true)]
    [InlineData(1, false, false)]
    public void Read_TheUploadType_SaysWhatWasTypedInOrDeleted(int type, bool byHand, bool deleted)
    {
        var record = Assert.Single(Read("activity", $$"""{"metadata":{"summary_id":"a","upload_type":{{type}},"start_time":"2026-11-18T07:00:00Z"} }"""));
        Assert.Equal((byHand, deleted), (record.EnteredByHand, record.Deleted));
    }

    [Fact]
    public void Read_ADeletionWithoutTimes_StillSaysWhatIsDeleted() =>
        Assert.True(Assert.Single(Read("activity", """{"metadata":{"summary_id":"a","upload_type":"4"}}""")).Deleted);

    [Theory]
    [InlineData("terra-duplicate-keys-huge-numbers.json")]
    public void Envelope_OfAHostileFile_IsRefused(string file)
    {
        Assert.Null(TerraEnvelope.Read(File.ReadAllBytes(SharedFiles.Path("hostile", file)), 500, out var problem));
        Assert.NotNull(problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"auth\"")]
    [InlineData("""{"type":"activity","type":"daily"}""")]
    [InlineData("""{"type":"activity","\u0074ype":"daily"}""")]
    [InlineData("""{"user":{"reference_id":"a","reference_id":"b"}}""")]
    [InlineData("""{"data":[1,2,3]}""")]
    public void Envelope_OfWhatCannotBeReadOneWay_IsRefused(string body)
    {
        Assert.Null(TerraEnvelope.Read(Encoding.UTF8.GetBytes(body), maxItems: 2, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Envelope_OfBytesThatAreNoText_IsRefused()
    {
        Assert.Null(TerraEnvelope.Read((byte[])[.. "{\"type\":\""u8, 0xff, 0xfe, .. "\"}"u8], 500, out _));
        Assert.Null(TerraEnvelope.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200)), 500, out _));
    }

    [Theory]
    [InlineData("1763474400", "2025-11-18T14:00:00Z")]
    [InlineData("1763474400123", "2025-11-18T14:00:00.123Z")]
    [InlineData("1763474400123456", "2025-11-18T14:00:00.123Z")]
    [InlineData("2025-11-18T15:00:00+01:00", "2025-11-18T14:00:00Z")]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("-1", null)]
    [InlineData("99999999999999999999", null)]
    public void OrderingTime_InAnyForm_IsRead(string header, string? time) =>
        Assert.Equal(time is null ? null : DateTimeOffset.Parse(time), TerraEnvelope.OrderingTime(header));

    [Fact]
    public void DeliveryId_WithoutATrace_IsTheBodysHash()
    {
        Assert.Equal("abc:chunk:2", TerraEnvelope.DeliveryId("abc:chunk:2", "x"u8));
        Assert.StartsWith("body:", TerraEnvelope.DeliveryId(null, "x"u8), StringComparison.Ordinal);
        Assert.StartsWith("trace:", TerraEnvelope.DeliveryId(new string('a', 300), "x"u8), StringComparison.Ordinal);
        Assert.NotEqual(TerraEnvelope.DeliveryId("", "x"u8), TerraEnvelope.DeliveryId("", "y"u8));
    }

    [Fact]
    public void Sports_OfTerrasNumbers_FollowTheRules()
    {
        Assert.Equal("other", Sports.OfTerra(999).Code);
        Assert.Equal("other", Sports.OfTerra(null).Code);
        Assert.All([0, 3, 5, 117, 118, 135, 136, 137, 138, 139], n => Assert.Equal(Intensity.Never, Sports.OfTerra(n).Intensity));
        Assert.All([7, 93, 94, 95, 116, 100, 49, 125, 32, 45, 122], n => Assert.Equal(Intensity.Light, Sports.OfTerra(n).Intensity));
        Assert.All([8, 56, 57, 58, 133, 149, 114, 113, 20, 42, 44, 39, 82, 83, 84, 53, 54, 67, 17, 77, 78], n => Assert.Equal(Intensity.Vigorous, Sports.OfTerra(n).Intensity));
        Assert.All([1, 16, 35, 80, 87, 108], n => Assert.Equal(Intensity.Moderate, Sports.OfTerra(n).Intensity));
        Assert.Equal(Sports.All.Count, Sports.All.Select(s => s.Code).Distinct().Count());
    }

    private static string Item(string start, string end, string durations) =>
        $$"""{"metadata":{"summary_id":"a","start_time":"{{start}}","end_time":"{{end}}","type":8},"active_durations_data":{{durations}}}""";

    private static IReadOnlyList<TrackerRecord> Read(string type, string item)
    {
        using var document = JsonDocument.Parse(item);
        var records = TerraReader.Read(type, document.RootElement, User, Garmin, Message(), out var problem);
        Assert.Null(problem);
        return records;
    }

    private static IReadOnlyList<TrackerRecord> ReadShared(string file) => ReadShared(file, out _);

    private static IReadOnlyList<TrackerRecord> ReadShared(string file, out string? problem)
    {
        using var document = JsonDocument.Parse(SharedFiles.Read("json", "terra", file));
        return TerraReader.Read(document.RootElement.GetProperty("type").GetString()!, document.RootElement.GetProperty("data")[0], User, Garmin, Message(), out problem);
    }

    private static WebhookMessage Message() => WebhookMessage.Receive(TrackerService.Terra, "d", "activity", "u", "{}", null, new DateTimeOffset(2026, 11, 18, 14, 0, 0, TimeSpan.Zero));
}
