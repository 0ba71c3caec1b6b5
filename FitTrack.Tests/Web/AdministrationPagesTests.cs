using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>What administrators do in the browser, with JavaScript off: every form is a form.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class AdministrationPagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Member_WhenFoundByEmail_IsGivenPointsAndSuspendedAndClosed()
    {
        var member = await site.Api.NewMemberAsync();
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(1280, await site.SignedInAsync(Viewer.Admin), hasScript: false);
        var page = tab.Page;
        await page.GotoAsync("/admin/members");
        await page.GetByLabel("E-mail").FillAsync(member.Email);
        await page.ClickButtonAsync("Show");
        await page.GetByRole(AriaRole.Link, new() { Name = member.DisplayName! }).ClickAsync();

        await page.GetByLabel("Points, negative to take").FillAsync("-5");
        await page.GetByLabel("Reason").FillAsync("Given by mistake");
        await page.ClickButtonAsync("Book");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("below zero");
        await page.GetByLabel("Points, negative to take").FillAsync("25");
        await page.GetByLabel("Reason").FillAsync("Helped at the race");
        await page.ClickButtonAsync("Book");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("+25 points are booked.");

        await page.GetByLabel("Status").SelectOptionAsync("suspended");
        await page.ClickButtonAsync("Save");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Saved.");
        await page.GetByLabel("Yes, close this account").CheckAsync();
        await page.ClickButtonAsync("Close account");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The account is closed.");

        await using var db = site.Database.Open();
        Assert.Equal(UserStatus.Deleted, await db.Set<User>().IgnoreQueryFilters().Where(u => u.Id == member.Id).Select(u => u.Status).SingleAsync(Ct));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Boards_WhenCleared_AreReadAnewAndStandInTheAuditLog()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(390, await site.SignedInAsync(Viewer.Admin), hasScript: false);
        await tab.Page.GotoAsync("/admin/jobs");
        await tab.Page.ClickButtonAsync("Read all boards anew");
        await Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Every board is read anew");
        await tab.AssertFitsAsync();
        await tab.Page.GotoAsync("/admin/audit?action=leaderboards.clear");
        await Expect(tab.Page.Locator("tbody tr").First).ToContainTextAsync("leaderboards.clear");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Fairness_WithNonsense_IsRefusedBesideTheField()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(1280, await site.SignedInAsync(Viewer.Admin), hasScript: false);
        Assert.Equal(422, (await tab.Page.GotoAsync("/admin/fairness?lightPerMinute=-1&openTenths=1.5"))!.Status);
        await Expect(tab.Page.GetByLabel("OPEN")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal(422, (await tab.Page.GotoAsync("/admin/fairness?From=2026-11-20&To=2026-11-01"))!.Status);
        await Expect(tab.Page.GetByLabel("From")).ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task Pages_WhenTheViewerIsNoAdministrator_AreNotShown()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(1280, await site.SignedInAsync(Viewer.Member));
        foreach (var admins in SitePages.All.Where(p => p.As == Viewer.Admin && p.Find is null))
        {
            var answer = await tab.Page.GotoAsync(admins.Route);
            Assert.Equal(404, answer!.Status);
            await Expect(tab.Page.Locator(".admin-places")).ToHaveCountAsync(0);
        }
    }
}
