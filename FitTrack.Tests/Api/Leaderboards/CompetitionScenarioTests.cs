using System.Net.Http.Headers;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

/// <summary>The acceptance scenarios of tiers and boards, over HTTP. Time only goes forward here, and each test has tiers of its own.</summary>
public sealed class CompetitionScenarioTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("4", "New user assigned to correct tier")]
    public async Task Register_WithAProfile_AssignsTheTierOfSexAgeAndLevel()
    {
        var me = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, DateOfBirth = new DateOnly(1990, 5, 15), Level = FitnessLevel.Intermediate });

        Assert.Equal("M-30-39-INT", await TierOfAsync(me));
    }

    [Fact]
    [Scenario("4", "User opts into OPEN tier")]
    public async Task Profile_WhenTheMemberOptsIntoOpen_CompetesThereWithTheirPoints()
    {
        var me = await api.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(2002, 4, 12), Level = FitnessLevel.Beginner });
        await api.Factory.EarnAsync(me.Id, 30, "F-18-29-BEG");
        Assert.Equal("F-18-29-BEG", await TierOfAsync(me));

        await PutProfileAsync(me, FitnessLevel.Beginner, openTierOptIn: true);
        var board = await me.GetBoardAsync("weekly");

        Assert.Equal("OPEN", await TierOfAsync(me));
        Assert.Equal(("OPEN", 30L), (board.Tier, board.Me.Points));
        Assert.Equal(0, (await me.GetBoardAsync("weekly?tier=F-18-29-BEG")).TotalMembers);
    }

    [Fact]
    [Scenario("4", "Tier recalculation on fitness level change")]
    public async Task Profile_WhenTheFitnessLevelChanges_MovesToTheNewTiersBoard()
    {
        var me = await api.NewMemberAsync(new MemberPlan { Level = FitnessLevel.Beginner });
        await api.Factory.EarnAsync(me.Id, 40, "F-30-39-BEG");
        await me.GetBoardAsync("monthly");

        await PutProfileAsync(me, FitnessLevel.Intermediate, openTierOptIn: false);
        var board = await me.GetBoardAsync("monthly");

        Assert.Equal("F-30-39-INT", await TierOfAsync(me));
        Assert.Equal(("F-30-39-INT", 40L), (board.Tier, board.Me.Points));
    }

    [Fact]
    [Scenario("4", "Tier recalculation on birthday (age bracket change)")]
    public async Task Birthday_WhenTheAgeReachesTheNextBracket_MovesToItsBoard()
    {
        var tomorrow = DateOnly.FromDateTime(api.Clock.Now.UtcDateTime).AddDays(1);
        var me = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, Level = FitnessLevel.Advanced, DateOfBirth = tomorrow.AddYears(-30) });
        await api.Factory.EarnAsync(me.Id, 50, "M-18-29-ADV");
        Assert.Equal("M-18-29-ADV", await TierOfAsync(me));

        me = await AfterAsync(me, TimeSpan.FromDays(1));
        await using (var scope = api.Factory.NewScope())
            await scope.ServiceProvider.GetRequiredService<MemberTiers>().RecomputeAllAsync(Ct);
        var board = await me.GetBoardAsync("alltime");

        Assert.Equal("M-30-39-ADV", await TierOfAsync(me));
        Assert.Equal(("M-30-39-ADV", 50L), (board.Tier, board.Me.Points));
    }

    [Fact]
    [Scenario("4", "Daily leaderboard shows today's points")]
    public async Task Daily_WhenPointsAreFromSeveralDays_ShowsTodays()
    {
        const string tier = "M-40-49-INT";
        var (me, others) = (await api.NewMemberAsync(), await api.Database.AddMembersAsync(5, api.Clock.Now));
        await api.Factory.EarnAsync(others[2], 5_000, tier, Today.AddDays(-1));
        foreach (var (member, points) in others.Zip([800L, 750, 600, 20, 10]))
            await api.Factory.EarnAsync(member, points, tier);

        var board = await me.GetBoardAsync($"daily?tier={tier}");

        Assert.Equal(others, board.Rankings.Select(r => r.UserId!.Value));
        Assert.Equal([800, 750, 600, 20, 10], board.Rankings.Select(r => r.Points!.Value));
    }

    [Fact]
    [Scenario("4", "Weekly leaderboard shows this week's points")]
    public async Task Weekly_WhenPointsAreFromSeveralDays_SumsThemSinceMondayAndBeginsAnewOnTheNext()
    {
        const string tier = "F-18-29-INT";
        WaitForWednesday();
        var (me, others) = (await api.NewMemberAsync(), await api.Database.AddMembersAsync(5, api.Clock.Now));
        var monday = Today.AddDays(-2);
        await api.Factory.EarnAsync([.. others[2..]], 9, tier);
        await api.Factory.EarnAsync(others[1], 9_000, tier, monday.AddDays(-1));
        await api.Factory.EarnAsync(others[0], 3_000, tier, monday);
        await api.Factory.EarnAsync(others[0], 1_500, tier);
        await api.Factory.EarnAsync(others[1], 4_200, tier, monday.AddDays(1));

        var week = await me.GetBoardAsync($"weekly?tier={tier}");
        me = await AfterAsync(me, TimeSpan.FromDays(5));
        var next = await me.GetBoardAsync($"weekly?tier={tier}");

        Assert.Equal((monday, others[0], 4_500L), (week.Start!.Value, week.Rankings[0].UserId!.Value, week.Rankings[0].Points!.Value));
        Assert.Equal((others[1], 4_200L), (week.Rankings[1].UserId!.Value, week.Rankings[1].Points!.Value));
        Assert.Equal((monday.AddDays(7), 0), (next.Start!.Value, next.TotalMembers));
    }

    [Fact]
    [Scenario("4", "All-time leaderboard shows cumulative points")]
    public async Task Alltime_WhenPointsAreFromAllTimes_SumsThemAndOnlyCorrectionsLowerThem()
    {
        const string tier = "M-40-49-ADV";
        var (me, others) = (await api.NewMemberAsync(), await api.Database.AddMembersAsync(5, api.Clock.Now));
        await api.Factory.EarnAsync(others, 50_000, tier, Today.AddDays(-300));
        await api.Factory.EarnAsync(others[0], 100_000, tier, Today.AddDays(-40));
        await api.Factory.EarnAsync(others[1], 95_001, tier);

        var before = await me.GetBoardAsync($"alltime?tier={tier}");
        await api.Factory.EarnAsync(others[0], -6_000, tier);
        var corrected = await me.GetBoardAsync($"alltime?tier={tier}");

        Assert.Equal([(others[0], 150_000L), (others[1], 145_000L)], before.Rankings.Take(2).Select(r => (r.UserId!.Value, r.Points!.Value)));
        Assert.Equal([(others[1], 145_000L), (others[0], 144_000L)], corrected.Rankings.Take(2).Select(r => (r.UserId!.Value, r.Points!.Value)));
    }

    [Fact]
    [Scenario("4", "Leaderboard filters by tier")]
    public async Task Show_WhenOtherTiersEarnedMore_ShowsTheCallersTierAlone()
    {
        var me = await api.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(1970, 4, 12) });
        var others = await api.Database.AddMembersAsync(6, api.Clock.Now);
        await api.Factory.EarnAsync([.. others[..5], me.Id], 100, "F-50-59-INT");
        await api.Factory.EarnAsync(others[5], 900, "M-50-59-INT");

        var board = await me.GetBoardAsync("weekly");

        Assert.Equal("F-50-59-INT", board.Tier);
        Assert.Equal([.. others[..5], me.Id], board.Rankings.Select(r => r.UserId!.Value));
        Assert.All(board.Rankings, r => Assert.Equal("F-50-59-INT", r.Tier));
    }

    [Fact]
    [Scenario("4", "OPEN tier leaderboard includes all demographics")]
    public async Task Open_WhenMembersOfAllKindsOptIn_RanksThemTogether()
    {
        var a = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, DateOfBirth = new DateOnly(2002, 4, 12), Level = FitnessLevel.Advanced, OpenTierOptIn = true });
        var b = await api.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(1970, 4, 12), OpenTierOptIn = true });
        var c = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, DateOfBirth = new DateOnly(1980, 4, 12), Level = FitnessLevel.Beginner, OpenTierOptIn = true });
        await api.Factory.EarnAsync(c.Id, 7_000, await TierOfAsync(c));
        await api.Factory.EarnAsync(a.Id, 8_000, await TierOfAsync(a));
        await api.Factory.EarnAsync(b.Id, 7_500, await TierOfAsync(b));

        var board = await b.GetBoardAsync("weekly?tier=OPEN");

        Assert.Equal([a.Id, b.Id, c.Id], board.Rankings.Take(3).Select(r => r.UserId!.Value));
        Assert.Equal((2, 7_500L), (board.Me.Rank, board.Me.Points));
    }

    [Fact]
    [Scenario("4", "Leaderboard shows user's position")]
    public async Task Show_WhenFiveHundredCompete_TellsRankPointsSizeAndSurroundings()
    {
        var me = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male });
        var others = await api.Database.AddMembersAsync(499, api.Clock.Now);
        await api.Factory.EarnAsync([.. others[..44], me.Id, .. others[44..]], 1_464);

        var board = await me.GetBoardAsync("weekly");

        Assert.Equal((45, 1_420L, 500, 100), (board.Me.Rank, board.Me.Points, board.TotalMembers, board.Rankings.Count));
        Assert.Equal(Enumerable.Range(35, 21), board.Around.Select(r => r.Rank));
        Assert.Equal(me.Id, board.Around[10].UserId);
    }

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(api.Clock.Now, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).DateTime);

    private void WaitForWednesday()
    {
        while (Today.DayOfWeek != DayOfWeek.Wednesday)
            api.Clock.Advance(TimeSpan.FromDays(1));
    }

    private static async Task<string> TierOfAsync(TestMember member) =>
        (await member.Client.GetJsonAsync("/api/v1/users/me")).GetProperty("profile").GetProperty("tierCode").GetString()!;

    private static async Task PutProfileAsync(TestMember member, FitnessLevel level, bool openTierOptIn)
    {
        using var changed = await member.Client.PutJsonAsync("/api/v1/users/me/profile", new
        {
            displayName = member.DisplayName,
            biologicalSex = "female",
            fitnessLevel = level.ToString().ToLowerInvariant(),
            timeZone = "America/New_York",
            openTierOptIn,
            visibility = "public",
        });
        await changed.ReadJsonAsync();
    }

    /// <summary>Later, signed in anew: access tokens end after half an hour.</summary>
    private async Task<TestMember> AfterAsync(TestMember member, TimeSpan time)
    {
        api.Clock.Advance(time);
        var (access, _) = await member.Client.LoginAsync(member.Email);
        member.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return member with { AccessToken = access };
    }
}
