using System.Globalization;
using System.Text.RegularExpressions;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Drawings, tickets and prizes on the test page, in a real browser, for members and administrators.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed partial class TestPageDrawingTests(TestSite site)
{
    private const string MemberTab = "Drawings & Tickets";
    private const string AdminTab = "Admin - Drawings";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    [Scenario("5", "View available drawings")]
    public async Task Drawings_WhenSomeAreOpen_AreShownWithPrizesCostOddsAndCountdown(int width)
    {
        var (admin, member, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(), NewName());
        await site.NewDrawingAsync(admin, name, "open");
        var scheduled = NewName();
        await site.NewDrawingAsync(admin, scheduled, "scheduled");
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;

        await OpenAsync(page, member, MemberTab);

        var card = CardOf(page, name);
        foreach (var text in new[] { "open", "Weekly", "100 points a ticket", "1 in 1 with one more ticket", "1 × Fitness watch, $250.00" })
            await Expect(card).ToContainTextAsync(text);
        await Expect(card.Locator("[data-until]")).ToHaveTextAsync(Countdown());
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Buy Tickets" })).ToBeVisibleAsync();
        await page.GetByLabel("Show").SelectOptionAsync("scheduled");
        await Expect(CardOf(page, scheduled)).ToContainTextAsync("scheduled");
        await Expect(CardOf(page, scheduled).GetByRole(AriaRole.Button, new() { Name = "Buy Tickets" })).ToHaveCountAsync(0);
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("5", "Purchase tickets via test page")]
    public async Task Buy_WhenConfirmed_PurchasesAndShowsBalanceTicketsAndNewOdds()
    {
        var (admin, member, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), NewName());
        await site.NewDrawingAsync(admin, name, "open");
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await OpenAsync(page, member, MemberTab);
        await Expect(page.Part("balance")).ToHaveTextAsync("1,000 points");

        await CardOf(page, name).GetByRole(AriaRole.Button, new() { Name = "Buy Tickets" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Quantity").FillAsync("5");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Confirm Purchase" }).ClickAsync();

        await Expect(page.Part("status")).ToHaveTextAsync("5 tickets purchased");
        await Expect(page.Part("balance")).ToHaveTextAsync("500 points");
        await Expect(page.Part("tickets").Locator("tbody tr").Filter(new() { HasText = name })).ToHaveCountAsync(5);
        await Expect(CardOf(page, name)).ToContainTextAsync("1 in 6 with one more ticket");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("5", "View drawing results")]
    public async Task Results_OfACompletedDrawing_TellWhoWonWhatAndWhetherIDid()
    {
        var (admin, winner, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), NewName());
        var drawing = await site.NewDrawingAsync(admin, name, "open");
        await winner.BuyAsync(drawing, 3);
        await admin.StepAsync(drawing, "close");
        await admin.StepAsync(drawing, "execute");

        foreach (var (reader, verdict) in new[] { (winner, "You won."), (await site.NewMemberAsync(), "You did not win this time.") })
        {
            await using var tab = await site.NewPageAsync();
            var page = tab.Page;
            await OpenAsync(page, reader, MemberTab);
            await page.GetByLabel("Show").SelectOptionAsync("completed");
            await CardOf(page, name).GetByRole(AriaRole.Button, new() { Name = "Details" }).ClickAsync();

            var row = page.GetByRole(AriaRole.Dialog).Locator("tbody tr");
            await Expect(row).ToHaveCountAsync(1);
            await Expect(row).ToContainTextAsync(winner.DisplayName!);
            await Expect(row).ToContainTextAsync(TicketNumber());
            await Expect(row).ToContainTextAsync("Fitness watch ($250.00)");
            await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"3 tickets. {verdict}");
            Assert.Empty(tab.Complaints);
        }
    }

    [Fact]
    [Scenario("5", "View fulfillment status (winners only)")]
    public async Task MyTickets_OfAWinner_ShowThePrizesWayAndAskForTheAddress()
    {
        var (admin, winner, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), NewName());
        var prize = await site.WinAsync(admin, winner, name);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await OpenAsync(page, winner, MemberTab);

        var row = page.Part("mine").Locator("[data-part=prizes] tbody tr");
        await Expect(row).ToContainTextAsync("Fitness watch");
        await Expect(row).ToContainTextAsync("winner_notified");
        await row.GetByRole(AriaRole.Button, new() { Name = "Provide Address" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        foreach (var (label, text) in new[] { ("Name", "Ana Runner"), ("Street", "1 Main Street"), ("City", "Austin"), ("State (two letters)", "TX"), ("Postal code", "78701") })
            await form.GetByLabel(label).FillAsync(text);
        await form.GetByRole(AriaRole.Button, new() { Name = "Send address" }).ClickAsync();

        await Expect(row).ToContainTextAsync("address_confirmed");
        await Expect(row.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        foreach (var (action, body, status) in new (string, object?, string)[] { ("ship", new { carrier = "USPS", trackingNumber = "9400" }, "shipped"), ("deliver", null, "delivered") })
        {
            await admin.PostAsync($"admin/fulfillments/{prize}/{action}", body);
            await page.ShowTabAsync(MemberTab);
            await Expect(row).ToContainTextAsync(status);
        }

        await Expect(row).ToContainTextAsync("USPS 9400");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("5", "Admin creates drawing via test page")]
    public async Task Create_WithAValidForm_MakesADraft()
    {
        var (admin, name) = (await site.NewAdminAsync(), NewName());
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await OpenAsync(page, admin, AdminTab);
        var form = page.Part("create");

        await form.GetByLabel("Name").FillAsync(name);
        await form.GetByLabel("Type").SelectOptionAsync("weekly");
        await form.GetByLabel("Draw at").FillAsync(site.Api.Clock.Now.AddDays(7).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
        await form.GetByLabel("Points a ticket").FillAsync("250");
        await form.GetByLabel("Prize").FillAsync("Fitness watch");
        await form.GetByRole(AriaRole.Button, new() { Name = "Create Drawing" }).ClickAsync();

        await Expect(page.Part("status")).ToHaveTextAsync($"{name} is a draft.");
        var row = RowOf(page, "drawings", name);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("draft");
        await using var db = site.Database.Open();
        var drawing = await db.Set<Drawing>().Include(d => d.Prizes).SingleAsync(d => d.Name == name, Ct);
        Assert.Equal((DrawingStatus.Draft, DrawingType.Weekly, 250, 5_000L), (drawing.Status, drawing.Type, drawing.TicketPrice, Assert.Single(drawing.Prizes).ValueCents));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("5", "Admin executes drawing manually")]
    public async Task Execute_OfAClosedDrawing_CompletesItAndShowsTheWinners()
    {
        var (admin, member, name) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), NewName());
        var drawing = await site.NewDrawingAsync(admin, name, "open");
        await member.BuyAsync(drawing, 2);
        await admin.StepAsync(drawing, "close");
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await OpenAsync(page, admin, AdminTab);

        var row = RowOf(page, "drawings", name);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("closed");
        var request = await page.RunAndWaitForRequestAsync(() => row.GetByRole(AriaRole.Button, new() { Name = "Execute Drawing" }).ClickAsync(), r => r.Method == "POST");

        Assert.EndsWith($"/api/v1/admin/drawings/{drawing}/execute", request.Url, StringComparison.Ordinal);
        await Expect(row.Locator(".badge")).ToHaveTextAsync("completed");
        await Expect(page.Part("status")).ToContainTextAsync($"{name} is completed. Winners: {member.DisplayName} with #");
        await Expect(RowOf(page, "fulfillments", member.DisplayName!)).ToContainTextAsync("winner_notified");
        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    [Scenario("5", "Admin manages fulfillments")]
    public async Task Fulfillments_OfTheQueue_ShowWinnersAndAddressesAndAreShipped(int width)
    {
        var (admin, waiting, ready) = (await site.NewAdminAsync(), await site.NewMemberAsync(1000), await site.NewMemberAsync(1000));
        await site.WinAsync(admin, waiting, NewName());
        var prize = await site.WinAsync(admin, ready, NewName());
        await ready.ConfirmAddressAsync(prize);
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;
        await OpenAsync(page, admin, AdminTab);

        Assert.Equal(["Winner", "Prize", "Status", "Address", "Step"], await page.Part("fulfillments").Locator("th").AllTextContentsAsync());
        await Expect(RowOf(page, "fulfillments", waiting.DisplayName!)).ToContainTextAsync("winner_notified");
        var row = RowOf(page, "fulfillments", ready.DisplayName!);
        foreach (var text in new[] { "Fitness watch", "address_confirmed", "Ana Runner, 1 Main Street, Austin, TX 78701" })
            await Expect(row).ToContainTextAsync(text);
        await row.GetByRole(AriaRole.Button, new() { Name = "Mark as Shipped" }).ClickAsync();
        var form = page.GetByRole(AriaRole.Dialog);
        await form.GetByLabel("Carrier").FillAsync("USPS");
        await form.GetByLabel("Tracking number").FillAsync("9400123456789");
        await form.GetByRole(AriaRole.Button, new() { Name = "Mark as Shipped" }).ClickAsync();

        await Expect(page.Part("status")).ToHaveTextAsync("Fitness watch is shipped.");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("shipped");
        var shipped = (await ready.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items")[0];
        Assert.Equal(("USPS", "9400123456789"), (shipped.GetProperty("carrier").GetString(), shipped.GetProperty("trackingNumber").GetString()));
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    private static string NewName() => "Watch " + Guid.NewGuid().ToString("N")[..8];

    private static ILocator CardOf(IPage page, string drawing) => page.Part("list").Locator("article").Filter(new() { HasText = drawing });

    private static ILocator RowOf(IPage page, string table, string text) => page.Part(table).Locator("tbody tr").Filter(new() { HasText = text });

    private static async Task OpenAsync(IPage page, TestMember member, string tab)
    {
        await page.SignInOnTestPageAsync(member);
        await page.ShowTabAsync(tab);
    }

    [GeneratedRegex("^Closes in [23] d [0-9]+ h$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Countdown();

    [GeneratedRegex("#[123]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TicketNumber();
}
