using System.Net;
using System.Text.Json;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Simulators;
using Xunit;

namespace FitTrack.Tests.Worker.Simulators;

/// <summary>What the page can break: deliveries that are wrong in one way each, and calls that fail as the providers fail; and where it may not run.</summary>
public sealed class FaultTests(SimulatorServer simulators)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("None", true)]
    [InlineData("Malformed", true)]
    [InlineData("BrokenSignature", false)]
    [InlineData("OldTimestamp", false)]
    [InlineData("Unsigned", false)]
    public async Task Signature_IsRightUnlessItIsToBeWrong(string twist, bool right)
    {
        var (world, account) = await ConnectedAsync();

        await DoAsync(world, $"control/terra/accounts/{account}/day", new { twist });

        var sent = Assert.Single(world.Webhooks.Requests);
        foreach (var header in new[] { "X-Terra-Signature", "Terra-Signature" })
            Assert.Equal(right, TerraSignature.Verify(sent.Headers.GetValueOrDefault(header), sent.Body, world.Options.TerraWebhookSecret, world.Clock.Now, Tolerance));
    }

    [Fact]
    public async Task Signature_WhenOnlyItsTimeIsOld_IsRightForThatTime()
    {
        var (world, account) = await ConnectedAsync();

        await DoAsync(world, $"control/terra/accounts/{account}/day", new { twist = "OldTimestamp" });

        var sent = Assert.Single(world.Webhooks.Requests);
        Assert.True(TerraSignature.Verify(sent.Headers["X-Terra-Signature"], sent.Body, world.Options.TerraWebhookSecret, world.Clock.Now.AddMinutes(-10), Tolerance));
    }

    [Fact]
    public async Task Malformed_Delivery_IsNoJson()
    {
        var (world, account) = await ConnectedAsync();

        await DoAsync(world, $"control/terra/accounts/{account}/workout", new { twist = "malformed" });

        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(Assert.Single(world.Webhooks.Requests).Body));
    }

    [Fact]
    public async Task Twice_IsOneDeliveryByItsTraceId()
    {
        var (world, account) = await ConnectedAsync();

        await DoAsync(world, $"control/terra/accounts/{account}/workout", new { twist = "Twice" });

        Assert.Equal(2, world.Webhooks.Requests.Count);
        Assert.Single(world.Webhooks.Requests.Select(r => r.Headers["X-Terra-Trace-Id"]).Distinct(StringComparer.Ordinal));
        Assert.Equal(world.Webhooks.Requests[0].Body, world.Webhooks.Requests[1].Body);
    }

    [Fact]
    public async Task Reordered_BringsTheCorrectionFirstAndItsTimeTells()
    {
        var (world, account) = await ConnectedAsync();

        await DoAsync(world, $"control/terra/accounts/{account}/workout", new { twist = "Reordered", minutes = 40 });

        var sent = world.Webhooks.Requests;
        var seconds = sent.Select(r => JsonElement.Parse(r.Body).GetProperty("data")[0].GetProperty("active_durations_data").GetProperty("activity_seconds").GetInt32());
        var times = sent.Select(r => long.Parse(r.Headers["X-Terra-Ordering-Timestamp"], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([35 * 60, 40 * 60], seconds);
        Assert.True(times[0] > times[1]);
    }

    [Fact]
    public async Task Delivery_WhenRefused_IsTriedAgainOnTerrasSchedule()
    {
        var (world, account) = await ConnectedAsync();
        world.Webhooks.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);
        world.Webhooks.Refusals.Enqueue(HttpStatusCode.ServiceUnavailable);

        await DoAsync(world, $"control/terra/accounts/{account}/workout", new { });
        Assert.Single(world.Webhooks.Requests);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await Until.HoldsAsync("the second attempt", () => world.Sandbox.Webhooks.Reports.Count == 2);
        world.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(2, world.Webhooks.Requests.Count);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await Until.HoldsAsync("the third attempt", () => world.Sandbox.Webhooks.Reports.Count == 3);
        world.Clock.Advance(TimeSpan.FromDays(2));

        Assert.Equal(3, world.Webhooks.Requests.Count);
        Assert.Single(world.Webhooks.Requests.Select(r => r.Headers["X-Terra-Trace-Id"]).Distinct(StringComparer.Ordinal));
        Assert.Equal([3, 2, 1], world.Sandbox.Webhooks.Reports.Select(r => r.Attempt));
    }

    [Fact]
    public async Task Fault_AnswersTheNextCallsInTheProvidersShapeAndThenStops()
    {
        var (world, account) = await ConnectedAsync();
        var strava = world.NewClient(("Authorization", "Bearer none"));
        await DoAsync(world, "control/terra/faults", new { kind = "status", status = 503, times = 2 });
        await DoAsync(world, "control/terra/faults", new { kind = "rateLimit" });
        await DoAsync(world, "control/strava/faults", new { kind = "rateLimit" });
        await DoAsync(world, "control/hevy/faults", new { kind = "status", status = 500 });

        for (var i = 0; i < 2; i++)
        {
            using var failed = await world.NewTerraClient().GetAsync($"terra/api/v2/userInfo?user_id={account}", Ct);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
            Assert.Equal("application/problem+json", failed.Content.Headers.ContentType?.MediaType);
        }

        using var limited = await world.NewTerraClient().GetAsync($"terra/api/v2/userInfo?user_id={account}", Ct);
        Assert.Equal("r2", limited.Headers.GetValues("X-Terra-RateLimit-Rule").Single());
        using var fine = await world.NewTerraClient().GetAsync($"terra/api/v2/userInfo?user_id={account}", Ct);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);

        using var stravaLimited = await strava.GetAsync("strava/api/v3/athlete", Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, stravaLimited.StatusCode);
        Assert.Equal("200,1", stravaLimited.Headers.GetValues("X-RateLimit-Usage").Single());
        using var hevyFailed = await world.NewClient().GetAsync("hevy/v1/user/info", Ct);
        Assert.Equal(HttpStatusCode.InternalServerError, hevyFailed.StatusCode);
    }

    [Fact]
    public async Task Fault_Malformed_IsA200ThatBreaksOff()
    {
        var (world, account) = await ConnectedAsync();
        await DoAsync(world, "control/terra/faults", new { kind = "malformed" });

        using var answer = await world.NewTerraClient().GetAsync($"terra/api/v2/userInfo?user_id={account}", Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.ThrowsAny<JsonException>(() => JsonElement.Parse(text));
    }

    [Fact]
    public async Task Fault_Delay_LastsByTheInjectedClock()
    {
        var (world, account) = await ConnectedAsync();
        await DoAsync(world, "control/terra/faults", new { kind = "delay", seconds = 20 });

        var waiting = world.NewTerraClient().GetAsync($"terra/api/v2/userInfo?user_id={account}", Ct);
        await Until.HoldsAsync("the request", () => world.Sandbox.Faults.Of("terra").Count == 0);
        Assert.False(waiting.IsCompleted);
        await Until.HoldsAsync("the answer", () =>
        {
            world.Clock.Advance(TimeSpan.FromSeconds(20));
            return waiting.IsCompleted;
        });

        using var answer = await waiting;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Run_OutsideDevelopment_Refuses(string environment) =>
        Assert.Equal(1, await SimulatorHost.RunAsync([$"--environment={environment}", "--urls=http://127.0.0.1:0"], Ct));

    [Fact]
    public async Task Page_IsServedWithoutInlineScripts()
    {
        var world = await simulators.OpenAsync();
        var client = world.NewClient();

        using var page = await client.GetAsync("", Ct);
        var html = await page.Content.ReadAsStringAsync(Ct);

        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]* src=)", html);
        foreach (var (file, type) in new[] { ("page.css", "text/css"), ("page.js", "text/javascript") })
        {
            using var answer = await client.GetAsync(file, Ct);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }
    }

    private static async Task DoAsync(SimulatedWorld world, string path, object body)
    {
        using var answer = await world.NewClient().PostJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<(SimulatedWorld World, string Account)> ConnectedAsync()
    {
        var world = await simulators.OpenAsync();
        return (world, world.Sandbox.Terra.Connect("GARMIN", null, null, null, null).User.Id);
    }
}
