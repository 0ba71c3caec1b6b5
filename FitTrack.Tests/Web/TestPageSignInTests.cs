using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Accounts on the test page, in a real browser.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class TestPageSignInTests(TestSite site)
{
    [Fact]
    [Scenario("2", "Login via test page")]
    public async Task Login_WithValidCredentials_ShowsTheTokensAndWhenTheyEnd()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.OpenTestPageAsync("Authentication");

        await page.Part("login").GetByLabel("E-mail").FillAsync(member.Email);
        await page.Part("login").GetByLabel("Password").FillAsync(member.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Login", Exact = true }).ClickAsync();

        await Expect(page.Part("status")).ToHaveTextAsync($"Signed in as {member.Email}.");
        Assert.Equal(3, (await page.GetByLabel("Access token").InputValueAsync()).Split('.').Length);
        Assert.NotEmpty(await page.GetByLabel("Refresh token").InputValueAsync());
        await Expect(page.Part("expires")).ToContainTextAsync((site.Api.Clock.Now.Year).ToString(global::System.Globalization.CultureInfo.InvariantCulture));
        await Expect(page.Locator("#who")).ToContainTextAsync(member.DisplayName!);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("2", "Register via test page")]
    public async Task Register_WithValidData_SaysThatAMailIsOnItsWay()
    {
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.OpenTestPageAsync("Authentication");
        var email = TestMembers.NewEmail();

        var form = page.Part("register");
        await form.GetByLabel("E-mail").FillAsync(email);
        await form.GetByLabel("Password").FillAsync(TestMembers.Password);
        await form.GetByLabel("Display name").FillAsync("Runner " + Guid.NewGuid().ToString("N")[..10]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();

        await Expect(page.Part("status")).ToContainTextAsync("Verification email sent");
        await Expect(page.Part("status")).ToContainTextAsync($"Check the mail of {email}");
        await using var db = site.Database.Open();
        Assert.Equal(UserStatus.Pending, await db.Set<User>().Where(u => u.Email == email).Select(u => u.Status).SingleAsync(TestContext.Current.CancellationToken));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("2", "Test protected endpoint via test page")]
    public async Task ProtectedEndpoint_WhenSignedIn_AnswersWithTheOwnProfile()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("member");
        var token = await page.GetByLabel("Access token").InputValueAsync();

        var request = await page.RunAndWaitForRequestAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Test Protected Endpoint" }).ClickAsync(), r => r.Url.EndsWith("/api/v1/users/me", StringComparison.Ordinal));

        Assert.Equal(("GET", $"Bearer {token}"), (request.Method, await request.HeaderValueAsync("authorization")));
        await Expect(page.Part("answer")).ToContainTextAsync("HTTP 200");
        await Expect(page.Part("answer")).ToContainTextAsync(DemoAccounts.MemberEmail);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("2", "Token stored across test page tabs")]
    public async Task Token_OfTheAuthenticationTab_GoesWithEveryRequestOfTheOthers()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        var header = "Bearer " + await page.GetByLabel("Access token").InputValueAsync();
        var sent = new List<Task<string?>>();
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/test/api/", StringComparison.Ordinal))
                sent.Add(request.HeaderValueAsync("authorization"));
        };

        await page.ShowTabAsync("API Tester");
        Assert.Equal(header, await page.GetByLabel("Authorization header").InputValueAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "List All" }).ClickAsync();
        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 200");
        await page.ShowTabAsync("Reports");
        await Expect(page.Part("integrity")).ToContainTextAsync("no orphaned records");
        // Another page of the same browser tab knows it too.
        await page.OpenTestPageAsync("Leaderboards");
        await Expect(page.Part("rankings").Locator("table, p")).ToBeVisibleAsync();

        var headers = await Task.WhenAll(sent);
        Assert.True(headers.Length >= 5, $"Only {headers.Length} requests.");
        Assert.All(headers, h => Assert.Equal(header, h));
        Assert.Empty(tab.Complaints);
    }
}
