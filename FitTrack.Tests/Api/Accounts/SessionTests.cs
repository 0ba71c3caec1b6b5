using System.Net;
using System.Net.Http.Headers;
using FitTrack.Core.Accounts;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class SessionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("2", "Successful access token refresh")]
    public async Task Refresh_WhenValid_RotatesBothTokens()
    {
        var member = await api.NewMemberAsync();
        var (access, refresh) = await RefreshAsync(api.Factory, member.RefreshToken);
        Assert.NotEqual(member.RefreshToken, refresh);
        Assert.NotEqual(member.AccessToken, access);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(api.NewClient(), access));
        await using var db = api.OpenDb();
        var hash = SecretToken.HashOf(member.RefreshToken);
        Assert.NotNull(await db.Set<RefreshToken>().Where(t => t.TokenHash == hash).Select(t => t.UsedAt).SingleAsync(Ct));
    }

    [Fact]
    public async Task Refresh_WhenASecondTabFollowsWithinTenSeconds_GivesTheSameSuccessor()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        var (_, first) = await RefreshAsync(own, member.RefreshToken);
        own.Clock.Advance(TimeSpan.FromSeconds(10));
        var (_, second) = await RefreshAsync(own, member.RefreshToken);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Refresh_WhenManyTabsRace_AllGetTheSameSuccessor()
    {
        var member = await api.NewMemberAsync();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => (await RefreshAsync(api.Factory, member.RefreshToken)).Refresh));
        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Refresh_WhenTheSessionIsAtItsEnd_AsksForASignInHoweverOftenItWasUsed()
    {
        Assert.Equal(TimeSpan.FromDays(90), new AccountsOptions().SessionLifetime);
        await using var own = new ApiFactory(api.Database.ConnectionString);
        // A day instead of three months, of which each week would need a refresh.
        own.Settings["Accounts:SessionLifetime"] = "1.00:00:00";
        var member = await own.NewMemberAsync();
        var refresh = member.RefreshToken;
        for (var hour = 8; hour < 24; hour += 8)
        {
            own.Clock.Advance(TimeSpan.FromHours(8));
            (_, refresh) = await RefreshAsync(own, refresh);
        }

        own.Clock.Advance(TimeSpan.FromHours(8));
        await InvalidAsync(own, refresh, "Refresh token expired, please log in again");
    }

    [Fact]
    public async Task Refresh_WhenReusedLater_RevokesTheFamilyAndItsAccessTokens()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        var (access, successor) = await RefreshAsync(own, member.RefreshToken);
        own.Clock.Advance(TimeSpan.FromSeconds(11));

        await InvalidAsync(own, member.RefreshToken, "Invalid refresh token");
        await InvalidAsync(own, successor, "Invalid refresh token");
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(own.CreateClient(), access));
        await using var db = api.OpenDb();
        Assert.Equal(SessionEnd.TokenReused, await db.Set<UserSession>().Where(s => s.UserId == member.Id).Select(s => s.RevokedFor).SingleAsync(Ct));
    }

    [Fact]
    [Scenario("2", "Refresh fails for expired refresh token")]
    public async Task Refresh_WhenExpired_Is401()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        own.Clock.Advance(TimeSpan.FromDays(8));
        await InvalidAsync(own, member.RefreshToken, "Refresh token expired, please log in again");
    }

    [Theory]
    [Scenario("2", "Refresh fails for invalid refresh token")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refresh_WhenUnknown_Is401(string token) => await InvalidAsync(api.Factory, token, "Invalid refresh token");

    [Fact]
    public async Task Refresh_WhenOnlyTheCookieIsSent_Works()
    {
        var member = await api.NewMemberAsync();
        using var response = await api.NewClient().PostJsonAsync("/api/v1/auth/refresh", new { }, ("Cookie", $"fittrack_refresh={member.RefreshToken}"));
        await response.ReadJsonAsync();
    }

    [Fact]
    public async Task Logout_WhenCalled_EndsThisSessionAtOnceAndNoOther()
    {
        var member = await api.NewMemberAsync();
        var (otherAccess, _) = await api.NewClient().LoginAsync(member.Email);
        using var response = await member.Client.PostJsonAsync("/api/v1/auth/logout", null);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        using var refused = await member.Client.GetAsync("/api/v1/users/me", Ct);
        Assert.Equal("Invalid token", (await refused.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
        await InvalidAsync(api.Factory, member.RefreshToken, "Invalid refresh token");
        Assert.Equal(HttpStatusCode.OK, await MeAsync(api.NewClient(), otherAccess));
    }

    [Fact]
    public async Task LogoutAll_WhenCalled_EndsEverySession()
    {
        var member = await api.NewMemberAsync();
        var (otherAccess, otherRefresh) = await api.NewClient().LoginAsync(member.Email);
        using var response = await member.Client.PostJsonAsync("/api/v1/auth/logout-all", null);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(api.NewClient(), otherAccess));
        await InvalidAsync(api.Factory, otherRefresh, "Invalid refresh token");
    }

    [Fact]
    public async Task Logout_WhenAnotherInstanceHasTheToken_IsHeardThereFromTheDatabase()
    {
        await using var second = new ApiFactory(api.Database.ConnectionString);
        var member = await api.NewMemberAsync();
        Assert.Equal(HttpStatusCode.OK, await MeAsync(second.CreateClient(), member.AccessToken));
        using var response = await member.Client.PostJsonAsync("/api/v1/auth/logout", null);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        // The bus needs real time, the look into the database only the clock's.
        using var elsewhere = second.CreateClient();
        await Until.HoldsAsync("the other instance to look", async () =>
        {
            second.Clock.Advance(TimeSpan.FromSeconds(5));
            return await MeAsync(elsewhere, member.AccessToken) == HttpStatusCode.Unauthorized;
        });
        using var refused = await elsewhere.GetAsync("/api/v1/users/me", Ct);
        Assert.Equal("Invalid token", (await refused.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }

    [Fact]
    public async Task Sessions_WhenListed_TellDevicesAndWhichIsThis()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await LoginFromAsync(own, member, Firefox);
        var list = await member.Client.GetJsonAsync("/api/v1/users/me/sessions");
        var items = list.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, list.GetProperty("pagination").GetProperty("total").GetInt32());
        Assert.Equal(["Firefox on Windows", "Unknown device"], items.Select(i => i.GetProperty("device").GetString()));
        Assert.Equal([false, true], items.Select(i => i.GetProperty("isCurrent").GetBoolean()));
        Assert.Equal(own.Clock.Now, items[0].GetProperty("lastUsedAt").GetDateTimeOffset());
        Assert.Equal(own.Clock.Now.AddDays(7), items[0].GetProperty("expiresAt").GetDateTimeOffset());

        own.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefreshAsync(own, member.RefreshToken);
        var refreshed = (await member.Client.GetJsonAsync("/api/v1/users/me/sessions")).GetProperty("items")[0];
        Assert.True(refreshed.GetProperty("isCurrent").GetBoolean());
        Assert.Equal(own.Clock.Now, refreshed.GetProperty("lastUsedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Sessions_WhenOneIsEnded_ItsTokensAreRefusedAtOnce()
    {
        var member = await api.NewMemberAsync();
        var (access, refresh) = await LoginFromAsync(api.Factory, member, Firefox);
        var items = (await member.Client.GetJsonAsync("/api/v1/users/me/sessions")).GetProperty("items").EnumerateArray();
        var id = items.Single(i => !i.GetProperty("isCurrent").GetBoolean()).GetProperty("id").GetGuid();
        using var ended = await member.Client.DeleteAsync($"/api/v1/users/me/sessions/{id}", Ct);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(api.NewClient(), access));
        await InvalidAsync(api.Factory, refresh, "Invalid refresh token");
        using var twice = await member.Client.DeleteAsync($"/api/v1/users/me/sessions/{id}", Ct);
        await twice.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Sessions_WhenItIsSomebodyElses_Is404AndItStays()
    {
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var id = (await other.Client.GetJsonAsync("/api/v1/users/me/sessions")).GetProperty("items")[0].GetProperty("id").GetGuid();
        using var response = await member.Client.DeleteAsync($"/api/v1/users/me/sessions/{id}", Ct);
        await response.ReadProblemAsync(HttpStatusCode.NotFound);
        await other.Client.GetJsonAsync("/api/v1/users/me");
    }

    [Fact]
    public async Task Login_WhenDeviceIsNew_SendsANoticeOnce()
    {
        var member = await api.NewMemberAsync();
        await LoginFromAsync(api.Factory, member, Firefox);
        await LoginFromAsync(api.Factory, member, Firefox.Replace("140", "141", StringComparison.Ordinal));
        await using var db = api.OpenDb();
        var notice = await db.Set<OutboxMessage>().SingleAsync(m => m.UserId == member.Id && m.MessageType == MailTypes.NewDevice, Ct);
        Assert.Contains("Firefox on Windows", notice.Payload, StringComparison.Ordinal);
    }

    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static async Task<(string Access, string Refresh)> LoginFromAsync(ApiFactory factory, TestMember member, string userAgent)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Add("User-Agent", userAgent);
        return await client.LoginAsync(member.Email);
    }

    private static async Task<HttpStatusCode> MeAsync(HttpClient client, string accessToken)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await client.GetAsync("/api/v1/users/me", Ct);
        return response.StatusCode;
    }

    private static async Task<(string Access, string Refresh)> RefreshAsync(ApiFactory factory, string refreshToken)
    {
        using var response = await factory.CreateClient().PostJsonAsync("/api/v1/auth/refresh", new { refreshToken });
        var tokens = await response.ReadJsonAsync();
        return (tokens.GetProperty("accessToken").GetString()!, tokens.GetProperty("refreshToken").GetString()!);
    }

    private static async Task InvalidAsync(ApiFactory factory, string refreshToken, string detail)
    {
        using var response = await factory.CreateClient().PostJsonAsync("/api/v1/auth/refresh", new { refreshToken });
        Assert.Equal(detail, (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }
}
