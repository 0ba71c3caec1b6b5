using System.Text.RegularExpressions;
using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>The member's own page of trackers: in a real browser, on a phone, with the simulated providers.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class TrackersPageTests(TestSite site)
{
    [Fact]
    public async Task Fitbit_FromConsentToDisconnect_IsShownAsItIs()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/");
        await page.SignInAsync(member.Email, member.Password);
        await page.Locator("summary", new() { HasText = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Trackers" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing connected yet" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();

        await page.ClickButtonAsync("Fitbit");
        await page.ClickButtonAsync("FITBIT"); // the provider's page
        await Expect(page).ToHaveURLAsync(Result("pending"));
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Fitbit has agreed.");
        await site.ProcessAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Fitbit is connected. Your first data is on its way.");
        var card = page.Locator("section", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Fitbit" }) });
        await Expect(card).ToContainTextAsync("primary");
        await Expect(card).ToContainTextAsync("waiting for data");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Fitbit", Exact = true })).ToHaveCountAsync(0);
        await tab.AssertFitsAsync();

        await site.SyncAsync(member);
        await page.GotoAsync("/trackers");
        await Expect(card).ToContainTextAsync("connected");
        await Expect(card).Not.ToContainTextAsync("not yet");
        await tab.AssertFitsAsync();

        await card.GetByText("Disconnect", new() { Exact = true }).ClickAsync();
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Disconnect Fitbit");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Fitbit is disconnected. Your activities stay.");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing connected yet" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Return_OfSomebodyWhoIsNotSignedIn_LeadsToTheSignInAndIsFinishedThen()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync((await TrackersFixture.InitiateAsync(member, "strava")).AbsoluteUri);
        await page.ClickButtonAsync("Authorize");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in to finish" }).ClickAsync();
        await page.SignInAsync(member.Email, member.Password);
        await Expect(page).ToHaveURLAsync(Result("connected"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Strava" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Make primary" })).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Return_OnceMoreOrToSomebodyElse_TellsEachHowThingsAre()
    {
        var (member, other) = (await site.Api.NewMemberAsync(), await site.Api.NewMemberAsync());
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/trackers");
        await page.SignInAsync(member.Email, member.Password);
        var back = "";
        page.Request += (_, request) => back = request.Url.Contains("/trackers/return/", StringComparison.Ordinal) ? request.Url : back;
        await page.ClickButtonAsync("Fitbit");
        await page.ClickButtonAsync("FITBIT");
        await Expect(page).ToHaveURLAsync(Result("pending"));
        await site.ProcessAsync();

        await page.GotoAsync(back);
        await Expect(page).ToHaveURLAsync(Result("expired"));
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Fitbit is connected.");

        await using var others = await site.NewPageAsync(390);
        await others.Page.GotoAsync("/?ReturnUrl=/trackers");
        await others.Page.SignInAsync(other.Email, other.Password);
        await Expect(others.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing connected yet" })).ToBeVisibleAsync();
        await others.Page.GotoAsync(back);
        await Expect(others.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You began no such sign-in");
        await others.Page.GotoAsync("/trackers?provider=fitbit&result=connected");
        await Expect(others.Page.GetByRole(AriaRole.Heading, new() { Name = "Nothing connected yet" })).ToBeVisibleAsync();
        await Expect(others.Page.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Reconnect_OfATrackerThatWasRevoked_IsNotDoneBeforeItIs()
    {
        var member = await site.Api.NewMemberAsync();
        var account = await site.ConnectAsync(member);
        await site.World.ActAsync("terra", account, "events/access_revoked");
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/trackers");
        await page.SignInAsync(member.Email, member.Password);
        await Expect(page.GetByText("needs reconnect")).ToBeVisibleAsync();
        await page.GotoAsync("/trackers?provider=fitbit&result=waiting");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Fitbit has agreed.");

        await page.ClickButtonAsync("Sign in again");
        await page.ClickButtonAsync("FITBIT");
        await Expect(page).ToHaveURLAsync(Result("pending"));
        await site.ProcessAsync();
        await page.GotoAsync("/trackers?provider=fitbit&result=pending");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Fitbit is connected. Your first data is on its way.");
        await Expect(page.GetByText("needs reconnect")).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Disconnect_OfWhatIsGoneAlready_ShowsThePageAsItIs()
    {
        var member = await site.Api.NewMemberAsync();
        await site.ConnectAsync(member);
        await using var tab = await site.NewPageAsync(390, hasScript: false);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/trackers");
        await page.SignInAsync(member.Email, member.Password);
        await page.GotoAsync("/trackers?provider=your_prize_is_at_evil.example&result=connected");
        await Expect(page.GetByText("evil.example")).ToHaveCountAsync(0);
        await page.GetByText("Disconnect", new() { Exact = true }).ClickAsync();
        using (var gone = await member.Client.DeleteAsync("/api/v1/connections/fitbit", TestContext.Current.CancellationToken))
            Assert.True(gone.IsSuccessStatusCode);

        await page.ClickButtonAsync("Disconnect Fitbit");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing connected yet" })).ToBeVisibleAsync();
    }

    private static Regex Result(string end) => new($@"/trackers\?provider=(fitbit|strava)&result={end}$", RegexOptions.None, TimeSpan.FromSeconds(1));
}
