using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class SignInTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_WhenVerified_GivesTokensThatOpenMe()
    {
        var member = await api.NewMemberAsync();

        using var login = await api.NewClient().PostJsonAsync("/api/v1/auth/login", new { email = member.Email.ToUpperInvariant(), password = member.Password });
        var tokens = await login.ReadJsonAsync();
        Assert.Equal("Bearer", tokens.GetProperty("tokenType").GetString());
        Assert.Equal(1800, tokens.GetProperty("expiresIn").GetInt32());
        Assert.Equal(604800, tokens.GetProperty("refreshExpiresIn").GetInt32());
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);

        var me = await member.Client.GetJsonAsync("/api/v1/users/me");
        Assert.Equal(member.Id, me.GetProperty("id").GetGuid());
        Assert.Equal("F-30-39-INT", me.GetProperty("profile").GetProperty("tierCode").GetString());
        Assert.Equal(1000, me.GetProperty("points").GetProperty("remainingToday").GetInt32());

        await using var db = api.OpenDb();
        Assert.Equal(api.Clock.Now, await db.Set<User>().Where(u => u.Id == member.Id).Select(u => u.LastLoginAt).SingleAsync(Ct));
    }
}
