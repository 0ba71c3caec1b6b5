using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Worker.Simulators;

/// <summary>The page to play with, in a real browser, on a phone and at a desk.</summary>
[Trait("Category", "Browser")]
public sealed class SimulatorPageTests(SimulatorServer simulators, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task Page_LetsThingsHappenAndGoWrong(int width)
    {
        var world = await simulators.OpenAsync();
        await using var tab = await browser.NewPageAsync(width, world.Url);
        var page = tab.Page;
        await page.GotoAsync("");
        var terra = page.Locator("section", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Terra", Exact = true }) });

        await terra.GetByLabel("Name").FillAsync("Trudi");
        await terra.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(terra.GetByLabel("Account")).ToContainTextAsync("Trudi");
        await terra.GetByLabel("Delivery").SelectOptionAsync("Broken signature");
        await terra.GetByRole(AriaRole.Button, new() { Name = "Produce a workout" }).ClickAsync();
        await terra.GetByRole(AriaRole.Button, new() { Name = "Rate-limit" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Broken signature" })).ToContainTextAsync("200 OK");
        await Expect(terra.GetByText("Planned: 3 × RateLimit")).ToBeVisibleAsync();
        Assert.Equal(["auth", "activity"], world.Sandbox.Webhooks.Reports.Reverse().Select(r => r.Type));
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Consent_WhenAgreedTo_LeadsBack()
    {
        var world = await simulators.OpenAsync();
        await using var tab = await browser.NewPageAsync(390, world.Url);
        var page = tab.Page;
        await page.GotoAsync($"strava/oauth/authorize?client_id={world.Options.StravaClientId}&response_type=code&scope=read,activity:read_all&state=s&redirect_uri={Uri.EscapeDataString(world.Url.ToString())}");

        await page.GetByLabel("Account").SelectOptionAsync([new SelectOptionValue { Index = 1 }]);
        await page.GetByLabel("activity:read_all").UncheckAsync();
        await tab.AssertFitsAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Authorize" }).ClickAsync();

        await page.WaitForURLAsync(url => url.Contains("/?state=s&code=", StringComparison.Ordinal) && url.EndsWith("&scope=read", StringComparison.Ordinal));
        Assert.Empty(tab.Complaints);
    }
}
