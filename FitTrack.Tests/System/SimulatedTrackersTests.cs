using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace FitTrack.Tests.SystemTests;

/// <summary>A new member connects each simulated provider the way a browser does, and what happens there arrives here: every hop over HTTP.</summary>
[Collection(nameof(SharedAppHost))]
public sealed class SimulatedTrackersTests(AppHostFixture host)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Simulators => host.Process.Url("Simulators");

    [Fact]
    public async Task Fitbit_ConnectedThroughTheWidget_EarnsPoints()
    {
        var member = (await host.NewMemberAsync()).Client;
        var page = await InitiateAsync(member, "fitbit");
        Assert.Equal(Simulators.Authority, page.Authority);

        var back = await AgreeAsync(page, ("provider", "FITBIT"));
        await ReturnAsync(member, back, "connected", "pending");
        var connection = await AppHostFixture.UntilAsync("the connection", () => ConnectionAsync(member, "fitbit"), c => c?.Status == "connected");
        Assert.True(connection?.IsPrimary);

        var account = QueryHelpers.ParseQuery(back.Query)["user_id"].ToString();
        await ActAsync("terra", account, "day", new { steps = 12_000, twist = "Twice" });
        var balance = await AppHostFixture.UntilAsync("the points", async () => (await member.GetJsonAsync("api/v1/points/balance")).GetProperty("balance").GetInt64(), b => b >= 120);
        Assert.True(balance < 1_000, $"One day of about 12,000 steps earned {balance} points.");

        using var ended = await member.DeleteAsync("api/v1/connections/fitbit", Ct);
        await ended.ReadJsonAsync();
        await AppHostFixture.UntilAsync("the end of the account", async () => (await AccountsAsync("terra")).Contains(account), isThere => !isThere);
        Assert.Equal(balance, (await member.GetJsonAsync("api/v1/points/balance")).GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task Strava_ConnectedThroughOAuth_BringsActivitiesThatScoreNothing()
    {
        var member = (await host.NewMemberAsync()).Client;
        var before = await AccountsAsync("strava");
        var page = await InitiateAsync(member, "strava");

        await ReturnAsync(member, await AgreeAsync(page, ("agree", "true"), ("scope", "read"), ("scope", "activity:read_all")), "connected");
        await AppHostFixture.UntilAsync("the connection", () => ConnectionAsync(member, "strava"), c => c?.Status == "connected");
        await AppHostFixture.UntilAsync("the first activities", () => ActivitiesAsync(member), a => a.Count > 0);
        // Longer than anything that the seed makes.
        await ActAsync("strava", Assert.Single((await AccountsAsync("strava")).Except(before)), "workout", new { sport = "Ride", minutes = 100 });

        var activities = await AppHostFixture.UntilAsync("the new one", () => ActivitiesAsync(member), all => all.Exists(a => a.GetProperty("durationSeconds").GetInt32() == 6_000));
        Assert.All(activities, a => Assert.Equal(("strava", 0), (a.GetProperty("source").GetString(), a.GetProperty("pointsEarned").GetInt32())));
    }

    [Fact]
    public async Task Hevy_ConnectedWithAKey_BringsWorkouts()
    {
        var member = (await host.NewMemberAsync()).Client;
        using var simulators = new HttpClient { BaseAddress = Simulators };
        using var added = await simulators.PostJsonAsync("control/hevy/accounts", new { name = "Hilda" });
        var key = (await added.ReadJsonAsync()).GetProperty("id").GetString();

        using var refused = await member.PostJsonAsync("api/v1/connections/hevy/initiate", new { apiKey = "none of mine" });
        await refused.ReadInvalidAsync("apiKey");
        using var connected = await member.PostJsonAsync("api/v1/connections/hevy/initiate", new { apiKey = key });
        await connected.ReadJsonAsync();

        await AppHostFixture.UntilAsync("the connection", () => ConnectionAsync(member, "hevy"), c => c?.Status == "connected");
        var workouts = await AppHostFixture.UntilAsync("the first activities", () => ActivitiesAsync(member), a => a.Count > 0);
        Assert.All(workouts, a => Assert.Equal("hevy", a.GetProperty("source").GetString()));
    }

    private static async Task<Uri> InitiateAsync(HttpClient member, string provider)
    {
        using var answer = await member.PostJsonAsync($"api/v1/connections/{provider}/initiate", new { });
        return new Uri((await answer.ReadJsonAsync()).GetProperty("authUrl").GetString()!);
    }

    /// <summary>Reads the provider's page and agrees; answers where the browser is sent back to.</summary>
    private static async Task<Uri> AgreeAsync(Uri page, params (string Name, string Value)[] fields)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        Assert.Contains("<form", await browser.GetStringAsync(page, Ct), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await browser.PostAsync(page, form, Ct);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
    }

    /// <summary>Follows to the Api, which sends the browser on to the front end; the member finishes there with one of these results, once.</summary>
    private async Task ReturnAsync(HttpClient member, Uri back, params string[] results)
    {
        Assert.Equal(host.Api.Authority, back.Authority);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var first = await browser.GetAsync(back, Ct);
        Assert.Equal(host.Web.Authority, first.Headers.Location!.Authority);
        Assert.Contains(await member.FinishSignInAsync(first), results);
        using var again = await browser.GetAsync(back, Ct);
        Assert.Equal("expired", await member.FinishSignInAsync(again));
    }

    private async Task<HttpResponseMessage> ActAsync(string provider, string account, string what, object effort, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var simulators = new HttpClient { BaseAddress = Simulators };
        var answer = await simulators.PostJsonAsync($"control/{provider}/accounts/{account}/{what}", effort);
        Assert.Equal(expected, answer.StatusCode);
        return answer;
    }

    /// <summary>The accounts there are; the demo's members have some from the start, and a sign-in without one makes another.</summary>
    private async Task<List<string>> AccountsAsync(string provider)
    {
        using var simulators = new HttpClient { BaseAddress = Simulators };
        var state = await simulators.GetJsonAsync("control");
        return [.. state.GetProperty("providers").EnumerateArray().Single(p => p.GetProperty("name").GetString() == provider)
            .GetProperty("accounts").EnumerateArray().Select(a => a.GetProperty("id").GetString()!)];
    }

    private static async Task<(string Status, bool IsPrimary)?> ConnectionAsync(HttpClient member, string provider) =>
        (await member.GetJsonAsync("api/v1/connections")).GetProperty("items").EnumerateArray()
            .Where(c => c.GetProperty("provider").GetString() == provider)
            .Select(c => ((string, bool)?)(c.GetProperty("status").GetString()!, c.GetProperty("isPrimary").GetBoolean())).FirstOrDefault();

    private static async Task<List<JsonElement>> ActivitiesAsync(HttpClient member) =>
        [.. (await member.GetJsonAsync("api/v1/activities?per_page=100")).GetProperty("items").EnumerateArray()];
}
