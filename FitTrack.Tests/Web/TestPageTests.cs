using System.Text.Json;
using System.Text.RegularExpressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Api.Leaderboards;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>The test page in a real browser, against the real Api. Signing in on it: <see cref="TestPageSignInTests"/>.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed partial class TestPageTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(390)]
    [InlineData(1280)]
    [Scenario("1", "Test page is accessible in development mode")]
    public async Task Page_InDevelopment_ShowsItsTabsAtEveryWidthAndForTheKeyboard(int width)
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");

        string[] names = ["API Tester", "Authentication", "Tracker Simulator", "Leaderboards", "Drawings & Tickets", "Admin - Drawings", "Reports", "Data Controls"];
        Assert.Equal(names, await page.GetByRole(AriaRole.Tab).AllTextContentsAsync());
        foreach (var name in names)
        {
            await page.ShowTabAsync(name);
            Assert.Equal((name, 0), (name, await tab.OverflowAsync()));
        }

        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "API Tester" })).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Tabpanel, new() { Name = "API Tester" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "API endpoint testing via test page")]
    public async Task ApiTester_WhenAnEntityIsListed_ShowsAnswerStatusTimeAndPages()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("API Tester");

        await page.GetByLabel("Entity").SelectOptionAsync("Users");
        await page.GetByRole(AriaRole.Button, new() { Name = "List All" }).ClickAsync();

        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 200");
        await Expect(page.Part("took")).ToHaveTextAsync(Milliseconds());
        await Expect(page.Part("body").Locator(".json-key", new() { HasText = "\"displayName\"" })).ToHaveCountAsync(10);
        var colours = await page.Part("body").EvaluateAsync<string[]>("e => ['.json-key', '.json-string'].map(kind => getComputedStyle(e.querySelector(kind)).color)");
        Assert.NotEqual(colours[0], colours[1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Part("page")).ToContainTextAsync("Page 2 of");
        var second = await page.Part("body").InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Previous" }).ClickAsync();
        await Expect(page.Part("page")).ToContainTextAsync("Page 1 of");
        Assert.NotEqual(second, await page.Part("body").InnerTextAsync());

        await page.GetByLabel("Filter by").SelectOptionAsync("role");
        await page.GetByLabel("Value", new() { Exact = true }).FillAsync("admin");
        await page.GetByLabel("Sort by").FillAsync("-created_at");
        await page.ClickButtonAsync("List All");
        await Expect(page.Part("asked")).ToContainTextAsync("&sort=-created_at&filter[role]=admin");
        await Expect(page.Part("body")).Not.ToContainTextAsync("\"user\"");
        Assert.All((await AnswerAsync(page)).GetProperty("items").EnumerateArray(), user => Assert.Equal("admin", user.GetProperty("role").GetString()));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Page_WhenReloaded_ShowsTheTabThatWasShown()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.OpenTestPageAsync("Data Controls");

        await tab.Page.ReloadAsync();

        await Expect(tab.Page.GetByRole(AriaRole.Tabpanel, new() { Name = "Data Controls" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "CRUD operations via test page forms")]
    public async Task ApiTester_ByItsForms_CreatesReadsChangesAndDeletes()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("API Tester");
        var email = TestMembers.NewEmail();

        var create = page.Part("create");
        await create.GetByLabel("Email").FillAsync(email);
        await create.GetByLabel("Password").FillAsync(TestMembers.Password);
        await create.GetByLabel("Display name").FillAsync("Runner " + Guid.NewGuid().ToString("N")[..10]);
        await create.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 201");
        var id = (await AnswerAsync(page)).GetProperty("id").GetString()!;

        await page.Part("get").GetByLabel("ID").FillAsync(id);
        await page.Part("get").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 200");
        await Expect(page.Part("body")).ToContainTextAsync(email);

        var update = page.Part("update");
        await update.GetByLabel("ID").FillAsync(id);
        await update.GetByLabel("Role").SelectOptionAsync("premium");
        await update.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Part("asked")).ToContainTextAsync("PUT");
        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 200");
        Assert.Equal("premium", (await AnswerAsync(page)).GetProperty("role").GetString());

        await page.Part("delete").GetByLabel("ID").FillAsync(id);
        await page.Part("delete").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Part("code")).ToHaveTextAsync("HTTP 204");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "Leaderboard viewer displays sample data")]
    public async Task LeaderboardViewer_ForAnyTierAndPeriod_ShowsTheRankingsPageByPage()
    {
        await site.SeedAsync();
        await site.Api.EarnAsync(await site.Database.AddMembersAsync(14, site.Api.Clock.Now), most: 900);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("Leaderboards");

        await Expect(page.Part("choice").GetByLabel("Tier").Locator("option")).ToHaveCountAsync(31);
        await page.Part("choice").GetByLabel("Tier").SelectOptionAsync("M-30-39-INT");
        foreach (var (value, label) in new[] { ("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"), ("alltime", "Alltime") })
        {
            await page.GetByLabel("Period").SelectOptionAsync(value);
            await Expect(page.Part("generated")).ToContainTextAsync(label);
            Assert.Equal(["Rank", "Display name", "Points", "Tier"], await page.Part("rankings").Locator("th").AllTextContentsAsync());
            await Expect(page.Part("rankings").Locator("tbody tr")).ToHaveCountAsync(10);
        }

        await Expect(page.Part("rankings").Locator("tbody tr").First).ToContainTextAsync("M-30-39-INT");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Part("rankings").Locator("tbody tr").First.Locator("td").First).ToHaveTextAsync("11");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "Report viewer displays system metrics")]
    public async Task ReportViewer_WhenThereIsData_ShowsWhatTheDatabaseHolds()
    {
        await site.SeedAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("Reports");

        await Expect(page.Part("integrity")).ToContainTextAsync("no orphaned records");
        await using var db = site.Database.Open();
        foreach (var (entity, count) in new[] { ("users", await db.Set<User>().CountAsync(Ct)), ("activities", await db.Set<Activity>().CountAsync(Ct)), ("drawings", await db.Set<Drawing>().CountAsync(Ct)), ("tickets", await db.Set<Ticket>().CountAsync(Ct)) })
            await Expect(page.Locator($"[data-count={entity}] .big")).ToHaveTextAsync(count.ToString("N0", global::System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(db.Model.GetEntityTypes().Select(e => e.GetTableName()).Distinct(StringComparer.Ordinal).Count(), await page.Part("entities").Locator("tbody tr").CountAsync());
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "Sample data controls seed database")]
    public async Task DataControls_WhenThereIsPartialData_AddTheDemoToIt()
    {
        await site.EmptyAsync();
        var early = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.OpenTestPageAsync("Data Controls");

        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Activities" }).FillAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Seed Database" }).ClickAsync();

        await Expect(page.Part("busy")).ToBeVisibleAsync();
        await Expect(page.Part("status")).ToHaveTextAsync("The database was seeded.", new() { Timeout = 300_000 });
        await Expect(page.Part("busy")).ToBeHiddenAsync();
        Assert.Equal(41, await CountAsync(page, "users"));
        Assert.True(await CountAsync(page, "activities") > 80);
        await using var db = site.Database.Open();
        Assert.True(await db.Set<User>().AnyAsync(u => u.Id == early.Id, Ct));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("1", "Sample data controls reset database")]
    public async Task DataControls_WhenResetIsConfirmed_BeginAnew()
    {
        await site.SeedAsync();
        var before = await site.Api.NewMemberAsync();
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("Data Controls");

        await page.GetByRole(AriaRole.Spinbutton, new() { Name = "Activities" }).FillAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset Database" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Everything is deleted");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Reset everything" }).ClickAsync();

        await Expect(page.Part("busy")).ToBeVisibleAsync();
        await Expect(page.Part("status")).ToContainTextAsync("The database was reset and seeded.", new() { Timeout = 300_000 });
        site.ForgetSignIns();
        Assert.Equal(40, await CountAsync(page, "users"));
        await using var scope = site.Api.NewScope();
        Assert.Equal(SchemaStatus.UpToDate, (await scope.ServiceProvider.GetRequiredService<SchemaMigrator>().CheckAsync(Ct)).Status);
        await using var db = site.Database.Open();
        Assert.False(await db.Set<User>().AnyAsync(u => u.Id == before.Id, Ct));
        Assert.Empty(tab.Complaints);

        // Keys and boards that were in memory are those of the new database.
        await page.SignInAsDemoAsync("admin");
        await page.ShowTabAsync("Reports");
        await Expect(page.Part("integrity")).ToContainTextAsync("no orphaned records");
    }

    private static async Task<JsonElement> AnswerAsync(IPage page) => JsonElement.Parse(await page.Part("body").InnerTextAsync());

    /// <summary>Rows of a table, as the data controls tell.</summary>
    private static async Task<int> CountAsync(IPage page, string entity)
    {
        var row = page.Part("counts").GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Cell, new() { Name = entity, Exact = true }) });
        return int.Parse(await row.Locator("td").Last.InnerTextAsync(), global::System.Globalization.NumberStyles.AllowThousands, global::System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\d+ ms$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Milliseconds();
}
