using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FitTrack.AppHost;
using FitTrack.Core.Accounts;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.SystemTests;

/// <summary>
/// The whole idea over HTTP, against an AppHost started as a person starts it: real tracker payloads become activities,
/// points, a rank, a ticket, and a draw that an independent program recomputes.
/// </summary>
[Collection(nameof(SharedAppHost))]
public sealed class LoopTests(AppHostFixture host)
{
    private const string WebhookSecret = "terra-development-secret"; // not a secret
    private const int TicketPrice = 5;

    private static string Since => TimeProvider.System.GetUtcNow().AddDays(-3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Loop_WithRealTerraPayloads_EndsInADrawThatCanBeRecomputed()
    {
        var ct = TestContext.Current.CancellationToken;
        var now = TimeProvider.System.GetUtcNow();
        using var admin = await SignInAsync(DemoAccounts.AdminEmail);
        var (member, userId, email) = await host.NewMemberAsync();
        var before = await member.GetJsonAsync("api/v1/points/balance");

        // No account of the simulated Terra's, which would add efforts of its own.
        var account = $"loop-{userId:N}";
        using var begun = await member.PostJsonAsync("api/v1/connections/garmin/initiate", null);
        var state = (await begun.ReadJsonAsync()).GetProperty("sessionToken").GetString();
        using var back = await member.PostJsonAsync("api/v1/connections/garmin/callback", new { state, userId = account });
        Assert.Equal("pending", (await back.ReadJsonAsync()).GetProperty("result").GetString());
        await DeliverAsync(TerraSender.Auth(userId, "GARMIN", account), "loop-auth", ct);
        var run = SharedFiles.Read("json", "terra", "webhook-activity.json");
        var day = SharedFiles.Read("json", "terra", "webhook-daily.json");
        await DeliverAsync(TerraSender.Redate(run, account, now.AddMinutes(-55)), "loop-run", ct);
        await DeliverAsync(TerraSender.Redate(run, account, now.AddMinutes(-55)), "loop-run", ct);
        await DeliverAsync(TerraSender.Redate(day, account, AppHostFixture.StartOfTheDay), "loop-day", ct);

        var activities = await AppHostFixture.UntilAsync("three activities", () => member.GetJsonAsync($"api/v1/activities?sort=started_at&filter[start_date]={Since}"), a => Items(a).Count() >= 3);
        var earned = Items(activities).Sum(a => a.GetProperty("pointsEarned").GetInt64());
        var after = await member.GetJsonAsync("api/v1/points/balance");
        Assert.Equal(before.GetProperty("balance").GetInt64() + earned, after.GetProperty("balance").GetInt64());
        Assert.True(earned > 200, $"A run of 48 minutes and 11,894 steps earned {earned} points.");
        await AssertReceiptsAddUpAsync(member, activities);
        await AssertOnTheBoardAsync(member, userId, after.GetProperty("earnedTotal").GetInt64());

        var drawing = await OpenDrawingAsync(admin);
        await BuyTwiceUnderOneKeyAsync(member, drawing);
        await StepAsync(admin, drawing, "close");
        await StepAsync(admin, drawing, "execute");
        var results = await member.GetJsonAsync($"api/v1/drawings/{drawing}/results");
        Assert.True(results.GetProperty("won").GetBoolean(), "The only member in the drawing wins it.");
        await AssertRecomputableAsync(drawing, ct);
        await AssertFirstPageLivesAsync(email, ct);
    }

    private async Task<HttpClient> SignInAsync(string email)
    {
        var client = new HttpClient { BaseAddress = host.Api };
        using var answer = await client.PostJsonAsync("api/v1/auth/login", new { email, password = DemoAccounts.Password });
        var tokens = await answer.ReadJsonAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        return client;
    }

    private async Task DeliverAsync(string payload, string traceId, CancellationToken ct)
    {
        using var client = new HttpClient { BaseAddress = host.Api };
        var body = Encoding.UTF8.GetBytes(payload);
        using var request = new HttpRequestMessage(HttpMethod.Post, TerraSender.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("terra-signature", TerraSignature.Create(body, WebhookSecret, TimeProvider.System.GetUtcNow()));
        request.Headers.TryAddWithoutValidation("X-Terra-Trace-Id", traceId);
        using var answer = await client.SendAsync(request, ct);
        await answer.ReadJsonAsync(HttpStatusCode.Accepted);
    }

    private static async Task AssertReceiptsAddUpAsync(HttpClient member, JsonElement activities)
    {
        foreach (var activity in Items(activities))
        {
            var receipt = await member.GetJsonAsync($"api/v1/activities/{activity.GetProperty("id").GetGuid()}/receipt");
            Assert.Contains("rate", receipt.GetRawText(), StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task AssertOnTheBoardAsync(HttpClient member, Guid userId, long earned)
    {
        var board = await member.GetJsonAsync("api/v1/leaderboards/alltime");
        var row = board.GetProperty("rankings").EnumerateArray().Single(r => r.GetProperty("userId").ValueKind == JsonValueKind.String && r.GetProperty("userId").GetGuid() == userId);
        Assert.Equal(board.GetProperty("me").GetProperty("rank").GetInt64(), row.GetProperty("rank").GetInt64());
        Assert.Equal(earned, board.GetProperty("me").GetProperty("points").GetInt64());
    }

    private static async Task<Guid> OpenDrawingAsync(HttpClient admin)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var created = await admin.PostJsonAsync("api/v1/admin/drawings", new
        {
            name = "Loop",
            type = "daily",
            entropy = "commit",
            opensAt = now.AddMinutes(30), // opened by hand before the Worker does it
            salesCloseAt = now.AddHours(1),
            drawAt = now.AddHours(2),
            ticketPrice = TicketPrice,
            prizes = new[] { new { rank = 1, name = "Headlamp", quantity = 1, valueCents = 3900, kind = "physical" } },
        });
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await StepAsync(admin, id, "schedule");
        await StepAsync(admin, id, "open");
        return id;
    }

    private static async Task StepAsync(HttpClient admin, Guid drawing, string step)
    {
        using var answer = await admin.PostJsonAsync($"api/v1/admin/drawings/{drawing}/{step}", new { });
        await answer.ReadJsonAsync();
    }

    private static async Task BuyTwiceUnderOneKeyAsync(HttpClient member, Guid drawing)
    {
        var before = (await member.GetJsonAsync("api/v1/points/balance")).GetProperty("balance").GetInt64();
        using var first = await member.PostJsonAsync($"api/v1/drawings/{drawing}/tickets", new { quantity = 2 }, ("Idempotency-Key", "loop"));
        var bought = await first.ReadJsonAsync(HttpStatusCode.Created);
        using var again = await member.PostJsonAsync($"api/v1/drawings/{drawing}/tickets", new { quantity = 2 }, ("Idempotency-Key", "loop"));
        Assert.Equal(bought.GetRawText(), (await again.ReadJsonAsync(HttpStatusCode.Created)).GetRawText());
        Assert.Equal(before - (2 * TicketPrice), (await member.GetJsonAsync("api/v1/points/balance")).GetProperty("balance").GetInt64());
    }

    /// <summary>By the Worker's verifier, which shares no code with the draw and reads the published bundle over HTTP.</summary>
    private async Task AssertRecomputableAsync(Guid drawing, CancellationToken ct)
    {
        using var verifier = Process.Start(new ProcessStartInfo("dotnet", [ProgramLocations.Worker.Assembly, "verify-drawing", new Uri(host.Api, $"api/v1/drawings/{drawing}/proof").ToString()]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var verdict = await verifier.StandardOutput.ReadToEndAsync(ct);
        await verifier.WaitForExitAsync(ct);
        Assert.True(verifier.ExitCode == 2, verdict);
        Assert.Contains("recomputed, but not independent", verdict, StringComparison.Ordinal);
    }

    private async Task AssertFirstPageLivesAsync(string email, CancellationToken ct)
    {
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = host.Web };
        var welcome = await browser.GetStringAsync("", ct);
        Assert.Contains("Open drawings", welcome, StringComparison.Ordinal);
        var token = welcome.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["email"] = email, ["password"] = TestMembers.Password, ["__RequestVerificationToken"] = token });
        using var signedIn = await browser.PostAsync("sign-in", form, ct);
        var page = await signedIn.Content.ReadAsStringAsync(ct);
        Assert.Contains("Left to today", page, StringComparison.Ordinal);
        Assert.Contains("My rank", page, StringComparison.Ordinal);
        Assert.Contains("The last proof", page, StringComparison.Ordinal);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement page) => page.GetProperty("items").EnumerateArray();
}
