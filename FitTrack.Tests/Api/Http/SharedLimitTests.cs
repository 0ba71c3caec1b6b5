using System.Globalization;
using System.Net;
using FitTrack.Core.Messaging;
using FitTrack.Core.Security;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Http;

/// <summary>Two Apis on one database: what one counted, the other knows a second later.</summary>
public sealed class SharedLimitTests(PostgresServer server) : IAsyncLifetime
{
    private const string Url = "/api/v1/drawings";

    private TestDatabase _database = null!;
    private ApiFactory _here = null!;
    private ApiFactory _there = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync(Ct);
        _here = NewApi(new TestClock());
        _there = NewApi(_here.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Get_WhenTheOtherInstanceCountedToo_IsRefusedOverTheCommonLimit()
    {
        using var here = _here.CreateClient();
        using var there = _there.CreateClient();
        var heard = new TaskCompletionSource();
        using var subscription = _there.Services.GetRequiredService<IMessageBus>()
            .Subscribe("rate_limit", counts => { if (counts.EndsWith("|12|0|0|0", StringComparison.Ordinal)) heard.TrySetResult(); }, () => { });
        for (var i = 0; i < 12; i++)
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(here)).Status);
        await heard.Task.WaitAsync(Ct);

        for (var left = 7; left >= 0; left--)
            Assert.Equal((HttpStatusCode.OK, left), await GetAsync(there));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(there)).Status);
    }

    [Fact]
    public async Task Get_WhenTheAddressIsBlockedByOneInstance_IsRefusedByAllOfThemAndByOnesThatStartLater()
    {
        using var here = _here.CreateClient();
        using var there = _there.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(there)).Status);
        for (var i = 0; i < 40; i++)
            await GetAsync(here);

        await using var db = _database.Open();
        await Until.HoldsAsync("the block", () => db.Set<BlockedAddress>().AnyAsync(Ct));
        Assert.Equal(RemoteAddress.Usual, (await db.Set<BlockedAddress>().SingleAsync(Ct)).Address);

        // The minute in which it was refused is over: only the block is left.
        _here.Clock.Advance(TimeSpan.FromMinutes(2));
        await Until.HoldsAsync("the other instance to hear of it", async () => (await GetAsync(there)).Status == HttpStatusCode.TooManyRequests);
        await using var later = NewApi(_here.Clock);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await GetAsync(later.CreateClient())).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(later.CreateClient(), "198.51.100.8")).Status);

        _here.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(later.CreateClient())).Status);
    }

    private ApiFactory NewApi(TestClock clock) =>
        new(_database.ConnectionString, clock) { Settings = { ["RateLimits:Reads"] = "20", ["RateLimits:BlockAfterRefusals"] = "10" } };

    private static async Task<(HttpStatusCode Status, int Left)> GetAsync(HttpClient client, string? from = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        if (from is not null)
            request.Headers.Add(RemoteAddress.Header, from);
        using var response = await client.SendAsync(request, Ct);
        var left = response.Headers.TryGetValues("X-RateLimit-Remaining", out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : 0;
        return (response.StatusCode, left);
    }
}
