using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Training;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Privacy;

/// <param name="Mark">Stands in whatever the member wrote, and nowhere else.</param>
internal sealed record RichMember(Guid Id, HttpClient Client, string Mark) : IDisposable
{
    public string Street => $"1 {Mark} Street";

    public void Dispose() => Client.Dispose();
}

/// <summary>A member with something in every corner, and the two ways their data goes.</summary>
internal static class PrivacySteps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Activities, an import and another that waits, a training log, points, tickets, and a prize that was delivered to their street.</summary>
    public static async Task<RichMember> NewRichMemberAsync(this DrawingsFixture fixture)
    {
        var mark = "m" + Guid.NewGuid().ToString("N")[..12];
        var member = await fixture.NewMemberAsync(points: 1000, change: (db, user) =>
        {
            var now = fixture.Clock.Now;
            var shoe = Shoe.Create(user.Id, "Cloudstep Daily 4", 1000, now);
            var plan = TrainingPlan.Create(user.Id, "Ten kilometres", null, new DateOnly(2026, 11, 1), new DateOnly(2026, 12, 1), now);
            var workout = Workout.Plan(user.Id, plan.Id, WorkoutType.Strength, "Squats", new DateOnly(2026, 11, 10), now);
            var exercise = Exercise.Create(user.Id, $"Squat {mark}", Equipment.None, MuscleGroup.Quadriceps, 3, 8, now);
            var part = WorkoutExercise.Create(workout.Id, exercise.Id, 1, 3, 8, now);
            var run = Run.Synced(user.Id, $"strava_{mark}", TrainingSource.Strava, RunType.OutdoorRun, now.AddDays(-3), new DateOnly(2026, 11, 15), 5000, 1500, shoe.Id, now);
            db.AddRange(shoe, plan, workout, exercise, part, run, RunVersion.Of(run, RunChange.Original, user.Id, null, now));
        });
        using var typed = await member.Client.PostJsonAsync("/api/v1/activities", new { sport = "running", title = $"Along {mark}", startedAt = fixture.Clock.Now.AddHours(-2), durationSeconds = 1800 });
        await typed.ReadJsonAsync(HttpStatusCode.Created);
        var file = SampleFiles.Gpx().Replace("Around the lake", $"Around {mark}", StringComparison.Ordinal);
        await fixture.Factory.ImportAsync(member.Client, file, $"{mark}.gpx");
        using var waiting = await member.Client.UploadAsync(SampleFiles.Bytes(file), $"{mark} again.gpx");
        await waiting.ReadJsonAsync(HttpStatusCode.Accepted);
        var drawing = await fixture.NewDrawingAsync(changes: ("prizes", new[] { new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" } }));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 2 })).EnsureSuccessStatusCode();
        await fixture.StepAsync(drawing, "close");
        await fixture.StepAsync(drawing, "execute");
        var prize = (await member.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await member.Client.PutJsonAsync($"/api/v1/fulfillments/{prize}/address", new { name = $"Ana {mark}", line1 = $"1 {mark} Street", city = "Austin", state = "TX", postalCode = "78701" })).EnsureSuccessStatusCode();
        (await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{prize}/ship", new { carrier = "USPS", trackingNumber = $"9400-{mark}" })).EnsureSuccessStatusCode();
        (await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{prize}/deliver", null)).EnsureSuccessStatusCode();
        (await fixture.Admin.Client.PutJsonAsync($"/api/v1/admin/users/{member.Id}", new { state = "CO" })).EnsureSuccessStatusCode();
        return new RichMember(member.Id, await fixture.SignInAsync(member.Id), mark);
    }

    public static async Task<byte[]> ExportAsync(this HttpClient client, string url = "/api/v1/users/me/export")
    {
        using var response = await client.GetAsync(url, Ct);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    public static async Task<HttpResponseMessage> ImportAsync(this HttpClient client, byte[] zip)
    {
        using var content = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        return await client.PostAsync("/api/v1/users/me/import", content, Ct);
    }

    /// <summary>File by file, how many rows were added and skipped.</summary>
    public static async Task<Dictionary<string, (int Added, int Skipped)>> ImportedAsync(this HttpClient client, byte[] zip)
    {
        using var response = await client.ImportAsync(zip);
        var answer = await response.ReadJsonAsync();
        return answer.GetProperty("files").EnumerateArray().ToDictionary(
            f => f.GetProperty("file").GetString()!, f => (f.GetProperty("added").GetInt32(), f.GetProperty("skipped").GetInt32()), StringComparer.Ordinal);
    }

    public static List<JsonElement> Rows(this Dictionary<string, string> archive, string file) => [.. JsonElement.Parse(archive[file + ".json"]).EnumerateArray()];
}
