using System.Net;
using System.Text;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static FitTrack.Tests.Worker.Simulators.StravaSteps;

namespace FitTrack.Tests.Worker.Simulators;

public sealed class StravaSimulatorTests(SimulatorServer simulators)
{
    private const string Api = "strava/api/v3/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutToken_IsRefusedInStravasShape()
    {
        var world = await simulators.OpenAsync();

        using var answer = await world.NewClient(("Authorization", "Bearer none")).GetAsync(Api + "athlete/activities", Ct);

        var fault = await answer.ReadJsonAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("""{"message":"Authorization Error","errors":[{"resource":"Athlete","field":"access_token","code":"invalid"}]}""", fault.GetRawText());
    }

    [Fact]
    public async Task Activities_WithoutTheirScope_AreRefused()
    {
        var world = await simulators.OpenAsync();
        var client = As(world, await ConnectAsync(world, "read"));

        using var athlete = await client.GetAsync(Api + "athlete", Ct);
        using var activities = await client.GetAsync(Api + "athlete/activities", Ct);

        Assert.Equal(HttpStatusCode.OK, athlete.StatusCode);
        Assert.Equal("activity:read_permission", (await activities.ReadJsonAsync(HttpStatusCode.Unauthorized)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Activities_AreTheSameOnEveryPathToThem()
    {
        var world = await simulators.OpenAsync(change: o => o.HistoryDays = 90);
        var tokens = await ConnectAsync(world, "read", "activity:read_all");
        var client = As(world, tokens);

        var all = (await client.GetJsonAsync(Api + "athlete/activities?per_page=200")).EnumerateArray().ToList();
        var pages = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var some = (await client.GetJsonAsync($"{Api}athlete/activities?per_page=4&page={page}")).EnumerateArray().ToList();
            pages.AddRange(some);
            if (some.Count < 4)
                break;
        }

        Assert.True(all.Count > 8);
        Assert.Equal(all.Select(Id), pages.Select(Id));
        Assert.Equal(all.Select(a => a.GetProperty("start_date").GetDateTimeOffset()).OrderDescending(), all.Select(a => a.GetProperty("start_date").GetDateTimeOffset()));
        var middle = all[all.Count / 2].GetProperty("start_date").GetDateTimeOffset().ToUnixTimeSeconds();
        var after = (await client.GetJsonAsync($"{Api}athlete/activities?after={middle}&per_page=200")).EnumerateArray().Select(Id);
        var before = (await client.GetJsonAsync($"{Api}athlete/activities?before={middle}&per_page=200")).EnumerateArray().Select(Id);
        Assert.Equal(all.Take(all.Count / 2).Select(Id).Reverse(), after);
        Assert.Equal(all.Skip((all.Count / 2) + 1).Select(Id), before);
        Assert.Equal(Id(all[0]), Id(await client.GetJsonAsync($"{Api}activities/{Id(all[0])}")));
        using var unknown = await client.GetAsync(Api + "activities/1", Ct);
        Assert.Equal("Record Not Found", (await unknown.ReadJsonAsync(HttpStatusCode.NotFound)).GetProperty("message").GetString());
        var shoe = await client.GetJsonAsync($"{Api}gear/g{tokens.GetProperty("athlete").GetProperty("id").GetInt64()}");
        Assert.True(shoe.GetProperty("primary").GetBoolean());
    }

    [Fact]
    public async Task Limit_WhenReached_Answers429UntilTheQuarterHourAndCountsOn()
    {
        var world = await simulators.OpenAsync(change: o => o.StravaReadLimit = 3);
        var client = As(world, await ConnectAsync(world, "read"));

        for (var used = 1; used <= 3; used++)
        {
            using var answer = await client.GetAsync(Api + "athlete", Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("200,2000", Header(answer, "X-RateLimit-Limit"));
            Assert.Equal($"{used},{used}", Header(answer, "X-RateLimit-Usage"));
            Assert.Equal("3,1000", Header(answer, "X-ReadRateLimit-Limit"));
            Assert.Equal($"{used},{used}", Header(answer, "X-ReadRateLimit-Usage"));
        }

        using var over = await client.GetAsync(Api + "athlete", Ct);
        world.Clock.MoveTo(TestClock.Start.AddMinutes(15));
        using var later = await client.GetAsync(Api + "athlete", Ct);

        Assert.Equal("""{"message":"Rate Limit Exceeded","errors":[{"resource":"Application","field":"rate limit","code":"exceeded"}]}""", (await over.ReadJsonAsync(HttpStatusCode.TooManyRequests)).GetRawText());
        Assert.Null(over.Headers.RetryAfter);
        Assert.Equal("1,5", Header(later, "X-ReadRateLimit-Usage"));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Limit_ForTheDay_LastsUntilMidnightUtc()
    {
        var world = await simulators.OpenAsync(change: o => o.StravaDailyLimit = 1);
        var client = As(world, await ConnectAsync(world, "read"));
        async Task<HttpStatusCode> AskAsync()
        {
            using var answer = await client.GetAsync(Api + "athlete", Ct);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync());
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync());
        world.Clock.MoveTo(new(2026, 11, 19, 0, 0, 0, TimeSpan.Zero));
        var renewed = await AskAsync();

        // The token has expired meanwhile, which is another answer than too many.
        Assert.Equal(HttpStatusCode.Unauthorized, renewed);
    }

    [Fact]
    public async Task Webhook_OfAnEffort_TellsWhereToLookAndNoMore()
    {
        var world = await simulators.OpenAsync();
        var athlete = (await ConnectAsync(world, "activity:read_all")).GetProperty("athlete").GetProperty("id").GetInt64();

        foreach (var what in new[] { "workout", "correct", "delete" })
            await (await world.NewClient().PostJsonAsync($"control/strava/accounts/{athlete}/{what}", new { })).ReadJsonAsync();

        var events = world.Webhooks.Requests.Select(r => JsonElement.Parse(r.Body)).ToList();
        Assert.Equal(["create", "update", "delete"], events.Select(e => e.GetProperty("aspect_type").GetString()));
        Assert.All(events, e => Assert.Equal((athlete, world.Options.StravaSubscriptionId), (e.GetProperty("owner_id").GetInt64(), e.GetProperty("subscription_id").GetInt64())));
        Assert.Single(events.Select(e => e.GetProperty("object_id").GetInt64()).Distinct());
        Assert.All(world.Webhooks.Requests, r => Assert.Empty(r.Headers));
    }

    [Fact]
    public async Task Deauthorize_EndsTheTokensAndTellsByWebhook()
    {
        var world = await simulators.OpenAsync();
        var tokens = await ConnectAsync(world, "read");
        var client = As(world, tokens);

        using var ended = await client.PostAsync("strava/oauth/deauthorize", null, Ct);
        using var after = await client.GetAsync(Api + "athlete", Ct);
        await world.Sandbox.Webhooks.PostedAsync();

        Assert.Equal(tokens.GetProperty("access_token").GetString(), (await ended.ReadJsonAsync()).GetProperty("access_token").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Equal("false", JsonElement.Parse(Assert.Single(world.Webhooks.Requests).Body).GetProperty("updates").GetProperty("authorized").GetString());
    }

    [Fact]
    public async Task Subscribe_WhenTheCallbackEchoesTheChallenge_IsTheOnlyOne()
    {
        using var receiver = new Challenged();
        var world = await simulators.OpenAsync(receiver: receiver, change: o => o.StravaWebhook = null);
        var credentials = $"client_id={world.Options.StravaClientId}&client_secret={world.Options.StravaClientSecret}";
        Task<HttpResponseMessage> SubscribeAsync() => world.NewClient().PostAsync(Api + "push_subscriptions", new StringContent(
            $"{credentials}&verify_token=v&callback_url=http%3A%2F%2Flocalhost%2Fhook", Encoding.UTF8, "application/x-www-form-urlencoded"), Ct);

        receiver.Token = "another";
        using var refused = await SubscribeAsync();
        receiver.Token = "v";
        using var accepted = await SubscribeAsync();
        using var second = await SubscribeAsync();
        var listed = await world.NewClient().GetJsonAsync($"{Api}push_subscriptions?{credentials}");

        Assert.Equal("not verifiable", (await refused.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("code").GetString());
        var id = (await accepted.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetInt64();
        Assert.Equal("already exists", (await second.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("code").GetString());
        Assert.Equal(id, listed[0].GetProperty("id").GetInt64());
    }

    private static long Id(JsonElement activity) => activity.GetProperty("id").GetInt64();

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    /// <summary>A callback that answers the challenge when the token is its own.</summary>
    private sealed class Challenged : HttpMessageHandler
    {
        public string Token { get; set; } = "";

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
            return Task.FromResult(query["hub.verify_token"] == Token && query["hub.mode"] == "subscribe"
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonHelpers.Body($$"""{"hub.challenge":"{{query["hub.challenge"]}}"}""") }
                : new HttpResponseMessage(HttpStatusCode.Forbidden));
        }
    }
}
