using System.Text.RegularExpressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>One member's way from the registration to a verified win, in a real browser, on a phone.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class JourneyTests(TestSite site)
{
    private static readonly TimeSpan Sales = TimeSpan.FromMinutes(15);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Member_FromTheRegistrationToTheAddressOfThePrize_FindsEveryStep()
    {
        await using var tab = await site.NewPageAsync(390);
        var (page, email, drawingName) = (tab.Page, TestMembers.NewEmail(), "Watch " + Guid.NewGuid().ToString("N")[..8]);
        var id = await RegisterAsync(tab, email);
        await ConnectAsync(tab);
        await EarnAsync(tab, id);

        var drawing = await site.NewDrawingAsync(await site.NewAdminAsync(), drawingName, sales: Sales);
        await BuyAsync(tab, drawing);
        site.Api.Clock.Advance(Sales);
        await site.RunDueDrawingsAsync();
        await page.GotoAsync("/drawings/" + drawing);
        await Expect(page.Locator(".head .pill").Last).ToHaveTextAsync("Being drawn");
        site.Api.Clock.Advance(Sales / 3);
        await site.RunDueDrawingsAsync();

        await page.GotoAsync("/tickets");
        var ticket = page.Locator(".ticket").Filter(new() { HasText = drawingName });
        await Expect(ticket.GetByText("Won", new() { Exact = true })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await ticket.GetByRole(AriaRole.Link, new() { Name = "To my prizes" }).ClickAsync();
        await ClaimAsync(tab, drawingName);

        await page.GotoAsync("/drawings/" + drawing);
        await Expect(page.GetByText("You won!")).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Verify this drawing" }).ClickAsync();
        await Expect(page.Locator("#verdict")).ToHaveTextAsync("recomputed, but not independent");
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    /// <summary>Opens an account, confirms it by the mailed link and signs in.</summary>
    private async Task<Guid> RegisterAsync(BrowserPage tab, string email)
    {
        var page = tab.Page;
        await page.GotoAsync("/register");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(TestMembers.Password);
        await page.GetByLabel("Display name").FillAsync("Runner " + Guid.NewGuid().ToString("N")[..10]);
        await page.Locator("select[name=Sex]").SelectOptionAsync("female");
        await page.Locator("select[name=Level]").SelectOptionAsync("intermediate");
        await page.GetByLabel("Date of birth").FillAsync("1990-04-12");
        await page.GetByLabel("State").FillAsync("TX");
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Create the account");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your mail" })).ToBeVisibleAsync();
        await using var db = site.Database.Open();
        var id = await db.Set<User>().Where(u => u.Email == email).Select(u => u.Id).SingleAsync(Ct);
        await page.GotoAsync("/verify-email?token=" + await site.Api.MailedTokenAsync(id));
        await page.ClickButtonAsync("Confirm my e-mail address");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your address is confirmed" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.GotoAsync("/");
        await page.SignInAsync(email, TestMembers.Password);
        return id;
    }

    /// <summary>The start page, which knows the profile and shows the tier, leads to the tracker.</summary>
    private async Task ConnectAsync(BrowserPage tab)
    {
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin" }).ClickAsync();
        await Expect(page.Locator("[aria-current=step]")).ToContainTextAsync("Connect a tracker");
        await Expect(page.GetByText("F-30-39-INT")).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect a tracker" }).ClickAsync();
        await page.ClickButtonAsync("Fitbit");
        await page.ClickButtonAsync("FITBIT"); // the provider's page
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Fitbit has agreed.");
        await site.ProcessAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Fitbit is connected. Your first data is on its way.");
    }

    /// <summary>A run, told by the provider's webhook, becomes points that the first page shows.</summary>
    private async Task EarnAsync(BrowserPage tab, Guid member)
    {
        await using var db = site.Database.Open();
        var account = await db.Set<ProviderConnection>().Where(c => c.UserId == member).Select(c => c.ExternalUserId).SingleAsync(Ct);
        await site.World.ActAsync("terra", account, "workout", new { sport = "Run", minutes = 60 });
        await tab.Page.GotoAsync("/");
        await Expect(tab.Page.Locator("#today a[href='/points']")).ToHaveTextAsync(new Regex("^[1-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await tab.AssertFitsAsync();
    }

    private static async Task BuyAsync(BrowserPage tab, Guid drawing)
    {
        var page = tab.Page;
        await page.GotoAsync("/drawings");
        await page.Locator($"a[href='/drawings/{drawing}']").First.ClickAsync();
        await page.WaitForURLAsync("**/drawings/" + drawing);
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Buy tickets");
        await page.ClickButtonAsync("Pay 100 points");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are in" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
    }

    /// <summary>Gives the address on the page of prizes, which then says that it is confirmed.</summary>
    private static async Task ClaimAsync(BrowserPage tab, string drawing)
    {
        var page = tab.Page;
        var prize = page.Locator(".card").Filter(new() { HasText = drawing });
        await tab.AssertFitsAsync();
        await prize.GetByRole(AriaRole.Link, new() { Name = "Give my address" }).ClickAsync();
        foreach (var (label, text) in new[] { ("Name of the recipient", "Ana Runner"), ("Street and number", "1 Main Street"), ("City", "Austin"), ("State", "TX"), ("Postal code", "78701") })
            await page.GetByLabel(label).FillAsync(text);
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Send it there");
        await Expect(page.GetByText("Thank you. We ship it soon and tell you by mail.")).ToBeVisibleAsync();
        await page.GotoAsync("/prizes");
        await Expect(prize.Locator(".pill")).ToHaveTextAsync("To be shipped");
        await tab.AssertFitsAsync();
    }
}
