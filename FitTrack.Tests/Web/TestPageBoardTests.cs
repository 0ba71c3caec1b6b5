using FitTrack.Core.Accounts;
using FitTrack.Tests.Api.Leaderboards;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace FitTrack.Tests.Web;

/// <summary>Leaderboards on the test page, in a real browser. Each test has a tier of its own.</summary>
[Collection(nameof(ThirdTestSite)), Trait("Category", "Browser")]
public sealed class TestPageBoardTests(TestSite site)
{
    [Fact]
    [Scenario("4", "View live leaderboards via test page")]
    public async Task Viewer_WhenTheMemberHasEarned_ShowsTheirTierAndWhatIsStored()
    {
        const string tier = "M-50-59-BEG";
        var member = await MemberAsync(FitnessLevel.Beginner, 1972);
        await site.Api.EarnAsync(await site.Database.AddMembersAsync(5, site.Api.Clock.Now), most: 600, tier);
        await site.Api.EarnAsync(member.Id, 1_234, tier);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInOnTestPageAsync(member);

        await page.ShowTabAsync("Leaderboards");

        await Expect(page.Part("choice").GetByLabel("Tier")).ToHaveValueAsync(tier);
        Assert.Equal(["Daily", "Weekly", "Monthly", "All-Time"], await page.GetByLabel("Period").Locator("option").AllTextContentsAsync());
        foreach (var period in new[] { "daily", "monthly", "alltime", "weekly" })
        {
            await page.GetByLabel("Period").SelectOptionAsync(period);
            await Expect(page.Part("generated")).ToContainTextAsync(period, new() { IgnoreCase = true });
            Assert.Equal(["Rank", "Display name", "Points", "Tier"], await page.Part("rankings").Locator("th").AllTextContentsAsync());
            Assert.Equal(["1", member.DisplayName!, "1,234", tier], await page.Part("rankings").Locator("tbody tr").First.Locator("td").AllTextContentsAsync());
        }

        Assert.Empty(tab.Complaints);
    }

    [Theory]
    [InlineData(390, "M-50-59-INT", BiologicalSex.Male)]
    [InlineData(1280, "F-50-59-INT", BiologicalSex.Female)]
    [Scenario("4", "My position is highlighted on leaderboard")]
    public async Task Viewer_WhenTheMemberIsFarDown_HighlightsTheirRowAmongItsNeighbours(int width, string tier, BiologicalSex sex)
    {
        const long most = 1_000;
        var member = await MemberAsync(FitnessLevel.Intermediate, 1972, sex);
        var others = await site.Database.AddMembersAsync(60, site.Api.Clock.Now);
        await site.Api.EarnAsync([.. others[..44], member.Id, .. others[44..]], most, tier);
        await using var tab = await site.NewPageAsync(width);
        var page = tab.Page;
        await page.SignInOnTestPageAsync(member);

        await page.ShowTabAsync("Leaderboards");

        await Expect(page.Part("me")).ToHaveTextAsync($"You are #45 with {most - 44:N0} points.");
        var around = page.Part("around").Locator("tbody tr");
        await Expect(around).ToHaveCountAsync(21);
        Assert.Equal(Enumerable.Range(35, 21).Select(rank => $"{rank}"), await around.Locator("td:first-child").AllTextContentsAsync());
        var own = page.Part("around").Locator("tr.own");
        Assert.Equal(["45", member.DisplayName!, $"{most - 44:N0}", tier], await own.Locator("td").AllTextContentsAsync());
        Assert.NotEqual(await BackgroundAsync(around.First), await BackgroundAsync(own));
        Assert.Equal(Enumerable.Range(1, 10).Select(rank => $"{rank}"), await page.Part("rankings").Locator("td:first-child").AllTextContentsAsync());
        await tab.AssertFitsAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("4", "Click user to view public profile")]
    public async Task Viewer_WhenANameIsClicked_ShowsThePublicProfile()
    {
        const string tier = "M-50-59-ADV";
        var (member, reader) = (await MemberAsync(FitnessLevel.Advanced, 1972), await MemberAsync(FitnessLevel.Advanced, 1973));
        await site.Api.EarnAsync(await site.Database.AddMembersAsync(5, site.Api.Clock.Now), most: 600, tier);
        await site.Api.EarnAsync([member.Id, reader.Id], 5_000, tier);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.SignInOnTestPageAsync(reader);
        await page.ShowTabAsync("Leaderboards");

        await page.Part("rankings").GetByRole(AriaRole.Button, new() { Name = member.DisplayName! }).ClickAsync();

        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync(member.DisplayName!);
        await Expect(dialog.Locator("dd").First).ToHaveTextAsync(tier);
        Assert.Equal(["Tier", "Total points", "Rank of all time", "Badges", "Streak"], await dialog.Locator("dt").AllTextContentsAsync());
        await Expect(dialog).Not.ToContainTextAsync(member.Email);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    [Scenario("4", "Leaderboard auto-refreshes")]
    public async Task Viewer_WhenAutoRefreshIsOn_ReadsTheBoardAgainEveryMinute()
    {
        const string tier = "M-40-49-BEG";
        var member = await MemberAsync(FitnessLevel.Beginner, 1982);
        var others = await site.Database.AddMembersAsync(5, site.Api.Clock.Now);
        await site.Api.EarnAsync(others, most: 90_000, tier);
        await site.Api.EarnAsync(member.Id, 89_000, tier);
        await using var tab = await site.NewPageAsync();
        var page = tab.Page;
        await page.Clock.InstallAsync();
        await page.SignInOnTestPageAsync(member);
        await page.ShowTabAsync("Leaderboards");
        await Expect(page.Part("me")).ToHaveTextAsync("You are #6 with 89,000 points.");
        await page.GetByRole(AriaRole.Switch, new() { Name = "Auto-refresh" }).CheckAsync();

        await site.Api.EarnAsync(member.Id, 5_000, tier);
        await page.Clock.RunForAsync(60_000);

        await Expect(page.Part("me")).ToHaveTextAsync("You are #1 with 94,000 points.");
        await Expect(page.Part("rankings").Locator("tbody tr").First).ToContainTextAsync(member.DisplayName!);
        await page.GetByRole(AriaRole.Switch, new() { Name = "Auto-refresh" }).UncheckAsync();
        Assert.Empty(tab.Complaints);
    }

    private Task<TestMember> MemberAsync(FitnessLevel level, int born, BiologicalSex sex = BiologicalSex.Male) =>
        site.Api.NewMemberAsync(new MemberPlan { Sex = sex, Level = level, DateOfBirth = new DateOnly(born, 4, 12) });

    private static Task<string> BackgroundAsync(ILocator row) => row.Locator("td").First.EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor");
}
