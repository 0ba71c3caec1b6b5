using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Xunit;
using static FitTrack.Tests.Worker.Simulators.StravaSteps;

namespace FitTrack.Tests.Worker.Simulators;

public sealed class StravaOAuthTests(SimulatorServer simulators)
{
    private const string Api = "strava/api/v3/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("client_id=999&redirect_uri=http://localhost/&response_type=code&scope=read", "client_id")]
    [InlineData("client_id=10001&redirect_uri=nowhere&response_type=code&scope=read", "redirect_uri")]
    [InlineData("client_id=10001&redirect_uri=http://localhost/&response_type=token&scope=read", "response_type")]
    public async Task Authorize_WhenTheLinkIsWrong_NamesTheField(string query, string field)
    {
        var world = await simulators.OpenAsync();

        using var answer = await world.NewClient().GetAsync("strava/oauth/authorize?" + query, Ct);

        Assert.Equal(field, (await answer.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Authorize_WhenDenied_GoesBackWithStateAndError()
    {
        var world = await simulators.OpenAsync();

        using var answer = await world.NewClient().PostAsync(AuthorizeLink(world), new FormUrlEncodedContent([new("cancel", "true")]), Ct);

        Assert.Equal($"{Back}?state=s%201&error=access_denied", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Code_WorksOnceAndWithTheSecretOnly()
    {
        var world = await simulators.OpenAsync();
        var (code, scope) = await AuthorizeAsync(world, "read", "activity:read_all");

        using var wrong = await TokenAsync(world, [new("grant_type", "authorization_code"), new("code", code)], secret: "wrong");
        using var first = await TokenAsync(world, [new("grant_type", "authorization_code"), new("code", code)]);
        using var second = await TokenAsync(world, [new("grant_type", "authorization_code"), new("code", code)]);

        Assert.Equal("read,activity:read_all", scope);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var tokens = await first.ReadJsonAsync();
        Assert.Equal(21600, tokens.GetProperty("expires_in").GetInt32());
        Assert.Equal(world.Clock.Now.AddHours(6).ToUnixTimeSeconds(), tokens.GetProperty("expires_at").GetInt64());
        Assert.True(tokens.GetProperty("athlete").GetProperty("id").GetInt64() > 0);
        Assert.Equal("""{"message":"Bad Request","errors":[{"resource":"AuthorizationCode","field":"code","code":"invalid"}]}""", (await second.ReadJsonAsync(HttpStatusCode.BadRequest)).GetRawText());
    }

    [Fact]
    public async Task Code_WhenOld_HasExpired()
    {
        var world = await simulators.OpenAsync();
        var (code, _) = await AuthorizeAsync(world, "read");
        world.Clock.Advance(TimeSpan.FromMinutes(11));

        using var answer = await TokenAsync(world, [new("grant_type", "authorization_code"), new("code", code)]);

        Assert.Equal("expired", (await answer.ReadJsonAsync(HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Refresh_Always_EndsTheOldRefreshTokenAtOnce()
    {
        var world = await simulators.OpenAsync();
        var tokens = await ConnectAsync(world, "activity:read_all");
        var old = tokens.GetProperty("refresh_token").GetString()!;

        var early = await (await RefreshAsync(world, old)).ReadJsonAsync();
        using var replayed = await RefreshAsync(world, old);
        world.Clock.Advance(TimeSpan.FromHours(5.5));
        var late = await (await RefreshAsync(world, early.GetProperty("refresh_token").GetString()!)).ReadJsonAsync();

        Assert.False(early.TryGetProperty("athlete", out _));
        Assert.Equal(tokens.GetProperty("access_token").GetString(), early.GetProperty("access_token").GetString());
        Assert.Equal("""{"message":"Bad Request","errors":[{"resource":"RefreshToken","field":"refresh_token","code":"invalid"}]}""", (await replayed.ReadJsonAsync(HttpStatusCode.BadRequest)).GetRawText());
        Assert.NotEqual(early.GetProperty("access_token").GetString(), late.GetProperty("access_token").GetString());
        world.Clock.Advance(TimeSpan.FromHours(6));
        using var expired = await As(world, late).GetAsync(Api + "athlete", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
    }

    [Fact]
    public async Task Tokens_OfAnEarlierRun_AreTakenUpUntilTheyAreReplaced()
    {
        var first = await simulators.OpenAsync(change: o => o.HistoryDays = 90);
        var tokens = await ConnectAsync(first, "activity:read_all");
        var refresh = tokens.GetProperty("refresh_token").GetString()!;
        var before = await As(first, tokens).GetJsonAsync(Api + "athlete/activities?per_page=200");
        var second = await simulators.OpenAsync(change: o => (o.HistoryDays, o.RememberEarlierRuns) = (90, true));
        var forgetful = await simulators.OpenAsync();

        var after = await As(second, tokens).GetJsonAsync(Api + "athlete/activities?per_page=200");
        var renewed = await (await RefreshAsync(second, refresh)).ReadJsonAsync();
        using var replayed = await RefreshAsync(second, refresh);
        using var forged = await RefreshAsync(second, refresh[..^1] + (refresh[^1] == '0' ? '1' : '0'));
        using var forgotten = await RefreshAsync(forgetful, refresh);

        Assert.Equal(before.GetRawText(), after.GetRawText());
        Assert.NotEqual(refresh, renewed.GetProperty("refresh_token").GetString());
        Assert.All([replayed, forged, forgotten], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
    }

    [Fact]
    public async Task Tokens_OfTheDemo_BeginAnewAsOftenAsTheDemoDoes()
    {
        var world = await simulators.OpenAsync(change: o => o.DemoUsers = 2);
        var mia = Assert.Single(DemoTrackers.BesideOf(world.Options.Seed, 2, TrackerService.Strava));

        var first = await (await RefreshAsync(world, mia.Secret!)).ReadJsonAsync();
        using var left = await As(world, first).PostAsync("strava/oauth/deauthorize", null, Ct);
        using var over = await As(world, first).GetAsync(Api + "athlete", Ct);
        var second = await (await RefreshAsync(world, mia.Secret!)).ReadJsonAsync();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (left.StatusCode, over.StatusCode));
        Assert.Equal(mia.Account, $"{(await As(world, second).GetJsonAsync(Api + "athlete")).GetProperty("id").GetInt64()}");
        Assert.Equal(DemoAccounts.MemberEmail, mia.Name);
    }
}
