using FitTrack.Core.Activities;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>A member's activities with JavaScript off: filters, hiding, pairings, appeals, and addresses of what does not exist.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class ActivityPagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rejection_AppealedAgainst_IsClearedByAnAdministrator()
    {
        var (member, admin) = (await site.Api.NewMemberAsync(), await site.NewAdminAsync());
        await site.World.ActAsync("terra", await site.ConnectAsync(member), "workout", new { sport = "Run", minutes = 40 });
        var (activity, review) = await ReviewAsync(member);
        using (var rejected = await admin.Client.PostJsonAsync($"/api/v1/admin/reviews/{review}/decision", new { decision = "reject", reason = "Not a person's run" }))
            Assert.True(rejected.IsSuccessStatusCode);

        await using var tab = await SignedInAsync(member, 390);
        var page = tab.Page;
        await page.GotoAsync($"/activities/{activity}");
        await Expect(page.Locator("main")).ToContainTextAsync("Not a person's run");
        await page.GetByLabel("Why it should score").FillAsync("no");
        await page.EvaluateAsync("document.querySelector('textarea').removeAttribute('minlength')");
        await page.ClickButtonAsync("Send the appeal");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Why it should score")).ToHaveAttributeAsync("aria-invalid", "true");
        await tab.AssertFitsAsync();
        await page.GetByLabel("Why it should score").FillAsync("I ran with a club, ask them.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the appeal" }).DblClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Your appeal is being read.");
        await Expect(page.GetByLabel("Why it should score")).ToHaveCountAsync(0);
        await tab.AssertFitsAsync();

        await using var desk = await SignedInAsync(admin, 1280);
        await desk.Page.GotoAsync("/admin/reviews?status=appealed");
        var card = desk.Page.Locator("section.card", new() { HasText = "I ran with a club, ask them." });
        await card.GetByLabel("Reason").FillAsync("The club was asked");
        await card.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Cleared: it scores.");
        await page.GotoAsync($"/activities/{activity}");
        await Expect(page.Locator("main")).ToContainTextAsync("Somebody looked at this activity, and it stands.");
    }

    [Fact]
    public async Task Pairing_WhenUndone_LeavesTwoWorkouts()
    {
        var member = await site.Api.NewMemberAsync();
        foreach (var provider in new[] { "fitbit", "garmin" })
            await site.World.ActAsync("terra", await site.ConnectAsync(member, provider), "workout", new { sport = "Run", minutes = 30 });
        await using var db = site.Database.Open();
        var copy = await db.Set<Activity>().Where(a => a.UserId == member.Id && a.DuplicateOfId != null).Select(a => a.Id).SingleAsync(Ct);

        await using var tab = await SignedInAsync(member, 390);
        await tab.Page.GotoAsync($"/activities/{copy}");
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Another tracker recorded this workout too" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await tab.Page.ClickButtonAsync("Undo the pairing");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("The pairing is undone.");
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Another tracker recorded this workout too" })).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Hide_ClickedOnTwoPages_HidesOnce()
    {
        var member = await site.Api.NewMemberAsync();
        await site.World.ActAsync("terra", await site.ConnectAsync(member), "workout", new { sport = "Run", minutes = 30 });
        await using var db = site.Database.Open();
        var activity = await db.Set<Activity>().Where(a => a.UserId == member.Id && a.Kind == ActivityKind.Workout).OrderByDescending(a => a.StartedAt).Select(a => a.Id).FirstAsync(Ct);
        await using var tab = await SignedInAsync(member, 390);
        await tab.Page.GotoAsync($"/activities/{activity}");
        var second = await tab.Page.Context.NewPageAsync();
        await second.GotoAsync($"/activities/{activity}");
        foreach (var page in new[] { tab.Page, second })
        {
            await page.ClickButtonAsync("Hide from my log");
            await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("It is hidden from your log.");
        }
    }

    [Fact]
    public async Task Addresses_OfWhatIsNotThereOrMakesNoSense_AnswerWhatTheyAre()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(390, await site.SignedInAsync(Viewer.Member), hasScript: false);
        foreach (var (address, status, text) in new[]
        {
            ($"/activities/{Guid.Empty}", 404, "There is nothing here"), ($"/imports/{Guid.Empty}", 404, "There is nothing here"),
            ("/activities?from=2026-11-20&to=2026-11-01", 422, "The end is before the start."), ("/points?from=2026-11-20&to=2026-11-01", 422, "The end is before the start."),
            ("/activities?type=nonsense", 422, "The value must be one of workout, steps, active_minutes."), ("/activities?page=999", 200, "Nothing found"), ("/points?to=9999-12-31", 200, "Points"),
        })
        {
            Assert.Equal((address, status), (address, (await tab.Page.GotoAsync(address))!.Status));
            await Expect(tab.Page.Locator("main")).ToContainTextAsync(text);
        }

        await using var desk = await site.NewPageAsync(1280, await site.SignedInAsync(Viewer.Admin), hasScript: false);
        Assert.Equal(404, (await desk.Page.GotoAsync($"/admin/members/{Guid.Empty}"))!.Status);
    }

    private async Task<BrowserPage> SignedInAsync(TestMember member, int width)
    {
        var tab = await site.NewPageAsync(width);
        await tab.Page.GotoAsync("/?ReturnUrl=/activities");
        await tab.Page.SignInAsync(member.Email, member.Password);
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Activities", Level = 1 })).ToBeVisibleAsync();
        return tab;
    }

    /// <summary>A review of the member's newest workout, as an unusual one would have.</summary>
    private async Task<(Guid Activity, Guid Review)> ReviewAsync(TestMember member)
    {
        await using var db = site.Database.Open();
        var activity = await db.Set<Activity>().Where(a => a.UserId == member.Id && a.Kind == ActivityKind.Workout).OrderByDescending(a => a.StartedAt).FirstAsync(Ct);
        var review = ActivityReview.Open(activity.Id, activity.Revision, member.Id, "tier_z_score", """{"zScore":4.2}""", site.Api.Clock.Now);
        db.Add(review);
        await db.SaveChangesAsync(Ct);
        return (activity.Id, review.Id);
    }
}
