using System.Net;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Imports;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Imports;

/// <summary>Files over HTTP: taken, read by the Worker, told about, repeated, and undone.</summary>
public sealed class FileImportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string HeartRate = "<gpxtpx:TrackPointExtension><gpxtpx:hr>{0}</gpxtpx:hr></gpxtpx:TrackPointExtension>";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_ARun_IsInTheLogAndEarnsNothing()
    {
        var member = await api.NewMemberAsync();

        var batch = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx(heartRate: HeartRate), "lake.gpx");

        Assert.Equal(("completed 1 0 0 0", "gpx", "lake.gpx"), (ImportSteps.Counts(batch), batch.GetProperty("kind").GetString(), batch.GetProperty("fileName").GetString()));
        var line = Assert.Single(batch.GetProperty("log").EnumerateArray());
        Assert.Equal(("Around the lake", "added"), (line.GetProperty("item").GetString(), line.GetProperty("outcome").GetString()));
        var shown = Assert.Single(batch.GetProperty("activities").EnumerateArray());
        Assert.Equal(("running", 90, 90, 0), (shown.GetProperty("kind").GetString(), shown.GetProperty("durationSeconds").GetInt32(), shown.GetProperty("movingSeconds").GetInt32(), shown.GetProperty("points").GetInt32()));
        Assert.Equal(SampleFiles.Start, shown.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal((300.2, 145d), (Math.Round(shown.GetProperty("distanceMeters").GetDouble(), 1), shown.GetProperty("averageHeartRate").GetDouble()));

        var activity = (await member.Client.GetJsonAsync($"/api/v1/activities/{shown.GetProperty("id").GetGuid()}")).GetProperty("activity");
        Assert.Equal(("import_gpx", "imported", "accepted", "imported", 0), (Text(activity, "source"), Text(activity, "provenance"), Text(activity, "status"), Text(activity, "decision"), activity.GetProperty("pointsEarned").GetInt32()));
        Assert.Equal(0, (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64());
        await using var db = api.OpenDb();
        Assert.Empty(await db.Set<ImportFile>().Where(f => f.BatchId == batch.GetProperty("id").GetGuid()).ToListAsync(Ct));
    }

    [Fact]
    public async Task Post_AFileWithoutASport_TakesTheOneThatIsNamed()
    {
        var member = await api.NewMemberAsync();
        var nameless = SampleFiles.Gpx(type: null);
        Assert.Equal("unknown", Sport(await api.Factory.ImportAsync(member.Client, nameless)));
        using var refused = await member.Client.UploadAsync(SampleFiles.Bytes(nameless), kind: "quidditch");
        await refused.ReadInvalidAsync("kind");

        Assert.Equal("hiking", Sport(await api.Factory.ImportAsync(member.Client, SampleFiles.Bytes(nameless), kind: "hiking")));
        // A file that says nothing takes nothing back, and what a file says comes first.
        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, nameless)));
        Assert.Equal("running", Sport(await api.Factory.ImportAsync(member.Client, SampleFiles.Bytes(SampleFiles.Gpx()), kind: "hiking")));

        static string? Sport(JsonElement batch) => Assert.Single(batch.GetProperty("activities").EnumerateArray()).GetProperty("kind").GetString();
    }

    [Fact]
    public async Task Post_TheSameFileAgain_SkipsWhatIsKnownAndUpdatesWhatSaysMore()
    {
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx());

        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx())));
        var richer = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx(heartRate: HeartRate));
        Assert.Equal("completed 0 1 0 0", ImportSteps.Counts(richer));
        Assert.Equal(145, richer.GetProperty("activities")[0].GetProperty("averageHeartRate").GetDouble());
        // What an older export does not say stays.
        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx())));
        Assert.Equal("completed 1 0 0 0", ImportSteps.Counts(await api.Factory.ImportAsync(other.Client, SampleFiles.Gpx())));
        Assert.Equal(1, await TotalAsync(member.Client, "activities"));
    }

    [Fact]
    public async Task Post_TheSameWorkoutInOtherFormats_IsOneActivity()
    {
        var member = await api.NewMemberAsync();
        var start = new DateTimeOffset(2026, 11, 9, 18, 0, 0, TimeSpan.Zero);
        await api.Factory.ImportAsync(member.Client, FitBuilder.Activity(start).Build(), "run.fit");

        var tcx = await api.Factory.ImportAsync(member.Client, SampleFiles.Tcx(SampleFiles.TcxActivity(start.AddSeconds(40), seconds: 590)));
        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(tcx));
        Assert.Contains("import_fit", tcx.GetProperty("log")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        // The list has a date only: by date, length and distance it is the same run, and a longer one is another.
        var csv = SampleFiles.MapMyFitness(
            SampleFiles.MapMyFitnessRow("Nov. 9, 2026", distance: "1.2427", seconds: "600", link: "http://www.mapmyfitness.com/workout/1"),
            SampleFiles.MapMyFitnessRow("Nov. 9, 2026", distance: "6.2", seconds: "3000", link: "http://www.mapmyfitness.com/workout/2"));
        Assert.Equal("completed 1 0 1 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, csv)));
        Assert.Equal(2, await TotalAsync(member.Client, "activities"));
    }

    [Fact]
    public async Task Delete_ABatch_TakesBackAllOfIt()
    {
        var member = await api.NewMemberAsync();
        var first = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx());
        var second = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx(heartRate: HeartRate));
        var activity = $"/api/v1/activities/{first.GetProperty("activities")[0].GetProperty("id").GetGuid()}";

        await UndoAsync(member.Client, second);
        Assert.Equal(JsonValueKind.Null, (await member.Client.GetJsonAsync(activity)).GetProperty("activity").GetProperty("averageHeartRate").ValueKind);
        await UndoAsync(member.Client, first);
        using var gone = await member.Client.GetAsync(activity, Ct);
        await gone.ReadProblemAsync(HttpStatusCode.NotFound);
        using var batch = await member.Client.GetAsync($"{ImportSteps.Address}/{first.GetProperty("id").GetGuid()}", Ct);
        await batch.ReadProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, await TotalAsync(member.Client, "imports"));

        // What was taken back can come again.
        Assert.Equal("completed 1 0 0 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx())));
        Assert.Equal(1, await TotalAsync(member.Client, "activities"));
    }

    [Fact]
    public async Task Delete_AnUpdateThatWasUpdatedAgain_LeavesTheNewest()
    {
        var member = await api.NewMemberAsync();
        await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx());
        var second = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx(heartRate: HeartRate));
        var third = await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx(heartRate: HeartRate).Replace("Around the lake", "Twice around", StringComparison.Ordinal));
        Assert.Equal("completed 0 1 0 0", ImportSteps.Counts(third));

        await UndoAsync(member.Client, second);

        var activity = (await member.Client.GetJsonAsync($"/api/v1/activities/{third.GetProperty("activities")[0].GetProperty("id").GetGuid()}")).GetProperty("activity");
        Assert.Equal(("Twice around", 145d), (Text(activity, "title"), activity.GetProperty("averageHeartRate").GetDouble()));
    }

    [Fact]
    public async Task Delete_ABatchThatWaits_IsNeverRead()
    {
        var member = await api.NewMemberAsync();
        using var sent = await member.Client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx()));
        using var undone = await member.Client.DeleteAsync(sent.Headers.Location, Ct);
        Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
        await api.Factory.RunImportsAsync();
        Assert.Equal(0, await TotalAsync(member.Client, "activities"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"a\":1}")]
    [InlineData("<html><body>Please sign in</body></html>")]
    [InlineData("<kml><Document/></kml>")]
    [InlineData("Name,Age\nAna,31\n")]
    public async Task Post_WhatIsNoRecording_IsRefusedAtOnce(string content)
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.UploadAsync(Encoding.UTF8.GetBytes(content), "run.gpx");
        await response.ReadInvalidAsync("file");
        Assert.Equal(0, await TotalAsync(member.Client, "imports"));
    }

    [Fact]
    public async Task Post_WithoutAFormOrTooLarge_IsRefused()
    {
        var member = await api.NewMemberAsync();
        using var json = await member.Client.PostJsonAsync(ImportSteps.Address, new { file = "x" });
        await json.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType);
        using var none = await member.Client.PostAsync(ImportSteps.Address, new MultipartFormDataContent { { new StringContent("x"), "note" } }, Ct);
        await none.ReadInvalidAsync("file");
        foreach (var body in new[] { "garbage", "--x\r\nbroken", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ncut off" })
        {
            using var form = new StringContent(body) { Headers = { ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } } } };
            using var broken = await member.Client.PostAsync(ImportSteps.Address, form, Ct);
            await broken.ReadProblemAsync(HttpStatusCode.BadRequest);
        }

        using var large = await member.Client.UploadAsync(new byte[ImportBatch.MaxBytes + 1]);
        await large.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_AHostileFile_FailsWithItsReason()
    {
        var member = await api.NewMemberAsync();
        const string Bomb = """<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]><gpx><trk><name>&a;</name></trk></gpx>""";

        var batch = await api.Factory.ImportAsync(member.Client, Bomb);

        Assert.Equal("failed 0 0 0 1", ImportSteps.Counts(batch));
        Assert.Contains("DTD", Assert.Single(batch.GetProperty("log").EnumerateArray()).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("DTD", Text(batch, "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_MoreThanMayWait_IsRefusedUntilSomeAreRead()
    {
        var member = await api.NewMemberAsync();
        for (var i = 0; i < 10; i++)
        {
            using var taken = await member.Client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx()));
            await taken.ReadJsonAsync(HttpStatusCode.Accepted);
        }

        using var refused = await member.Client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx()));
        await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
        await api.Factory.RunImportsAsync();
        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(await api.Factory.ImportAsync(member.Client, SampleFiles.Gpx())));
    }

    [Fact]
    public async Task Get_WithTheTagOfABatch_IsNotModifiedUntilItIsRead()
    {
        var member = await api.NewMemberAsync();
        using var sent = await member.Client.UploadAsync(SampleFiles.Bytes(SampleFiles.Gpx()));
        using var read = await member.Client.GetAsync(sent.Headers.Location, Ct);
        var tag = read.Headers.ETag!.ToString();
        using var same = await member.Client.SendJsonAsync(HttpMethod.Get, sent.Headers.Location!.ToString(), null, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.Factory.RunImportsAsync();
        using var stale = await member.Client.SendJsonAsync(HttpMethod.Delete, sent.Headers.Location!.ToString(), null, ("If-Match", tag));
        await stale.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
    }

    private static async Task UndoAsync(HttpClient client, JsonElement batch)
    {
        using var undone = await client.DeleteAsync($"{ImportSteps.Address}/{batch.GetProperty("id").GetGuid()}", Ct);
        Assert.Equal(HttpStatusCode.NoContent, undone.StatusCode);
    }

    private static async Task<int> TotalAsync(HttpClient client, string list) => (await client.GetJsonAsync($"/api/v1/{list}")).GetProperty("pagination").GetProperty("total").GetInt32();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
