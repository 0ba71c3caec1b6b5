using FitTrack.Core.Accounts;
using FitTrack.Tests.Api.Leaderboards;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Boards, tiers and profiles for members. How they look: <see cref="SitePagesTests"/>. Each test has a tier of its own.</summary>
[Collection(nameof(SharedTestSite)), Trait("Category", "Browser")]
public sealed class LeaderboardPagesTests(TestSite site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Boards_WithoutJavaScript_ShowOwnPlacePinnedPagesTiersAndPastPeriods()
    {
        const string tier = "M-60+-BEG";
        var member = await site.Api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, Level = FitnessLevel.Beginner, DateOfBirth = new DateOnly(1950, 4, 12) });
        var others = await site.Database.AddMembersAsync(120, site.Api.Clock.Now);
        await site.Api.EarnAsync([.. others[..104], member.Id, .. others[104..]], most: 2_000, tier);
        await using var tab = await site.NewPageAsync(390, hasScript: false);
        var page = tab.Page;
        await page.GotoAsync("/leaderboards");
        await page.SignInAsync(member.Email, member.Password);
        await page.GotoAsync("/leaderboards");

        var rankings = page.GetByRole(AriaRole.Region, new() { Name = "Rankings" });
        await Expect(rankings.Locator("tbody tr")).ToHaveCountAsync(100);
        Assert.Equal(["1", "2", "3"], await rankings.Locator(".medal").AllTextContentsAsync());
        Assert.Equal(["105", "You", "1,896"], await rankings.Locator("tfoot tr.own td").AllTextContentsAsync());
        var around = page.GetByRole(AriaRole.Region, new() { Name = "Around you" });
        Assert.Equal(Enumerable.Range(95, 21).Select(rank => $"{rank}"), await around.Locator("tbody td:first-child").AllTextContentsAsync());
        await Expect(around.Locator("tr.own")).ToContainTextAsync(member.DisplayName!);

        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Expect(rankings.Locator("tbody tr.own")).ToContainTextAsync(member.DisplayName!);
        await Expect(rankings.Locator("tfoot")).ToHaveCountAsync(0);
        await Expect(around).ToHaveCountAsync(0);
        Assert.InRange((await rankings.Locator("th").First.BoundingBoxAsync())!.Width, 20, 70);

        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Back to now" })).ToBeVisibleAsync();
        await Expect(page.Locator("#around")).ToContainTextAsync("no points on this board yet");
        await page.GotoAsync("/leaderboards?kind=daily");
        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Later" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Back to now" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Later" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Month" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Periods" })).ToContainTextAsync(" 1, ");
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to now" }).ClickAsync();
        await page.GetByText("Other tiers").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "F-18-29-ADV: " }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Women 18–29, advanced" })).ToBeVisibleAsync();
        Assert.Empty(tab.Complaints);
        foreach (var (kind, status) in new[] { ("tiers", 404), ("live", 404), ("hourly", 404), ("", 200) })
            Assert.Equal((kind, status), (kind, (await page.GotoAsync($"/leaderboards?kind={kind}"))!.Status));
        foreach (var (query, status, text) in new[]
        {
            ("tier=m-60%2b-beg", 200, "Men 60+, beginner"), ("tier=none", 422, "There is no such tier. Tiers are named like"), ("period=2999-01-01", 422, "This period has not begun."),
            ("page=11", 422, "Boards can be paged up to rank 1000."), ("page=7", 200, "The board ends before this page"), ("kind=alltime&period=2026-11-16", 200, "Since the beginning"),
        })
        {
            Assert.Equal((query, status), (query, (await page.GotoAsync("/leaderboards?" + query))!.Status));
            await Expect(page.Locator("main")).ToContainTextAsync(text);
        }

        await Expect(page.Locator(".pill", new() { HasText = "Live" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Boards_SeenByTwoMembers_MarkEachOnesRowAmongTheSameRows()
    {
        const string tier = "F-60+-BEG";
        var plan = new MemberPlan { Sex = BiologicalSex.Female, Level = FitnessLevel.Beginner, DateOfBirth = new DateOnly(1950, 4, 12) };
        var (first, last) = (await site.Api.NewMemberAsync(plan), await site.Api.NewMemberAsync(plan with { DisplayName = "Last of seven" }));
        var others = await site.Database.AddMembersAsync(5, site.Api.Clock.Now);
        const string hostile = "</tr><tr>Ada & Co";
        await using (var db = site.Database.Open())
            await db.Set<Profile>().Where(p => p.UserId == others[0]).ExecuteUpdateAsync(u => u.SetProperty(p => p.DisplayName, hostile), Ct);
        await site.Api.EarnAsync([others[0], first.Id, .. others[1..], last.Id], most: 2_000, tier);
        foreach (var (member, rank) in new[] { (first, 2), (last, 7), (first, 2) })
        {
            await using var tab = await site.NewPageAsync(390, hasScript: false);
            await tab.Page.GotoAsync("/?ReturnUrl=/leaderboards");
            await tab.Page.SignInAsync(member.Email, member.Password);
            await tab.Page.GotoAsync("/leaderboards");
            var rows = tab.Page.GetByRole(AriaRole.Region, new() { Name = "Rankings" }).Locator("tbody tr");
            Assert.Equal(Enumerable.Range(1, 7).Select(r => $"{r}"), await rows.Locator("td:first-child").AllTextContentsAsync());
            Assert.Equal([$"{member.DisplayName} (You)"], await rows.And(tab.Page.Locator(".own")).Locator("td:nth-child(2)").AllTextContentsAsync());
            await Expect(rows.Nth(rank - 1)).ToHaveClassAsync("own");
            await Expect(rows.First).ToContainTextAsync(hostile);
        }
    }

    [Fact]
    public async Task Boards_OfSomebodyWithoutAProfile_LeadToIt()
    {
        var member = await site.Api.NewMemberAsync(new MemberPlan { DisplayName = null });
        await using var tab = await site.NewPageAsync(390);
        await tab.Page.GotoAsync("/?ReturnUrl=/leaderboards");
        await tab.Page.SignInAsync(member.Email, member.Password);
        await tab.Page.GotoAsync("/leaderboards");
        await Expect(tab.Page.GetByRole(AriaRole.Link, new() { Name = "Complete my profile" })).ToBeVisibleAsync();
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Boards_WhenSomebodyEarns_ChangeWhileTheyAreLookedAt()
    {
        const string tier = "M-60+-ADV";
        var member = await site.Api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, Level = FitnessLevel.Advanced, DateOfBirth = new DateOnly(1950, 4, 12) });
        var others = await site.Database.AddMembersAsync(6, site.Api.Clock.Now);
        await site.Api.EarnAsync(others, most: 300, tier);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.GotoAsync("/leaderboards");
        await page.SignInAsync(member.Email, member.Password);
        var told = page.WaitForResponseAsync(r => r.Url.Contains("/live/leaderboards", StringComparison.Ordinal));
        await page.GotoAsync("/leaderboards");
        Assert.Equal(200, (await told).Status);
        await Expect(page.Locator("#around")).ToContainTextAsync("no points on this board yet");

        var second = page.GetByRole(AriaRole.Region, new() { Name = "Rankings" }).Locator("tbody tr").Nth(1).GetByRole(AriaRole.Link);
        await second.FocusAsync();
        var name = await second.TextContentAsync();
        await site.Api.EarnAsync(member.Id, 500, tier);
        site.Api.Clock.Advance(TimeSpan.FromSeconds(1));

        await Expect(page.Locator("#around .figure")).ToContainTextAsync("#1");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Rankings" }).Locator("tbody tr").First).ToContainTextAsync(member.DisplayName!);
        // Whoever goes through the board by keyboard is where they were, one row further down.
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeFocusedAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Profile_OfAMember_ShowsBadgesAndStreakAndToOneselfWhatIsAhead()
    {
        await site.SeedAsync();
        var other = await site.Api.NewMemberAsync();
        var hidden = await site.Api.NewMemberAsync(new MemberPlan { Visibility = ProfileVisibility.Hidden });
        await using var tab = await site.NewPageAsync(1280, await site.SignedInAsync(Viewer.Member));
        var page = tab.Page;

        await page.GotoAsync("/leaderboards");
        await page.GetByRole(AriaRole.Link, new() { Name = "Your profile, badges and streak" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Still ahead" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("weeks in a row");

        await page.GotoAsync($"/members/{other.Id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(other.DisplayName!);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Still ahead" })).ToHaveCountAsync(0);
        Assert.Empty(tab.Complaints);
        Assert.Equal(404, (await page.GotoAsync($"/members/{hidden.Id}"))!.Status);
    }
}
