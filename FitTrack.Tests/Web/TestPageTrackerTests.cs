using System.Globalization;
using FitTrack.Core.Activities;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Trackers on the test page, in a real browser, with the simulated providers.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class TestPageTrackerTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("3", "Connect tracker via test page")]
    public async Task Connect_ByTheProvidersPage_AddsTheTracker()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await OpenAsync(page, member);
        await Expect(page.Part("connections")).ToHaveTextAsync("No tracker is connected.");

        await page.GetByLabel("Provider").SelectOptionAsync("Fitbit");
        var consent = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Connect Tracker" }).ClickAsync());
        await Expect(page.Part("status")).ToContainTextAsync("Waiting for Fitbit");
        await Expect(page.Part("busy")).ToBeVisibleAsync();
        await Expect(consent.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Connect a tracker");
        // The tab that comes back is signed in nowhere; this one finishes for it.
        await page.RunAndWaitForResponseAsync(() => consent.GetByRole(AriaRole.Button, new() { Name = "FITBIT" }).ClickAsync(), r => r.Url.EndsWith("/connections/fitbit/callback", StringComparison.Ordinal));
        await site.ProcessAsync();

        await Expect(page.Part("status")).ToHaveTextAsync("Fitbit connected");
        await Expect(page.Part("busy")).ToBeHiddenAsync();
        await Expect(TrackersOf(page)).ToHaveCountAsync(1);
        await Expect(TrackersOf(page)).ToContainTextAsync("Fitbit");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("3", "Trigger manual sync via test page")]
    public async Task Sync_WhenTriggered_BringsNewActivities()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        var account = await ConnectedAsync(page, member);
        var log = page.Part("activities").Locator("tbody tr");
        await Expect(page.Part("activities")).ToHaveTextAsync("No activities yet.");
        site.World.Sandbox.Terra.Find(account)!.AddSteps(Today, 3_000);

        var request = await page.RunAndWaitForRequestAsync(
            () => TrackersOf(page).GetByRole(AriaRole.Button, new() { Name = "Trigger Sync" }).ClickAsync(), r => r.Method == "POST");

        Assert.EndsWith("/api/v1/connections/fitbit/sync", request.Url, StringComparison.Ordinal);
        await Expect(page.Part("status")).ToHaveTextAsync("Sync queued for Fitbit");
        await Expect(page.Part("busy")).ToBeVisibleAsync();
        await site.SyncAsync(member);
        await Expect(log.Filter(new() { HasText = "Steps" }).First).ToBeVisibleAsync();
        await Expect(page.Part("busy")).ToBeHiddenAsync();
        await page.ShowTabAsync("Tracker Simulator");
        await using var db = site.Database.Open();
        await Expect(log).ToHaveCountAsync(await db.Set<Activity>().CountAsync(a => a.UserId == member.Id, Ct));
        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    [Scenario("3", "View synced activities via test page")]
    public async Task ActivityLog_WhenActivitiesCame_ShowsWhatTheyAreAndTheirMetrics(int width)
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;
        var account = await ConnectedAsync(page, member);
        await site.World.ActAsync("terra", account, "workout", new { sport = "Run", minutes = 40 });
        await site.World.ActAsync("terra", account, "day", new { steps = 30_000 });

        await page.ShowTabAsync("Tracker Simulator");

        Assert.Equal(["Activity", "When", "Duration", "Intensity", "Points"], await page.Part("activities").Locator("th").AllTextContentsAsync());
        var rows = page.Part("activities").Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3);
        foreach (var kind in new[] { "Workout", "Steps", "Active minutes" })
            await Expect(rows.Filter(new() { HasText = kind })).ToHaveCountAsync(1);
        var run = rows.Filter(new() { HasText = "Run" });
        await Expect(run).ToContainTextAsync(site.Api.Clock.Now.Year.ToString(CultureInfo.InvariantCulture));
        await Expect(run).ToContainTextAsync("40 min");
        await Expect(run).ToContainTextAsync("Vigorous");
        // As many as count in a day; the simulated member walks some more.
        await Expect(rows.Filter(new() { HasText = "Steps" })).ToContainTextAsync("+200, adjusted for tier F-30-39-INT");

        await run.GetByRole(AriaRole.Button).ClickAsync();
        var json = page.GetByRole(AriaRole.Dialog).Locator(".json");
        await Expect(json).ToContainTextAsync("\"metrics\"");
        await Expect(json).ToContainTextAsync("\"maxHeartRate\"");
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("3", "Disconnect tracker via test page")]
    public async Task Disconnect_WhenConfirmed_RemovesTheTracker()
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        var account = await ConnectedAsync(page, member);
        var disconnect = TrackersOf(page).GetByRole(AriaRole.Button, new() { Name = "Disconnect" });

        await disconnect.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Disconnect Fitbit?");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(TrackersOf(page)).ToHaveCountAsync(1);
        await disconnect.ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Disconnect" }).ClickAsync();

        await Expect(page.Part("status")).ToHaveTextAsync("Fitbit disconnected");
        await Expect(page.Part("connections")).ToHaveTextAsync("No tracker is connected.");
        await site.Api.RunDeferredWorkAsync();
        Assert.Null(site.World.Sandbox.Terra.Find(account));
        Assert.Empty(tab.Complaints);
    }

    private DateOnly Today => site.World.Sandbox.Efforts.DayOf(site.Api.Clock.Now);

    private static ILocator TrackersOf(IPage page) => page.Part("connections").Locator("tbody tr");

    private static async Task OpenAsync(IPage page, TestMember member)
    {
        await page.SignInOnTestPageAsync(member);
        await page.ShowTabAsync("Tracker Simulator");
    }

    /// <summary>The tracker tab of a member who has connected a Fitbit; answers its account at Terra.</summary>
    private async Task<string> ConnectedAsync(IPage page, TestMember member)
    {
        var account = await site.ConnectAsync(member);
        await OpenAsync(page, member);
        await Expect(TrackersOf(page)).ToHaveCountAsync(1);
        return account;
    }
}
