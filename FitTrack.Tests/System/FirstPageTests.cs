using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;

namespace FitTrack.Tests.SystemTests;

/// <summary>The first page in a real browser, on a phone and at a desk.</summary>
[Collection(nameof(SharedAppHost)), Trait("Category", "Browser")]
public sealed class FirstPageTests(AppHostFixture host, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Home_SignedOutAndIn_ShowsTheLoopAndTheBrowserHasNoComplaint(int width)
    {
        await using var tab = await browser.NewPageAsync(width, host.Web);
        var page = tab.Page;

        var answer = await page.GotoAsync("/");
        Assert.Contains("default-src", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Open drawings" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();

        await page.SignInAsync(DemoAccounts.MemberEmail, DemoAccounts.Password);

        await Assertions.Expect(page.GetByText("Left to today")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("My rank")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The last proof" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }
}
