using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Worker.Simulators;

public sealed class TerraSimulatorTests(SimulatorServer simulators)
{
    private const string Api = "terra/api/v2/";
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("activity")]
    [InlineData("auth/deauthenticateUser")]
    [InlineData("userInfo")]
    public async Task Call_WithoutKeys_IsUnauthorizedInTerrasShape(string path)
    {
        var world = await simulators.OpenAsync();
        var method = path.StartsWith("auth", StringComparison.Ordinal) ? HttpMethod.Delete : HttpMethod.Get;

        using var answer = await world.NewClient().SendJsonAsync(method, Api + path, null);

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.ReadJsonAsync(HttpStatusCode.Unauthorized);
        Assert.Equal($$"""{"type":"about:blank","title":"unauthorized","instance":"/{{path}}","detail":"dev-id or x-api-key headers are missing"}""", problem.GetRawText());
    }

    [Fact]
    public async Task Call_WithAnotherKey_IsUnauthorized()
    {
        var world = await simulators.OpenAsync();

        using var answer = await world.NewClient(("dev-id", world.Options.TerraDevId), ("x-api-key", "another")).GetAsync(Api + "userInfo", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("activity?user_id=nobody&start_date=2026-11-01", 404, "user not found")]
    [InlineData("activity?user_id={user}&start_date=yesterday", 400, "invalid start_date")]
    [InlineData("activity?user_id={user}", 400, "invalid start_date")]
    [InlineData("sleep?user_id={user}&start_date=2026-11-01", 400, "data type is not enabled, enable on the dashboard")]
    public async Task Data_WhenItCannotBeAnswered_SaysWhy(string path, int status, string detail)
    {
        var world = await simulators.OpenAsync();
        var user = world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User;

        using var answer = await world.NewTerraClient().GetAsync(Api + path.Replace("{user}", user.Id, StringComparison.Ordinal), Ct);

        Assert.Equal(detail, (await answer.ReadJsonAsync((HttpStatusCode)status)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Data_OfAnAccount_IsTheSameForASeedAndDiffersForAnother()
    {
        async Task<string> DataAsync(int seed, string type)
        {
            // One account in worlds that differ in the seed alone.
            var world = await simulators.OpenAsync(change: o => (o.Seed, o.RememberEarlierRuns) = (seed, true));
            var data = await world.NewTerraClient().GetJsonAsync($"{Api}{type}?user_id=6f0b2c1e-7d5a-4f0e-9a43-1d2c3b4a5f60&start_date=2026-11-01&end_date=2026-11-19&to_webhook=false");
            Assert.Equal(type, data.GetProperty("type").GetString());
            Assert.NotEqual(0, data.GetProperty("data").GetArrayLength());
            return data.GetProperty("data").GetRawText();
        }

        foreach (var type in new[] { "activity", "daily" })
        {
            Assert.Equal(await DataAsync(1, type), await DataAsync(1, type));
            Assert.NotEqual(await DataAsync(1, type), await DataAsync(2, type));
        }
    }

    [Fact]
    public async Task DemoMembers_AreKnownAndBeginToMoveWhenItStarts()
    {
        var world = await simulators.OpenAsync(change: o => o.DemoUsers = 2);
        var mia = DemoTrackers.Of(world.Options.Seed, 1);

        var info = await world.NewTerraClient().GetJsonAsync($"{Api}userInfo?user_id={mia.Account}");
        async Task<List<string>> StartsAsync(string type) =>
            [.. (await world.NewTerraClient().GetJsonAsync($"{Api}{type}?user_id={mia.Account}&start_date=2026-11-10&end_date=2026-12-01&to_webhook=false"))
                .GetProperty("data").EnumerateArray().Select(d => d.GetProperty("metadata").GetProperty("start_time").GetString()![..10])];
        Assert.Empty(await StartsAsync("daily"));
        await world.ActAsync("terra", mia.Account, "day", new { steps = 1 });
        Assert.Equal(["2026-11-18"], await StartsAsync("daily"));
        world.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal(("FITBIT", DemoAccounts.MemberEmail), (info.GetProperty("user").GetProperty("provider").GetString(), mia.Name));
        Assert.Equal(8, (await StartsAsync("daily")).Count);
        Assert.All(await StartsAsync("activity"), day => Assert.True(string.CompareOrdinal(day, "2026-11-18") >= 0));
        Assert.NotEmpty(await StartsAsync("activity"));
    }

    [Fact]
    public async Task Daily_OfToday_GrowsWithTheClockAndNeverBeginsInTheFuture()
    {
        var world = await simulators.OpenAsync();
        var user = world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User;
        async Task<int[]> StepsAsync() =>
            [.. (await world.NewTerraClient().GetJsonAsync($"{Api}daily?user_id={user.Id}&start_date=2026-11-18&end_date=2026-11-21&to_webhook=false"))
                .GetProperty("data").EnumerateArray().Select(d => d.GetProperty("distance_data").GetProperty("steps").GetInt32())];

        var morning = await StepsAsync();
        world.Clock.Advance(TimeSpan.FromHours(4));
        var afternoon = await StepsAsync();

        Assert.True(Assert.Single(morning) < Assert.Single(afternoon));
    }

    [Fact]
    public async Task Data_OfManyDays_ComesByWebhookInChunks()
    {
        var world = await simulators.OpenAsync(change: o => o.HistoryDays = 60);
        var user = world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User;

        var answer = await world.NewTerraClient().GetJsonAsync($"{Api}daily?user_id={user.Id}&start_date=2026-10-01&end_date=2026-11-18&to_webhook=false");
        await world.Sandbox.Webhooks.PostedAsync();

        Assert.False(answer.TryGetProperty("data", out _));
        var sent = world.Webhooks.Requests.Select(r => JsonElement.Parse(r.Body)).ToList();
        Assert.Equal(["large_request_processing", "large_request_sending", "daily"], sent.Select(m => m.GetProperty("type").GetString()).Distinct());
        Assert.Equal(48, sent.Skip(2).Sum(m => m.GetProperty("data").GetArrayLength()));
        Assert.All(sent.Skip(2), m => Assert.InRange(m.GetProperty("data").GetArrayLength(), 1, 10));
        Assert.All(world.Webhooks.Requests, r => Assert.Equal(answer.GetProperty("reference").GetString(), r.Headers["terra-reference"]));
        Assert.EndsWith(":chunk:1", world.Webhooks.Requests[2].Headers["X-Terra-Trace-Id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_OfTooManyDays_IsRateLimitedByTheRuleThatApplies()
    {
        var world = await simulators.OpenAsync();
        var user = world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User;
        Task<HttpResponseMessage> AskAsync(string from) => world.NewTerraClient().GetAsync($"{Api}activity?user_id={user.Id}&start_date={from}&end_date=2026-11-18", Ct);

        using var tooLong = await AskAsync("2020-11-18");
        Assert.Equal(HttpStatusCode.TooManyRequests, tooLong.StatusCode);
        Assert.Equal("r1", tooLong.Headers.GetValues("X-Terra-RateLimit-Rule").Single());
        Assert.Null(tooLong.Headers.RetryAfter);

        foreach (var left in new[] { 4539, 3078, 1617, 156 })
        {
            using var answer = await AskAsync("2022-11-18");
            Assert.Equal($"{left}", answer.Headers.GetValues("X-Terra-RateLimit-Remaining").Single());
        }

        using var tooMany = await AskAsync("2022-11-18");
        Assert.Equal("r2", tooMany.Headers.GetValues("X-Terra-RateLimit-Rule").Single());
        Assert.NotNull(tooMany.Headers.RetryAfter);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        using var later = await AskAsync("2022-11-18");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Widget_WhenSomebodyConnects_SendsTheSignedWebhookAndThenTheBrowser()
    {
        var world = await simulators.OpenAsync();
        using var opened = await world.NewTerraClient().PostJsonAsync("terra/api/widget/session", new
        {
            reference_id = "fittrack-user-1",
            providers = "GARMIN,FITBIT,APPLE",
            auth_success_redirect_url = "https://app.example/done?x=1",
            auth_failure_redirect_url = "https://app.example/failed",
        });
        var session = await opened.ReadJsonAsync(HttpStatusCode.Created);
        var url = session.GetProperty("url").GetString()!;
        var page = await world.NewClient().GetStringAsync(url, Ct);

        using var answer = await world.NewClient().PostAsync(url, new FormUrlEncodedContent([new("provider", "FITBIT")]), Ct);

        Assert.Contains("value=\"FITBIT\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("APPLE", page, StringComparison.Ordinal);
        var sent = Assert.Single(world.Webhooks.Requests);
        Assert.True(TerraSignature.Verify(sent.Headers["X-Terra-Signature"], sent.Body, world.Options.TerraWebhookSecret, world.Clock.Now, Tolerance));
        var auth = JsonElement.Parse(sent.Body);
        Assert.Equal("fittrack-user-1", auth.GetProperty("user").GetProperty("reference_id").GetString());
        var user = auth.GetProperty("user").GetProperty("user_id").GetString();
        Assert.Equal($"https://app.example/done?x=1&user_id={user}&resource=FITBIT&reference_id=fittrack-user-1", answer.Headers.Location?.ToString());
        using var again = await world.NewClient().PostAsync(url, new FormUrlEncodedContent([new("provider", "FITBIT")]), Ct);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
    }

    [Fact]
    public async Task Widget_WhenSomebodyCancels_SaysSoAndConnectsNobody()
    {
        var world = await simulators.OpenAsync();
        using var opened = await world.NewTerraClient().PostJsonAsync("terra/api/widget/session", new { reference_id = "r", providers = "GARMIN", auth_failure_redirect_url = "https://app.example/failed" });
        var url = (await opened.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!;

        using var answer = await world.NewClient().PostAsync(url, new FormUrlEncodedContent([new("cancel", "true")]), Ct);

        Assert.StartsWith("https://app.example/failed?reference_id=r", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal("auth_cancelled", JsonElement.Parse(Assert.Single(world.Webhooks.Requests).Body).GetProperty("type").GetString());
        Assert.Empty(world.Sandbox.Terra.Accounts);
    }

    [Fact]
    public async Task Widget_WhenExpiredOrRetired_IsGone()
    {
        var world = await simulators.OpenAsync();
        using var opened = await world.NewTerraClient().PostJsonAsync("terra/api/widget/session", new { reference_id = "r" });
        var url = (await opened.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!;
        world.Clock.Advance(TimeSpan.FromSeconds(901));
        using var expired = await world.NewClient().GetAsync(url, Ct);
        Assert.Equal(HttpStatusCode.Gone, expired.StatusCode);

        using var retired = await world.NewTerraClient().PostJsonAsync(Api + "auth/generateWidgetSession", new { reference_id = "r" });
        Assert.Equal("error", (await retired.ReadJsonAsync(HttpStatusCode.Gone)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Connect_WithAKnownAccount_SwapsItsId()
    {
        var world = await simulators.OpenAsync();
        var first = world.Sandbox.Terra.Connect("GARMIN", "fittrack-user-1", null, null, null).User;

        var (second, webhooks) = world.Sandbox.Terra.Connect("GARMIN", "fittrack-user-2", first.Id, null, null);

        Assert.Equal(["user_reauth", "auth"], webhooks.Select(w => w.Type));
        var reauth = JsonElement.Parse(webhooks[0].Body);
        Assert.Equal(first.Id, reauth.GetProperty("old_user").GetProperty("user_id").GetString());
        Assert.Equal(second.Id, reauth.GetProperty("new_user").GetProperty("user_id").GetString());
        Assert.Null(world.Sandbox.Terra.User(first.Id));
        Assert.Same(first.Athlete, second.Athlete);
    }

    [Fact]
    public async Task Deauthenticate_WhenKnown_EndsItAndTellsByWebhook()
    {
        var world = await simulators.OpenAsync();
        var user = world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User;
        var client = world.NewTerraClient();

        using var first = await client.DeleteAsync($"{Api}auth/deauthenticateUser?user_id={user.Id}", Ct);
        using var second = await client.DeleteAsync($"{Api}auth/deauthenticateUser?user_id={user.Id}", Ct);
        await world.Sandbox.Webhooks.PostedAsync();

        Assert.Equal("success", (await first.ReadJsonAsync()).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal("deauth", JsonElement.Parse(Assert.Single(world.Webhooks.Requests).Body).GetProperty("type").GetString());
    }

    [Fact]
    public async Task UserInfo_ByReference_ListsAConnectionForEachProvider()
    {
        var world = await simulators.OpenAsync();
        var user = world.Sandbox.Terra.Connect("GARMIN", "r", null, null, null).User;
        world.Sandbox.Terra.Connect("FITBIT", "r", null, null, null);
        world.Sandbox.Terra.Connect("FITBIT", "another", null, null, null);
        var client = world.NewTerraClient();

        var one = await client.GetJsonAsync($"{Api}userInfo?user_id={user.Id}");
        var both = await client.GetJsonAsync($"{Api}userInfo?reference_id=r");

        Assert.Equal("GARMIN", one.GetProperty("user").GetProperty("provider").GetString());
        Assert.Equal(["FITBIT", "GARMIN"], both.EnumerateArray().Select(u => u.GetProperty("user").GetProperty("provider").GetString()!).Order(StringComparer.Ordinal));
    }
}
