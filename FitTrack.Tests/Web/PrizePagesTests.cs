using System.Globalization;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Prizes in the browser, with JavaScript off: the winner's address, the administrators' queue, drawings from draft to winners, sponsors.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class PrizePagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Winner_ByTheLinkOfTheMail_GivesAnAddressAndSeesWhatIsWrongWithIt()
    {
        var (admin, winner) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000));
        var prize = await site.WinAsync(admin, winner, NewName());
        await using var tab = await site.NewPageAsync(390, hasScript: false);
        var page = tab.Page;
        // Whoever is not signed in comes back after the sign-in.
        await page.GotoAsync($"/prizes/{prize}");
        await page.SignInAsync(winner.Email, winner.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Fitness watch");

        foreach (var (label, text) in new[] { ("Name of the recipient", "Ana Runner"), ("Street and number", "1 Main Street"), ("City", "Austin"), ("State", "tx"), ("Postal code", "787012345") })
            await page.GetByLabel(label).FillAsync(text);
        await page.EvaluateAsync("for (const form of document.forms) form.noValidate = true");
        await page.ClickButtonAsync("Send it there");
        await Expect(page.GetByLabel("Postal code")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Street and number")).ToHaveValueAsync("1 Main Street");
        await page.GetByLabel("Postal code").FillAsync("78701");
        await page.ClickButtonAsync("Send it there");

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Thank you");
        await Expect(page.Locator("h1 + p .pill")).ToHaveTextAsync("To be shipped");
        await admin.PostAsync($"admin/fulfillments/{prize}/ship", new { carrier = "UPS", trackingNumber = "1Z 999" });
        await page.GotoAsync("/prizes");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "1Z 999" })).ToHaveAttributeAsync("href", "https://www.ups.com/track?tracknum=1Z%20999");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Prize_OfSomebodyElse_IsNotThere()
    {
        var (admin, winner, stranger) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), await site.NewMemberAsync());
        var prize = await site.WinAsync(admin, winner, NewName());
        await using var tab = await SignedInAsync(stranger);

        var answer = await tab.Page.GotoAsync($"/prizes/{prize}");

        Assert.Equal(404, answer!.Status);
    }

    [Fact]
    public async Task Queue_WhenManyArePicked_ShipsThemAndHandsOutTheWinnersAsAFile()
    {
        var admin = await site.NewAdminAsync();
        var prizes = new List<(TestMember Winner, Guid Id)>();
        for (var n = 0; n < 2; n++)
        {
            var winner = await site.NewMemberAsync(1000);
            prizes.Add((winner, await site.WinAsync(admin, winner, NewName())));
            await winner.ConfirmAddressAsync(prizes[n].Id);
        }

        await using var tab = await SignedInAsync(admin);
        var page = tab.Page;
        await page.GotoAsync("/admin/fulfillments");
        await page.GetByRole(AriaRole.Link, new() { Name = "To be shipped", Exact = true }).ClickAsync();
        await page.GetByLabel("Carrier").FillAsync("UPS");
        await page.ClickButtonAsync("Mark the picked as shipped");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Pick at least one prize.");
        foreach (var (winner, id) in prizes)
        {
            await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Fitness watch of {winner.DisplayName}" }).CheckAsync();
            await page.GetByLabel($"Tracking number for Fitness watch of {winner.DisplayName}").FillAsync($"1Z-{id.ToString()[..8]}");
        }

        // One of them changes hands in the meantime: the other is done all the same.
        await admin.PostAsync($"admin/fulfillments/{prizes[1].Id}/return", new { reason = "Out of stock" });
        await page.GetByLabel("Carrier").FillAsync("UPS");
        await page.ClickButtonAsync("Mark the picked as shipped");

        await Expect(page.Locator(".notice")).ToContainTextAsync("1 done, 1 refused.");
        await Expect(page.Locator(".notice")).ToContainTextAsync("returned_to_sponsor");
        await using var db = site.Database.Open();
        var shipped = await db.Set<Fulfillment>().SingleAsync(f => f.Id == prizes[0].Id, Ct);
        Assert.Equal((FulfillmentStatus.Shipped, "UPS", $"1Z-{shipped.Id.ToString()[..8]}"), (shipped.Status, shipped.Carrier, shipped.TrackingNumber));

        await page.GotoAsync("/admin/fulfillments?status=shipped");
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickButtonAsync("Winners as CSV"));
        Assert.StartsWith("winners-", download.SuggestedFilename, StringComparison.Ordinal);
        var csv = await File.ReadAllTextAsync((await download.PathAsync())!, Ct);
        Assert.Contains(shipped.TrackingNumber!, csv, StringComparison.Ordinal);
        Assert.DoesNotContain("Main Street", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(prizes[1].Id.ToString(), csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_OfWinners_IsNotForMembers()
    {
        await using var tab = await SignedInAsync(await site.NewMemberAsync());

        var answer = await tab.Page.GotoAsync("/admin/fulfillments/export?addresses=true");

        Assert.NotEqual(200, answer!.Status);
        Assert.DoesNotContain("fulfillment_id", await tab.Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drawing_ByItsForms_GoesFromDraftToWinners()
    {
        var (admin, member, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), NewName());
        await using var tab = await SignedInAsync(admin);
        var page = tab.Page;
        var drawAt = site.Api.Clock.Now.AddDays(2);
        await page.GotoAsync("/admin/drawings/new");
        await page.GetByLabel("Name").First.FillAsync(name);
        await page.GetByLabel("Chance from").SelectOptionAsync("commit");
        await page.GetByLabel("Sales close").FillAsync(Local(drawAt.AddDays(1)));
        await page.GetByLabel("Draw", new() { Exact = true }).FillAsync(Local(drawAt));
        await page.Locator("#prize-0-name").FillAsync("Fitness watch");
        await page.Locator("#prize-0-value").FillAsync("249.50");
        await page.ClickButtonAsync("Make the draft");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Sales close time must be before drawing time");
        await Expect(page.GetByLabel("Sales close")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Sales close").FillAsync("");
        await page.ClickButtonAsync("Make the draft");

        var state = page.Locator("h1 + p .pill");
        await Expect(state).ToHaveTextAsync("Draft");
        var id = Guid.Parse(page.Url.Split('/')[^1]);
        await page.ClickButtonAsync("Schedule");
        await Expect(state).ToHaveTextAsync("Scheduled");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change" }).ClickAsync();
        await Expect(page.Locator("#prize-0-value")).ToHaveValueAsync("249.50");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Prize 2" }).ClickAsync();
        await page.Locator("#prize-1-name").FillAsync("Cap");
        await page.Locator("#prize-1-value").FillAsync("12");
        await page.ClickButtonAsync("Save");
        await Expect(page.Locator(".rows li").Filter(new() { HasText = "Cap" })).ToContainTextAsync("1 × $12");
        await Expect(state).ToHaveTextAsync("Scheduled");
        await page.ClickButtonAsync("Open");
        await Expect(state).ToHaveTextAsync("Open");
        await member.BuyAsync(id, 2);
        await page.GetByLabel("Yes, I am sure").First.CheckAsync();
        await page.ClickButtonAsync("Close sales");
        await Expect(state).ToHaveTextAsync("Closed");
        await page.GetByLabel("Yes, I am sure").First.CheckAsync();
        await page.ClickButtonAsync("Execute drawing");
        await Expect(state).ToHaveTextAsync("Completed");
        await page.GetByRole(AriaRole.Link, new() { Name = "See its prizes" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync(member.DisplayName!);
        await using var db = site.Database.Open();
        var won = await db.Set<Fulfillment>().Where(f => f.DrawingId == id).Select(f => f.Id).SingleAsync(Ct);
        await member.ConfirmAddressAsync(won);
        await page.GotoAsync("/admin/fulfillments/" + won);
        await page.GetByLabel("Carrier").FillAsync("UPS");
        await page.GetByLabel("Tracking number").FillAsync("1Z 123");
        await page.ClickButtonAsync("Mark as shipped");
        await Expect(page.Locator("h1 + p .pill")).ToHaveTextAsync("Shipped");
        Assert.Equal(24_950, await db.Set<DrawingPrize>().Where(p => p.DrawingId == id && p.Rank == 1).Select(p => p.ValueCents).SingleAsync(Ct));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Drawing_WhenItWentOnMeanwhile_IsNotTakenAStepThatNobodySaw()
    {
        var admin = await site.NewAdminAsync();
        var id = await site.NewDrawingAsync(admin, NewName(), "scheduled");
        await using var tab = await SignedInAsync(admin);
        var page = tab.Page;
        await page.GotoAsync("/admin/drawings/" + id);
        await admin.StepAsync(id, "open");

        await page.ClickButtonAsync("Open");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("A drawing that is open cannot be opened");
        await Expect(page.Locator("h1 + p .pill")).ToHaveTextAsync("Open");
    }

    [Fact]
    public async Task Drawing_WithAnEmptyRowBetweenItsPrizes_ShowsWhatIsWrongAtTheRightOne()
    {
        await using var tab = await SignedInAsync(await site.NewAdminAsync());
        var page = tab.Page;
        await page.GotoAsync("/admin/drawings/new");
        await page.GetByLabel("Name").First.FillAsync(NewName());
        await page.Locator("#prize-0-name").FillAsync("Watch");
        await page.Locator("#prize-0-value").FillAsync("20");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Prize 3" }).ClickAsync();
        await page.Locator("#prize-2-name").FillAsync("Cap");

        await page.ClickButtonAsync("Make the draft");

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("required");
        await Expect(page.Locator("#prize-1-name")).ToHaveValueAsync("Cap");
        await Expect(page.Locator("#prize-1-value")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("#prize-2-name")).ToHaveValueAsync("");
        await Expect(page.Locator("[id^=prize-0-][aria-invalid], [id^=prize-2-][aria-invalid]")).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Rules_ByTheForm_AreReplacedAndTheOldStayReadable()
    {
        await using var tab = await SignedInAsync(await site.NewAdminAsync());
        var (page, text) = (tab.Page, "No purchase necessary. " + NewName());
        await page.GotoAsync("/admin/drawings");
        await page.GetByRole(AriaRole.Link, new() { Name = "Official rules", Exact = true }).ClickAsync();
        await page.GetByLabel("Text").FillAsync(text);
        await page.GetByLabel("Yes, I am sure").CheckAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Publish version" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("is in force.");
        await Expect(page.GetByLabel("Text")).ToHaveValueAsync(text);
        await page.GetByRole(AriaRole.Link, new() { Name = "All versions" }).ClickAsync();
        await Expect(page.GetByText(text)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Version 1", Exact = true }).ClickAsync();
        await Expect(page.GetByText("NO PURCHASE NECESSARY")).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Sponsor_ByTheForm_IsAddedChangedAndRemoved()
    {
        await using var tab = await SignedInAsync(await site.NewAdminAsync());
        var (page, name) = (tab.Page, NewName());
        await page.GotoAsync("/admin/sponsors");

        await page.GetByLabel("Name").FillAsync(name);
        await page.ClickButtonAsync("Save");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync($"{name} is saved.");
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync("prizes@example.com");
        await page.ClickButtonAsync("Save");
        await Expect(page.Locator(".rows li").Filter(new() { HasText = name })).ToContainTextAsync("prizes@example.com");
        await page.GetByLabel("Yes, I am sure").CheckAsync();
        await page.ClickButtonAsync("Remove");

        await Expect(page.Locator(".rows li").Filter(new() { HasText = name })).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
    }

    private static string NewName() => "Watch " + Guid.NewGuid().ToString("N")[..8];

    private static string Local(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private async Task<BrowserPage> SignedInAsync(TestMember member)
    {
        var tab = await site.NewPageAsync(hasScript: false);
        await tab.Page.GotoAsync("/");
        await tab.Page.SignInAsync(member.Email, member.Password);
        return tab;
    }
}
