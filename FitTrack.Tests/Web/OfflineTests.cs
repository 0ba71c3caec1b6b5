using FitTrack.AppHost.Local;
using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>What the service worker does when the site cannot be reached, what it keeps, and transitions between pages.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class OfflineTests(TestSite site)
{
    [Fact]
    public async Task Page_WhenTheSiteIsDown_SaysSoShowsNothingPrivateAndRecovers()
    {
        var member = await site.NewMemberAsync(points: 777);
        // Not one that somebody else is given while nobody listens there.
        var (web, address) = site.NewWeb(Ports.FreePort());
        try
        {
            await using var tab = await site.NewPageAsync(390, at: address);
            var page = tab.Page;
            await page.GotoAsync("/?ReturnUrl=/points");
            await page.SignInAsync(member.Email, member.Password);
            await Expect(page.GetByText("777").First).ToBeVisibleAsync();
            await AwaitWorkerAsync(page);
            await page.ReloadAsync();
            var kept = await page.EvaluateAsync<string[]>("caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys())))).then(all => all.flat().map(r => new URL(r.url).pathname))");
            Assert.Contains("/offline", kept);
            Assert.All(kept, path => Assert.Matches(@"^/offline$|^/[a-z]+(\.[a-z0-9]+)?\.(css|svg)$", path));
            Assert.Empty(tab.Complaints);

            await web.DisposeAsync();
            await page.GotoAsync("/points");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are offline" })).ToBeVisibleAsync();
            await Expect(page.GetByText("777")).ToHaveCountAsync(0);
            Assert.Equal("700", await page.Locator(".brand").EvaluateAsync<string>("e => getComputedStyle(e).fontWeight"));
            await tab.AssertFitsAsync();

            (web, _) = site.NewWeb(address.Port);
            await page.GetByRole(AriaRole.Link, new() { Name = "Try again" }).ClickAsync();
            await Expect(page.GetByText("Left to today")).ToBeVisibleAsync();
        }
        finally
        {
            await web.DisposeAsync();
        }
    }

    [Fact]
    public async Task Pages_ThatAreTheSameForEverybody_FollowTheThemeThatWasChosen()
    {
        var (web, address) = site.NewWeb();
        try
        {
            await using var tab = await site.NewPageAsync(390, at: address);
            var page = tab.Page;
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.GotoAsync("/drawings");
            await AwaitWorkerAsync(page);
            await page.ClickButtonAsync("Dark");
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
            await page.GotoAsync("/verify/");
            await AssertSchemeAsync("dark");
            Assert.Empty(tab.Complaints);

            await web.DisposeAsync();
            await page.GotoAsync("/drawings");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are offline" })).ToBeVisibleAsync();
            await AssertSchemeAsync("dark");

            Task AssertSchemeAsync(string scheme) => Expect(page.Locator("html")).ToHaveCSSAsync("color-scheme", scheme);
        }
        finally
        {
            await web.DisposeAsync();
        }
    }

    [Fact]
    public async Task Page_WhenTheSiteIsDownAndNothingWasKept_StillSaysSo()
    {
        var (web, address) = site.NewWeb();
        try
        {
            await using var tab = await site.NewPageAsync(390, at: address);
            var page = tab.Page;
            await page.GotoAsync("/drawings");
            await AwaitWorkerAsync(page);
            await page.EvaluateAsync("caches.keys().then(names => Promise.all(names.map(name => caches.delete(name))))");

            await web.DisposeAsync();
            var answer = await page.GotoAsync("/drawings");

            Assert.Equal(503, answer!.Status);
            await Expect(page.GetByText("FitTrack cannot be reached.")).ToBeVisibleAsync();
            (web, _) = site.NewWeb(address.Port);
            await page.GetByRole(AriaRole.Link, new() { Name = "Try again" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Join" })).ToBeVisibleAsync();
        }
        finally
        {
            await web.DisposeAsync();
        }
    }

    [Fact]
    public async Task Transition_FromPageToPage_HasNothingToComplainAbout()
    {
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        await page.GotoAsync("/register");
        foreach (var (link, heading) in new[] { ("Drawings", "Drawings"), ("Verify a drawing", "Verify a drawing") })
        {
            await page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);
        }

        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Drawings");
        // The browser gives a transition up whose window changes.
        var clicked = page.GetByRole(AriaRole.Link, new() { Name = "Join" }).ClickAsync();
        for (var width = 400; width < 640; width += 20)
            await page.SetViewportSizeAsync(width, 700);
        await clicked;
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Create an account");
        await page.WaitForLoadStateAsync();
        Assert.Empty(tab.Complaints);
    }

    /// <summary>Until it has this page, the worker has not taken part.</summary>
    private static async Task AwaitWorkerAsync(IPage page) =>
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise(done => { navigator.serviceWorker.oncontrollerchange = done; })).then(() => true)");
}
