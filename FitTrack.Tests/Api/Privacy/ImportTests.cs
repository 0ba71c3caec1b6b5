using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using FitTrack.Core.Training;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Privacy;

public sealed class ImportTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_IntoAnEmptyAccount_BringsTheLogBackOnceAndNoPoints()
    {
        using var member = await fixture.NewRichMemberAsync();
        using var empty = await fixture.NewMemberAsync();
        var zip = await member.Client.ExportAsync();

        var first = await empty.Client.ImportedAsync(zip);
        var second = await empty.Client.ImportedAsync(zip);

        Assert.Equal(((2, 0), (0, 2)), (first["activities"], second["activities"]));
        foreach (var file in new[] { "shoes", "plans", "workouts", "exercises", "exercise-muscles", "workout-exercises", "runs", "runs-history" })
            Assert.True((first[file], second[file]) == ((1, 0), (0, 1)), $"{file}: {first[file]}, then {second[file]}");
        await using var db = fixture.OpenDb();
        var activities = await db.Set<Activity>().Where(a => a.UserId == empty.Id).OrderBy(a => a.Title).ToListAsync(Ct);
        Assert.Equal([$"Along {member.Mark}", $"Around {member.Mark}"], activities.Select(a => a.Title));
        Assert.All(activities, a => Assert.Equal((ScoreDecision.Imported, ActivityProvenance.Imported, 0), (a.Decision, a.Provenance, a.Points)));
        var run = await db.Set<Run>().SingleAsync(r => r.UserId == empty.Id, Ct);
        Assert.Equal(($"strava_{member.Mark}", (Guid?)(await db.Set<Shoe>().SingleAsync(s => s.UserId == empty.Id, Ct)).Id), (run.NaturalId, run.ShoeId));
        Assert.False(await db.Set<PointTransaction>().AnyAsync(t => t.UserId == empty.Id, Ct));
        Assert.Equal(0, await fixture.BalanceAsync(empty.Id));
        // What was exported still has its owner.
        Assert.Equal(1, await db.Set<Run>().CountAsync(r => r.UserId == member.Id, Ct));
        using var emptySignedIn = await fixture.SignInAsync(empty.Id);
        var again = Zips.Open(await emptySignedIn.ExportAsync());
        Assert.Equal(2, again.Rows("activities").Count);
        // The file that one of them came from says nothing that the archive did not.
        Assert.Equal("completed 0 0 1 0", ImportSteps.Counts(await fixture.Factory.ImportAsync(empty.Client, SampleFiles.Gpx())));
    }

    [Fact]
    public async Task Import_WhenTheArchiveClaimsPointsAndOtherPeople_BelievesNeither()
    {
        using var victim = await fixture.NewRichMemberAsync();
        using var forger = await fixture.NewMemberAsync();
        var archive = Zips.Open(await victim.Client.ExportAsync());
        var activity = JsonNode.Parse(archive["activities.json"])![0]!.AsObject();
        (activity["points"], activity["decision"], activity["status"], activity["provenance"]) = (1000, "scores", "accepted", "device");
        var run = JsonNode.Parse(archive["runs.json"])![0]!.AsObject();

        var files = await forger.Client.ImportedAsync(Zips.Honest(("activities.json", $"[{activity}]"), ("runs.json", $"[{run}]"), ("points.json", archive["points.json"]), ("balance.json", archive["balance.json"])));

        Assert.Equal((1, 0), files["activities"]);
        Assert.False(files.ContainsKey("points"));
        Assert.Equal(0, await fixture.BalanceAsync(forger.Id));
        await using var db = fixture.OpenDb();
        Assert.Equal(0, (await db.Set<Activity>().SingleAsync(a => a.UserId == forger.Id, Ct)).Points);
        // The shoe is not in the archive, and the victim's is not the forger's to wear.
        Assert.Null((await db.Set<Run>().SingleAsync(r => r.UserId == forger.Id, Ct)).ShoeId);
    }

    [Fact]
    public async Task Import_IntoAnAccountWithOtherData_IsRefusedAndChangesNothing()
    {
        using var member = await fixture.NewRichMemberAsync();
        using var other = await fixture.NewRichMemberAsync();

        using var refused = await other.Client.ImportAsync(await member.Client.ExportAsync());

        await refused.ReadProblemAsync(HttpStatusCode.Conflict);
        await using var db = fixture.OpenDb();
        Assert.Equal((2, 1), (await db.Set<Activity>().CountAsync(a => a.UserId == other.Id, Ct), await db.Set<Run>().CountAsync(r => r.UserId == other.Id, Ct)));
    }

    [Fact]
    public async Task Import_SentManyTimesAtOnce_IsTakenOnce()
    {
        using var member = await fixture.NewMemberAsync();
        var zip = Zips.Honest(("shoes.json", $"[{Shoe()}]"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => member.Client.ImportAsync(zip)));

        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable, a.StatusCode.ToString()));
        await using var db = fixture.OpenDb();
        Assert.Equal(1, await db.Set<Shoe>().CountAsync(s => s.UserId == member.Id, Ct));
    }

    [Fact]
    public async Task Import_WithAProfile_GivesItToAnAccountWithoutOne()
    {
        using var member = await fixture.NewMemberAsync();
        await using (var db = fixture.OpenDb())
            await db.Set<Profile>().Where(p => p.UserId == member.Id).ExecuteDeleteAsync(Ct);
        var zip = Zips.Honest(("profile.json", """[{"displayName":"Brought Along","biologicalSex":"male","fitnessLevel":"advanced","timeZone":"America/Denver"}]"""));

        Assert.Equal((1, 0), (await member.Client.ImportedAsync(zip))["profile"]);

        var profile = (await member.Client.GetJsonAsync("/api/v1/users/me")).GetProperty("profile");
        Assert.Equal(("Brought Along", "M-30-39-ADV"), (profile.GetProperty("displayName").GetString(), profile.GetProperty("tierCode").GetString()));
        Assert.Equal((0, 1), (await member.Client.ImportedAsync(zip))["profile"]);
    }

    [Theory]
    [InlineData("not a zip")]
    [InlineData("no manifest")]
    [InlineData("manifest of something else")]
    [InlineData("manifest is no json")]
    [InlineData("file that the manifest does not name")]
    [InlineData("file that is missing")]
    [InlineData("wrong hash")]
    [InlineData("wrong length")]
    [InlineData("path outside")]
    [InlineData("backslash path outside")]
    [InlineData("absolute path")]
    [InlineData("two of one name")]
    [InlineData("bomb that is announced")]
    [InlineData("bomb that is not announced")]
    [InlineData("thousands of files")]
    [InlineData("rows are no json")]
    [InlineData("rows are nested deeply")]
    [InlineData("row with a value out of range")]
    [InlineData("row with a text too long")]
    [InlineData("row of a parent that is missing")]
    [InlineData("row that is there twice")]
    [InlineData("row that is null")]
    [InlineData("row with half a character")]
    [InlineData("row with U+0000")]
    [InlineData("row with the year 0")]
    [InlineData("row with an enum by number")]
    public async Task Import_OfAHostileArchive_IsRefusedWithAReason(string how)
    {
        using var member = await fixture.NewMemberAsync();

        using var refused = await member.Client.ImportAsync(Hostile(how));

        var problem = await refused.ReadProblemAsync(HttpStatusCode.BadRequest);
        Assert.DoesNotContain("The request could not be understood", problem.Detail, StringComparison.Ordinal);
        await using var db = fixture.OpenDb();
        Assert.False(await db.Set<Shoe>().AnyAsync(s => s.UserId == member.Id, Ct));
    }

    [Fact]
    public async Task Import_OfTimesInOtherZones_KeepsTheMoment()
    {
        using var member = await fixture.NewMemberAsync();
        await member.Client.ImportedAsync(Zips.Honest(("shoes.json", $"[{Shoe().Replace("00:00:00Z", "05:30:00.1234567+05:30", StringComparison.Ordinal)}]")));
        await using var db = fixture.OpenDb();
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(1234560), (await db.Set<Shoe>().SingleAsync(s => s.UserId == member.Id, Ct)).CreatedAt);
    }

    [Fact]
    public async Task Import_OverTheSizeLimit_Is413()
    {
        using var member = await fixture.NewMemberAsync();
        using var refused = await member.Client.ImportAsync(new byte[(25 << 20) + 1]);
        await refused.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    private static byte[] Hostile(string how)
    {
        var shoes = Encoding.UTF8.GetBytes($"[{Shoe()}]");
        var good = ("shoes.json", shoes);
        return how switch
        {
            "not a zip" => "GIF89a"u8.ToArray(),
            "no manifest" => Zips.Make([good]),
            "manifest of something else" => Zips.Make([good, ("manifest.json", """{"format":"other","version":1,"files":[]}"""u8.ToArray())]),
            "manifest is no json" => Zips.Make([good, ("manifest.json", "{"u8.ToArray())]),
            "file that the manifest does not name" => Zips.Make([good, ("extra.json", shoes), ("manifest.json", Zips.Manifest(good))]),
            "file that is missing" => Zips.Make([good, ("manifest.json", Zips.Manifest(good, ("runs.json", shoes)))]),
            "wrong hash" => Zips.Make([("shoes.json", Encoding.UTF8.GetBytes($"[{Shoe("Cloudstep Daily 5")}]")), ("manifest.json", Zips.Manifest(good))]),
            "wrong length" => Zips.Make([("shoes.json", [.. shoes, (byte)' ']), ("manifest.json", Zips.Manifest(good))]),
            "path outside" => Zips.Honest(("../../etc/passwd", shoes)),
            "backslash path outside" => Zips.Honest(("..\\shoes.json", shoes)),
            "absolute path" => Zips.Honest(("/etc/passwd", shoes)),
            "two of one name" => Zips.Make([good, ("shoes.json", "[]"u8.ToArray()), ("manifest.json", Zips.Manifest(good))]),
            "bomb that is announced" => Zips.Honest(("shoes.json", new byte[110 << 20])),
            "bomb that is not announced" => Zips.Make([("shoes.json", new byte[110 << 20]), ("manifest.json", Zips.Manifest(good))]),
            "thousands of files" => Zips.Honest([.. Enumerable.Range(0, 5000).Select(i => ($"{i}.json", "[]"u8.ToArray()))]),
            "rows are no json" => Zips.Honest(("shoes.json", "[{]")),
            "rows are nested deeply" => Zips.Honest(("shoes.json", new string('[', 10_000))),
            "row with a value out of range" => Zips.Honest(("shoes.json", $"[{Shoe().Replace("1000", "-1", StringComparison.Ordinal)}]")),
            "row with a text too long" => Zips.Honest(("shoes.json", $"[{Shoe(new string('x', 500))}]")),
            "row of a parent that is missing" => Zips.Honest(("shoe-aliases.json", $$"""[{"id":"{{Guid.NewGuid()}}","shoeId":"{{Guid.NewGuid()}}","aliasKey":"a","name":"A","createdAt":"2026-01-01T00:00:00Z"}]""")),
            "row that is there twice" => Zips.Honest(("shoes.json", $"[{Shoe()},{Shoe()}]")),
            "row that is null" => Zips.Honest(("shoes.json", "[null]")),
            "row with half a character" => Zips.Honest(("shoes.json", $"[{Shoe("\\ud800")}]")),
            "row with U+0000" => Zips.Honest(("shoes.json", $"[{Shoe("\\u0000")}]")),
            "row with the year 0" => Zips.Honest(("shoes.json", $"[{Shoe().Replace("2026-01-01", "0000-00-00", StringComparison.Ordinal)}]")),
            "row with an enum by number" => Zips.Honest(("notice-preferences.json", """[{"category":99,"channel":0,"isEnabled":true,"updatedAt":"2026-01-01T00:00:00Z"}]""")),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };
    }

    private static string Shoe(string name = "Cloudstep Daily 4") =>
        $$"""{"id":"0198f000-0000-7000-8000-000000000001","userId":"0198f000-0000-7000-8000-000000000002","shoeKey":"cloudstep_daily_4","name":"{{name}}","initialMeters":1000,"warnedAtMiles":0,"version":1,"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}""";
}
