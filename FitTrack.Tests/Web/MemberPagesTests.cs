using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>What members do on their pages, in a real browser: by keyboard, twice, after their session ended, and among people with hostile names.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class MemberPagesTests(TestSite site)
{
    private const string Hostile = "\"><img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Buy_ByKeyboardAlone_EndsWithTicketsAndTheOddsThatWereShown()
    {
        var (member, drawing) = await MemberBeforeADrawingAsync();
        await using var tab = await site.NewPageAsync(1280);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/drawings/" + drawing);
        await page.SignInAsync(member.Email, member.Password);
        await page.WaitForURLAsync("**/drawings/" + drawing);

        await TabToAsync(page, "quantity");
        await page.Keyboard.TypeAsync("10");
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Row, new() { Name = "Balance" })).ToContainTextAsync("2,000");
        await Expect(dialog.GetByRole(AriaRole.Row, new() { Name = "My odds" })).ToContainTextAsync("1 in 1");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);

        await TabToAsync(page, "quantity");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.GetByRole(AriaRole.Row, new() { Name = "Balance" })).ToBeVisibleAsync();
        await TabToAsync(page, "Pay");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are in" })).ToBeVisibleAsync();
        Assert.Equal((10, 1_000), await OutcomeAsync(member));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Dialog_WhileItsPageIsOnItsWay_IsAnOutlineThatCanBeClosed()
    {
        var (member, drawing) = await MemberBeforeADrawingAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/drawings/" + drawing);
        await page.SignInAsync(member.Email, member.Password);
        await page.WaitForURLAsync("**/drawings/" + drawing);
        var asked = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/buy?*", route => asked.TrySetResult(route));

        await page.ClickButtonAsync("Buy tickets");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".skeleton")).ToHaveCountAsync(5);
        await Expect(dialog).ToHaveAttributeAsync("aria-busy", "true");
        var first = await asked.Task.WaitAsync(Ct);
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await first.AbortAsync();

        asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.ClickButtonAsync("Buy tickets");
        await (await asked.Task.WaitAsync(Ct)).ContinueAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Pay" })).ToBeVisibleAsync();
        await Expect(dialog.Locator(".skeleton")).ToHaveCountAsync(0);
        await Expect(dialog).Not.ToHaveAttributeAsync("aria-busy", "true");
        Assert.EndsWith("/drawings/" + drawing, page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Buy_ClickedTwice_IsOnePurchase(bool hasScript)
    {
        var (member, drawing) = await MemberBeforeADrawingAsync();
        await using var tab = await site.NewPageAsync(390, hasScript: hasScript);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=" + Uri.EscapeDataString($"/drawings/{drawing}/buy?quantity=2"));
        await page.SignInAsync(member.Email, member.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay 200 points" }).DblClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are in" })).ToBeVisibleAsync();
        Assert.Equal((2, 1_800), await OutcomeAsync(member));
    }

    [Fact]
    public async Task Dialog_OpenedTwiceIsOne_AndLeadsToTheSignInWhenTheSessionEnded()
    {
        var (member, drawing) = await MemberBeforeADrawingAsync();
        await using var tab = await site.NewPageAsync(1280);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/drawings/" + drawing);
        await page.SignInAsync(member.Email, member.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy tickets" }).DblClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Pay 100 points" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Buy tickets" })).ToBeFocusedAsync();

        (await member.Client.PostJsonAsync("/api/v1/auth/logout-all", new { })).Dispose();
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy tickets" }).ClickAsync();
        await Expect(page.GetByText("Your session has ended")).ToBeVisibleAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await page.SignInAsync(member.Email, member.Password);
        await page.WaitForURLAsync($"**/drawings/{drawing}/buy?quantity=1");
        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Form_WhenTheSessionEndedMeanwhile_IsAsItWasAfterTheSignIn(bool isCookieGone)
    {
        var member = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/settings");
        await page.SignInAsync(member.Email, member.Password);
        var name = "Typed " + Guid.NewGuid().ToString("N")[..8];
        await page.GetByLabel("Display name").FillAsync(name);
        await page.GetByLabel("Hide me").CheckAsync();
        await page.GetByLabel("Show my rank").UncheckAsync();
        if (isCookieGone)
            await page.Context.ClearCookiesAsync(new() { Name = "fittrack" });
        else
            (await member.Client.PostJsonAsync("/api/v1/auth/logout-all", new { })).Dispose();

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("What you had typed is kept")).ToBeVisibleAsync();
        await page.SignInAsync(member.Email, member.Password);
        await Expect(page.GetByLabel("Display name")).ToHaveValueAsync(name);
        await Expect(page.GetByLabel("Hide me")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Show my rank")).Not.ToBeCheckedAsync();
        await using var db = site.Database.Open();
        Assert.NotEqual(name, await db.Set<Profile>().Where(p => p.UserId == member.Id).Select(p => p.DisplayName).SingleAsync(Ct));

        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        Assert.Equal(name, await db.Set<Profile>().Where(p => p.UserId == member.Id).Select(p => p.DisplayName).SingleAsync(Ct));
    }

    [Fact]
    public async Task KeptForm_OfSomebodyElse_IsNotShown()
    {
        var (ana, ben) = (await site.Api.NewMemberAsync(), await site.Api.NewMemberAsync());
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/settings");
        await page.SignInAsync(ana.Email, ana.Password);
        await page.GetByLabel("Display name").FillAsync("Only for Ana");
        await page.Context.ClearCookiesAsync(new() { Name = "fittrack" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.SignInAsync(ben.Email, ben.Password);
        await Expect(page.GetByLabel("Display name")).ToHaveValueAsync(ben.DisplayName!);
    }

    [Fact]
    public async Task Names_WhenHostile_AreInertEverywhere()
    {
        var (member, drawing) = await MemberBeforeADrawingAsync(Hostile);
        await using (var db = site.Database.Open())
            await db.Set<Profile>().Where(p => p.UserId == member.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.DisplayName, "<script>alert(1)</script>"), Ct);
        await using var tab = await site.NewPageAsync(390);
        var page = tab.Page;
        await page.GotoAsync("/?ReturnUrl=/drawings/" + drawing);
        await page.SignInAsync(member.Email, member.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(Hostile);
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy tickets" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay 100 points" }).ClickAsync();
        await Expect(page.GetByText(Hostile)).ToBeVisibleAsync();

        var admin = await NewAdminAsync();
        await StepAsync(admin, drawing, "close");
        await StepAsync(admin, drawing, "execute");
        foreach (var address in new[] { "/", "/drawings?status=completed", "/drawings/" + drawing, "/tickets", "/points", "/prizes", "/settings", "/leaderboards" })
        {
            await page.GotoAsync(address);
            Assert.Equal((false, 0), ((await page.TitleAsync()).Equals("hacked", StringComparison.Ordinal), await page.Locator("main script, main img[src=x]").CountAsync()));
        }

        Assert.DoesNotContain(tab.Complaints, c => c.Contains("script", StringComparison.OrdinalIgnoreCase) || c.Contains("/x", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstPage_WithEverythingOnIt_IsSmallAndStandsStill()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.AddInitScriptAsync("window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });");
        await tab.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        var bytes = await tab.Page.EvaluateAsync<int>("[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, e) => sum + e.transferSize, 0)");
        Assert.InRange(bytes, 5_000, 60 * 1024);
        Assert.True(await tab.Page.EvaluateAsync<double>("window.shift") < 0.01);
    }

    /// <summary>Moves the focus on until it is on what has this name or text.</summary>
    private static async Task TabToAsync(IPage page, string name)
    {
        for (var i = 0; i < 40; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("name => document.activeElement.name === name || document.activeElement.textContent.trim().startsWith(name)", name))
                return;
        }

        Assert.Fail($"{name} cannot be reached with the keyboard.");
    }

    private static async Task StepAsync(TestMember admin, Guid drawing, string step)
    {
        using var answer = await admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/{step}", null);
        await answer.ReadJsonAsync();
    }

    /// <summary>Tickets and balance.</summary>
    private static async Task<(int Tickets, int Balance)> OutcomeAsync(TestMember member) => (
        (await member.Client.GetJsonAsync("/api/v1/tickets")).GetProperty("pagination").GetProperty("total").GetInt32(),
        (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt32());

    private Task<TestMember> NewAdminAsync() => site.Api.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });

    /// <summary>A member with 2,000 points, and an open drawing of 100 points a ticket that nobody is in.</summary>
    private async Task<(TestMember Member, Guid Drawing)> MemberBeforeADrawingAsync(string? name = null)
    {
        var (member, admin, now) = (await site.Api.NewMemberAsync(), await NewAdminAsync(), site.Api.Clock.Now);
        using var given = await admin.Client.PostJsonAsync("/api/v1/admin/points/adjust", new { userId = member.Id, points = 2_000, reason = "To begin with" });
        await given.ReadJsonAsync(HttpStatusCode.Created);
        var terms = new
        {
            name = name ?? "Watch " + Guid.NewGuid().ToString("N")[..8],
            type = "weekly",
            entropy = "commit",
            ticketPrice = 100,
            opensAt = now,
            salesCloseAt = now.AddDays(3),
            drawAt = now.AddDays(4),
            prizes = new[] { new { rank = 1, name = name ?? "Fitness watch", valueCents = 25_000, kind = "physical" } },
        };
        using var made = await admin.Client.PostJsonAsync("/api/v1/admin/drawings", terms);
        var drawing = (await made.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await StepAsync(admin, drawing, "schedule");
        await StepAsync(admin, drawing, "open");
        return (member, drawing);
    }
}
