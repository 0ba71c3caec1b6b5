using System.Net;
using FitTrack.Api.Http;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class RateLimitTests : IAsyncLifetime
{
    private static readonly string MasterKey = Convert.ToBase64String(new byte[32]);

    private HttpHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HttpHost.StartAsync(
            app =>
            {
                app.MapGet("/read", () => "read");
                app.MapPost("/write", () => "written");
                app.MapGet("/board", () => "board").CountAs(RateLimitKind.Leaderboard);
                app.MapPost("/webhook", () => "taken").DisableRateLimiting();
            },
            settings: [("RateLimits:Reads", "5"), ("RateLimits:Writes", "3"), ("RateLimits:Leaderboards", "4"), ("RateLimits:BlockAfterRefusals", "10"), ("Security:MasterKey", MasterKey), ("Proxies:Trusted:0", "192.0.2.0/24")]);
        _client = _host.NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Get_WithinTheLimit_TellsWhatIsLeft()
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        for (var left = 4; left >= 0; left--)
        {
            using var response = await _client.GetAsync("/read");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("5", Header(response, "X-RateLimit-Limit"));
            Assert.Equal($"{left}", Header(response, "X-RateLimit-Remaining"));
            Assert.Equal($"{TestClock.Start.AddMinutes(1).ToUnixTimeSeconds()}", Header(response, "X-RateLimit-Reset"));
        }
    }

    [Fact]
    public async Task Get_OverTheLimit_Is429UntilTheWindowEnds()
    {
        _host.Clock.Advance(TimeSpan.FromSeconds(20));
        await SendAsync(_client, HttpMethod.Get, "/read", 5);
        using (var refused = await _client.GetAsync("/read"))
        {
            await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
            Assert.Equal(TimeSpan.FromSeconds(40), refused.Headers.RetryAfter?.Delta);
            Assert.Equal("0", Header(refused, "X-RateLimit-Remaining"));
            Assert.True(refused.Headers.Contains("X-Correlation-Id"));
        }

        _host.Clock.Advance(TimeSpan.FromSeconds(40));
        using var later = await _client.GetAsync("/read");
        Assert.Equal("4", Header(later, "X-RateLimit-Remaining"));
    }

    [Fact]
    public async Task Send_WhenKindsDiffer_CountsThemApart()
    {
        await SendAsync(_client, HttpMethod.Get, "/read", 5);
        await SendAsync(_client, HttpMethod.Post, "/write", 3);
        await SendAsync(_client, HttpMethod.Get, "/board", 4);
        foreach (var (method, url) in new[] { (HttpMethod.Get, "/read"), (HttpMethod.Post, "/write"), (HttpMethod.Get, "/board") })
        {
            using var refused = await _client.SendJsonAsync(method, url, null);
            await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task Send_WhenMembersShareAnAddress_CountsThemApart()
    {
        using var one = _host.NewClient(TestTokens.For(Guid.NewGuid(), _host.Clock.Now));
        using var other = _host.NewClient(TestTokens.For(Guid.NewGuid(), _host.Clock.Now));
        await SendAsync(one, HttpMethod.Get, "/read", 5);
        await SendAsync(other, HttpMethod.Get, "/read", 5);
        await SendAsync(_client, HttpMethod.Get, "/read", 5);
        using var refused = await one.GetAsync("/read");
        await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Send_WhenExempt_IsNotCounted()
    {
        await SendAsync(_client, HttpMethod.Post, "/webhook", 20);
        await SendAsync(_client, HttpMethod.Get, "/health/live", 20);
        using var response = await _client.GetAsync("/api/v1/health");
        Assert.False(response.Headers.Contains("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task Get_WhenThereIsNoRoute_IsCountedToo()
    {
        for (var i = 0; i < 5; i++)
            (await _client.GetAsync("/nothing")).Dispose();
        using var refused = await _client.GetAsync("/nothing");
        await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Get_WhenTheCallerKeepsHammering_IsBlockedForAQuarterOfAnHour()
    {
        await SendAsync(_client, HttpMethod.Get, "/read", 5);
        for (var i = 0; i < 10; i++)
            (await _client.GetAsync("/read")).Dispose();

        _host.Clock.Advance(TimeSpan.FromMinutes(14));
        using (var blocked = await _client.SendJsonAsync(HttpMethod.Post, "/write", null))
        {
            await blocked.ReadProblemAsync(HttpStatusCode.TooManyRequests);
            Assert.Equal(TimeSpan.FromMinutes(1), blocked.Headers.RetryAfter?.Delta);
        }

        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(_client, HttpMethod.Get, "/read", 5);
    }

    /// <summary>Loopback is a client like any other: whoever could say where they come from would have as many limits as they like.</summary>
    [Fact]
    public async Task Get_WhenAStrangerSaysWhereTheyComeFrom_CountsTheStranger()
    {
        for (var i = 0; i < 5; i++)
        {
            using var response = await _client.SendJsonAsync(HttpMethod.Get, "/read", null,
                ("X-Forwarded-For", $"203.0.113.{i}"), ("X-Real-IP", $"203.0.113.{i}"), ("Forwarded", $"for=203.0.113.{i}"), (ClientAddress.ProofHeader, "guessed"));
            Assert.Equal($"{4 - i}", Header(response, "X-RateLimit-Remaining"));
        }
    }

    [Fact]
    public async Task Get_WhenTheWebFrontEndForwards_CountsTheVisitor()
    {
        var proof = ClientAddress.FrontEndProof(new ConfigurationBuilder().AddInMemoryCollection([new("Security:MasterKey", MasterKey)]).Build());
        for (var i = 0; i < 8; i++)
        {
            using var response = await _client.SendJsonAsync(HttpMethod.Get, "/read", null, ("X-Forwarded-For", $"203.0.113.{i}"), (ClientAddress.ProofHeader, proof!));
            Assert.Equal("4", Header(response, "X-RateLimit-Remaining"));
        }
    }

    [Fact]
    public async Task Get_WhenAConfiguredProxyForwards_CountsTheAddressBehindIt()
    {
        await using var host = await HttpHost.StartAsync(
            app => app.MapGet("/read", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}"),
            settings: [("Proxies:Trusted:0", "127.0.0.1"), ("Proxies:Trusted:1", "192.0.2.0/24")]);
        using var client = host.NewClient();
        // The left-most address is the visitor's own invention; the first one that is no proxy of ours is where they come from.
        using var response = await client.SendJsonAsync(HttpMethod.Get, "/read", null, ("X-Forwarded-For", "10.9.8.7, 203.0.113.5, 192.0.2.44"), ("X-Forwarded-Proto", "https, https, https"));
        Assert.Equal("203.0.113.5 https", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Send_WhenTheAddressIsBlocked_IsRefusedWhoeverSignsIn()
    {
        for (var i = 0; i < 15; i++)
            (await _client.GetAsync("/read")).Dispose();
        using var member = _host.NewClient(TestTokens.For(Guid.NewGuid(), _host.Clock.Now));
        using var refused = await member.GetAsync("/read");
        await refused.ReadProblemAsync(HttpStatusCode.TooManyRequests);
        // Providers' webhooks and health checks are not for the blocked to lose.
        using var webhook = await _client.PostAsync("/webhook", null);
        Assert.Equal(HttpStatusCode.OK, webhook.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.5")]
    [InlineData("2001:db8:1:2::1")]
    public void Caller_WrittenForOtherInstances_ReadsTheSame(string address)
    {
        var caller = Caller.Address(IPAddress.Parse(address));
        Assert.True(Caller.TryParse(caller.ToKey(), out var fromKey));
        Assert.True(Caller.TryParseAddress(caller.ToAddress(), out var fromAddress));
        Assert.Equal((caller, caller), (fromKey, fromAddress));
    }

    [Fact]
    public void Forget_WhenBlocksAreOver_KeepsTheOthersOnly()
    {
        var blocks = new AddressBlocks(Microsoft.Extensions.Options.Options.Create(new RateLimitOptions()));
        var (over, running) = (Caller.Address(IPAddress.Parse("192.0.2.1")), Caller.Address(IPAddress.Parse("192.0.2.2")));
        blocks.Learn(over, 100);
        blocks.Learn(running, 200);
        blocks.Forget(100);
        Assert.Equal((null, 200L), (blocks.UntilFor(over, 50), blocks.UntilFor(running, 50)));
        blocks.Forget(200);
        Assert.Null(blocks.UntilFor(running, 50));
    }

    [Fact]
    public void Merge_WhenMessagesComeTwiceOrLate_CountsEachRequestOnce()
    {
        var counter = new RateLimitCounter(Microsoft.Extensions.Options.Options.Create(new RateLimitOptions { Reads = 100 }));
        var caller = Caller.Member(Guid.NewGuid());
        foreach (var reads in new[] { 20, 50, 50, 30 })
            counter.Merge("b", new CallerCounts(1, caller, reads, 0, 0, 0));
        counter.Merge("c", new CallerCounts(1, caller, 10, 0, 0, 0));
        counter.Merge("c", new CallerCounts(0, caller, 99, 0, 0, 0));
        Assert.Equal(39, counter.Count(caller, RateLimitKind.Read, 60).Remaining);
    }

    [Theory]
    [InlineData("203.0.113.5", "::ffff:203.0.113.5", true)]
    [InlineData("203.0.113.5", "203.0.113.6", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void Address_WhenOfOneCustomer_IsOneCaller(string first, string second, bool same) =>
        Assert.Equal(same, Caller.Address(IPAddress.Parse(first)) == Caller.Address(IPAddress.Parse(second)));

    [Fact]
    public async Task Count_WhenManyThreadsCount_LetsExactlyTheLimitPass()
    {
        var counter = new RateLimitCounter(Microsoft.Extensions.Options.Options.Create(new RateLimitOptions { Reads = 1000 }));
        var caller = Caller.Member(Guid.NewGuid());
        var allowed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), (_, _) =>
        {
            if (counter.Count(caller, RateLimitKind.Read, 60).Allowed)
                Interlocked.Increment(ref allowed);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(1000, allowed);
    }

    private static async Task SendAsync(HttpClient client, HttpMethod method, string url, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var response = await client.SendJsonAsync(method, url, null);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
