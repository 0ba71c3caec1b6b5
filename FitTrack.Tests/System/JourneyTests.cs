using System.Globalization;
using System.Text.RegularExpressions;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.SystemTests;

/// <summary>
/// What the product is for, by its pages alone, in a real browser and against the AppHost as a person starts it: a member on a phone, from the registration
/// to the address for the prize; an administrator at a desk, who makes and executes the drawing.
/// </summary>
[Collection(nameof(SharedAppHost)), Trait("Category", "Browser")]
public sealed class JourneyTests(AppHostFixture host, BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private readonly string _drawing = "Watch " + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task MemberAndAdministrator_FromTheRegistrationToTheAddressOfThePrize_FindEveryStep()
    {
        await using var phone = await browser.NewPageAsync(390, host.Web);
        await using var desk = await browser.NewPageAsync(1280, host.Web);
        var email = TestMembers.NewEmail();
        await RegisterAsync(phone, email);
        var account = await ConnectAsync(phone);
        await EarnAsync(phone, account);

        var drawing = await OpenDrawingAsync(desk);
        await BuyAsync(phone, drawing);
        await ExecuteDrawingAsync(desk);

        await ClaimAsync(phone);
        await phone.Page.GotoAsync("/drawings/" + drawing);
        await Expect(phone.Page.GetByText("You won!")).ToBeVisibleAsync();
        await phone.AssertFitsAsync();
        await phone.Page.GetByRole(AriaRole.Link, new() { Name = "Verify this drawing" }).ClickAsync();
        await Expect(phone.Page.Locator("#verdict")).ToHaveTextAsync("recomputed, but not independent");
        await phone.AssertFitsAsync();
        Assert.Empty(phone.Complaints);
        Assert.Empty(desk.Complaints);
    }

    /// <summary>Opens an account, confirms it by the mailed link and signs in.</summary>
    private async Task RegisterAsync(BrowserPage tab, string email)
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
        await page.GotoAsync("/verify-email?token=" + await host.MailedTokenAsync(email));
        await page.ClickButtonAsync("Confirm my e-mail address");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your address is confirmed" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.GotoAsync("/");
        await page.SignInAsync(email, TestMembers.Password);
    }

    /// <summary>The start page, which knows the profile and shows the tier, leads to the tracker. Answers its account at the provider.</summary>
    private static async Task<string> ConnectAsync(BrowserPage tab)
    {
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin" }).ClickAsync();
        await Expect(page.Locator("[aria-current=step]")).ToContainTextAsync("Connect a tracker");
        await Expect(page.GetByText("F-30-39-INT")).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Connect a tracker" }).ClickAsync();
        await page.ClickButtonAsync("Fitbit");
        var back = await page.RunAndWaitForRequestAsync(() => page.ClickButtonAsync("FITBIT"), r => r.Url.Contains("user_id=", StringComparison.Ordinal)); // the provider's page
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Fitbit");
        await AppHostFixture.UntilAsync(
            "the connected tracker",
            async () =>
            {
                await page.GotoAsync("/trackers?provider=fitbit&result=waiting");
                return await page.GetByRole(AriaRole.Status).InnerTextAsync();
            },
            said => said.StartsWith("Fitbit is connected.", StringComparison.Ordinal));
        await tab.AssertFitsAsync();
        return QueryHelpers.ParseQuery(new Uri(back.Url).Query)["user_id"].ToString();
    }

    /// <summary>Steps on the simulator's page become points on the member's first page.</summary>
    private async Task EarnAsync(BrowserPage tab, string account)
    {
        await using (var simulator = await browser.NewPageAsync(1280, host.Process.Url("Simulators")))
        {
            await simulator.Page.GotoAsync("");
            var terra = simulator.Page.Locator("section", new() { Has = simulator.Page.GetByRole(AriaRole.Heading, new() { Name = "Terra", Exact = true }) });
            await terra.GetByLabel("Account").SelectOptionAsync(account);
            await terra.GetByLabel("Steps").FillAsync("20000");
            await terra.GetByRole(AriaRole.Button, new() { Name = "Add steps today" }).ClickAsync();
            await Expect(simulator.Page.Locator("#log tr").Filter(new() { HasText = account }).Filter(new() { HasText = "daily" }).First).ToContainTextAsync("202 Accepted");
            Assert.Empty(simulator.Complaints);
        }

        var points = tab.Page.Locator("#today a[href='/points']");
        await AppHostFixture.UntilAsync(
            "the day's points",
            async () =>
            {
                await tab.Page.GotoAsync("/");
                return await points.InnerTextAsync();
            },
            shown => Regex.IsMatch(shown, "^[1-9][0-9]{2}", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await tab.AssertFitsAsync();
    }

    /// <summary>From the form to the open drawing, hours before it would open by itself: the Worker lets it be.</summary>
    private async Task<string> OpenDrawingAsync(BrowserPage tab)
    {
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/admin/drawings/new");
        await page.SignInAsync(DemoAccounts.AdminEmail, DemoAccounts.Password);
        await page.GetByLabel("Name").First.FillAsync(_drawing);
        await page.GetByLabel("Chance from").SelectOptionAsync("commit");
        await page.GetByLabel("Opens").FillAsync(TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await page.GetByLabel("Points a ticket").FillAsync("100");
        await page.Locator("#prize-0-name").FillAsync("Fitness watch");
        await page.Locator("#prize-0-value").FillAsync("249.50");
        await page.ClickButtonAsync("Make the draft");
        var state = page.Locator("h1 + p .pill");
        await Expect(state).ToHaveTextAsync("Draft");
        await page.ClickButtonAsync("Schedule");
        await Expect(state).ToHaveTextAsync("Scheduled");
        await page.ClickButtonAsync("Open");
        await Expect(state).ToHaveTextAsync("Open");
        await tab.AssertFitsAsync();
        return page.Url.Split('/')[^1];
    }

    private async Task BuyAsync(BrowserPage tab, string drawing)
    {
        var page = tab.Page;
        await page.GotoAsync("/drawings");
        await page.Locator($"a[href='/drawings/{drawing}']").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(_drawing);
        await tab.AssertFitsAsync();
        await page.ClickButtonAsync("Buy tickets");
        await page.ClickButtonAsync("Pay 100 points");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are in" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
    }

    private static async Task ExecuteDrawingAsync(BrowserPage tab)
    {
        var (page, state) = (tab.Page, tab.Page.Locator("h1 + p .pill"));
        foreach (var (step, end) in new[] { ("Close sales", "Closed"), ("Execute drawing", "Completed") })
        {
            await page.GetByLabel("Yes, I am sure").First.CheckAsync();
            await page.ClickButtonAsync(step);
            await Expect(state).ToHaveTextAsync(end);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "See its prizes" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("Fitness watch");
        await tab.AssertFitsAsync();
    }

    /// <summary>From the ticket that won to the address, which the page of prizes then knows.</summary>
    private async Task ClaimAsync(BrowserPage tab)
    {
        var page = tab.Page;
        await page.GotoAsync("/tickets");
        var ticket = page.Locator(".ticket").Filter(new() { HasText = _drawing });
        await Expect(ticket.GetByText("Won", new() { Exact = true })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        await ticket.GetByRole(AriaRole.Link, new() { Name = "To my prizes" }).ClickAsync();
        var prize = page.Locator(".card").Filter(new() { HasText = _drawing });
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
