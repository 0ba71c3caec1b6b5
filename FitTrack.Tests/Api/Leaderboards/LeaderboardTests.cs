using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

/// <summary>Each test has a board of its own: a tier nobody else competes in.</summary>
public sealed class LeaderboardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("4", "Ties are broken by timestamp")]
    public async Task Show_WhenMembersEarned_RanksThemByPointsThenByWhoWasFirst()
    {
        const string tier = "F-18-29-BEG";
        var me = await MemberAsync(tier);
        var others = await api.Database.AddMembersAsync(5, api.Clock.Now);
        await api.Factory.EarnAsync(others[0], 800, tier);
        await api.Factory.EarnAsync(others[2], 600, tier);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.Factory.EarnAsync(others[1], 800, tier);
        await api.Factory.EarnAsync(me.Id, 600, tier);
        await api.Factory.EarnAsync(others[3], 10, tier);
        await api.Factory.EarnAsync(others[4], 5, tier);

        var board = await me.GetBoardAsync("weekly");

        Assert.Equal(("weekly", tier, 6, false), (board.Period, board.Tier, board.TotalMembers, board.Final));
        Assert.Equal((new DateOnly(2026, 11, 16), new DateOnly(2026, 11, 22)), (board.Start, board.End));
        Assert.Equal([others[0], others[1], others[2], me.Id, others[3], others[4]], board.Rankings.Select(r => r.UserId!.Value));
        Assert.Equal([1, 2, 3, 4, 5, 6], board.Rankings.Select(r => r.Rank));
        Assert.Equal([800, 800, 600, 600, 10, 5], board.Rankings.Select(r => r.Points!.Value));
        Assert.Equal((4, 600L), (board.Me.Rank, board.Me.Points));
        Assert.Equal(board.Rankings, board.Around);
        Assert.All(board.Rankings, r => Assert.Equal(tier, r.Tier));
        Assert.Equal(me.DisplayName, board.Rankings[3].DisplayName);
    }

    [Theory]
    [InlineData("daily", "2026-11-18", "2026-11-18")]
    [InlineData("weekly", "2026-11-16", "2026-11-22")]
    [InlineData("monthly", "2026-11-01", "2026-11-30")]
    [InlineData("alltime", null, null)]
    public async Task Show_WhenNobodyEarned_IsAnEmptyBoardOfTheRunningPeriod(string kind, string? start, string? end)
    {
        var me = await MemberAsync("F-60+-ADV");

        var board = await me.GetBoardAsync(kind);

        Assert.Equal((start, end), (board.Start?.ToString("O"), board.End?.ToString("O")));
        Assert.Equal((kind, 0, "F-60+-ADV"), (board.Period, board.TotalMembers, board.Tier));
        Assert.Empty(board.Rankings);
        Assert.Empty(board.Around);
        Assert.Equal((null, 0L), (board.Me.Rank, board.Me.Points));
    }

    [Fact]
    public async Task Show_WhenManyCompete_PagesAndShowsWhoIsAroundTheCaller()
    {
        const string tier = "F-40-49-BEG";
        var me = await MemberAsync(tier);
        var others = await api.Database.AddMembersAsync(129, api.Clock.Now);
        await api.Factory.EarnAsync([.. others[..119], me.Id, .. others[119..]], 5_000, tier);

        var top = await me.GetBoardAsync("monthly");
        var second = await me.GetBoardAsync("monthly?page=2");
        var short7 = await me.GetBoardAsync("monthly?page=7&per_page=20");
        var beyond = await me.GetBoardAsync("monthly?page=3");

        Assert.Equal(Enumerable.Range(1, 100), top.Rankings.Select(r => r.Rank));
        Assert.Equal(Enumerable.Range(101, 30), second.Rankings.Select(r => r.Rank));
        Assert.Equal(Enumerable.Range(121, 10), short7.Rankings.Select(r => r.Rank));
        Assert.Empty(beyond.Rankings);
        Assert.Equal((130, 120), (top.TotalMembers, top.Me.Rank));
        Assert.Equal(Enumerable.Range(110, 21), top.Around.Select(r => r.Rank));
        Assert.Equal(me.Id, top.Around[10].UserId);
        Assert.Equal(top.Around, second.Around);
    }

    [Fact]
    public async Task Show_WhenTheCallerIsBeyondWhatIsListed_StillTellsRankAndSurroundings()
    {
        const string tier = "F-50-59-BEG";
        var me = await MemberAsync(tier);
        var others = await api.Database.AddMembersAsync(1_040, api.Clock.Now);
        await api.Factory.EarnAsync([.. others[..1_004], me.Id, .. others[1_004..]], 5_000, tier);

        var board = await me.GetBoardAsync("daily?page=10");

        Assert.Equal(1_041, board.TotalMembers);
        Assert.Equal(Enumerable.Range(901, 100), board.Rankings.Select(r => r.Rank));
        Assert.Equal((1_005, 5_000L - 1_004), (board.Me.Rank, board.Me.Points));
        Assert.Equal(Enumerable.Range(995, 21), board.Around.Select(r => r.Rank));
        Assert.Equal([.. others[994..1_004], me.Id, .. others[1_004..1_014]], board.Around.Select(r => r.UserId!.Value));
        using var further = await me.Client.GetAsync("/api/v1/leaderboards/daily?page=11", Ct);
        await further.ReadInvalidAsync("page");
    }

    [Fact]
    public async Task Show_WhenAMemberHides_OthersSeeRankAndPointsButNotWho()
    {
        const string tier = "F-18-29-ADV";
        var me = await MemberAsync(tier);
        var hidden = await MemberAsync(tier, ProfileVisibility.Hidden);
        await api.Factory.EarnAsync([hidden.Id, me.Id, .. await api.Database.AddMembersAsync(4, api.Clock.Now)], 100, tier);

        var seen = (await me.GetBoardAsync("daily")).Rankings[0];
        var own = await hidden.GetBoardAsync("daily");

        Assert.Equal((1, null, "Hidden member", 100L), (seen.Rank, seen.UserId, seen.DisplayName, seen.Points));
        Assert.Equal((1, 100L), (own.Me.Rank, own.Me.Points));
        Assert.Equal((hidden.Id, hidden.DisplayName), (own.Around[0].UserId, own.Around[0].DisplayName));
    }

    [Fact]
    public async Task Show_WhenFewerThanFiveCompete_ShowsOthersNoPoints()
    {
        const string tier = "F-40-49-ADV";
        var me = await MemberAsync(tier);
        await api.Factory.EarnAsync([.. await api.Database.AddMembersAsync(3, api.Clock.Now), me.Id], 100, tier);

        var board = await me.GetBoardAsync("daily");

        Assert.All(board.Rankings, r => Assert.Null(r.Points));
        Assert.Equal((4, 97L), (board.Me.Rank, board.Me.Points));
        Assert.Equal([null, null, null, 97L], board.Around.Select(r => r.Points));
    }

    [Fact]
    [Scenario("4", "User can browse other tiers")]
    public async Task Show_WhenAnotherTierIsAsked_ShowsItWithoutTheCaller()
    {
        const string tier = "M-60+-BEG";
        var me = await MemberAsync("F-50-59-ADV");
        await api.Factory.EarnAsync(await api.Database.AddMembersAsync(6, api.Clock.Now), 100, tier);

        var board = await me.GetBoardAsync($"weekly?tier={Uri.EscapeDataString(tier)}");

        Assert.Equal((tier, 6), (board.Tier, board.TotalMembers));
        Assert.Equal(6, board.Rankings.Count);
        Assert.Equal((null, 0L), (board.Me.Rank, board.Me.Points));
        Assert.Empty(board.Around);
    }

    [Fact]
    public async Task Show_WhenThePointsWentBackToZero_TheMemberIsNotOnTheBoard()
    {
        const string tier = "F-30-39-ADV";
        var me = await MemberAsync(tier);
        await api.Factory.EarnAsync(me.Id, 100, tier);
        await api.Factory.EarnAsync(me.Id, -100, tier);

        var board = await me.GetBoardAsync("daily");

        Assert.Equal(0, board.TotalMembers);
        Assert.Null(board.Me.Rank);
    }

    [Theory]
    [InlineData("weekly?tier=X-30-39-INT", "tier")]
    [InlineData("weekly?page=0", "page")]
    [InlineData("weekly?page=-1", "page")]
    [InlineData("weekly?page=11", "page")]
    [InlineData("weekly?page=2147483647&per_page=100", "page")]
    [InlineData("weekly?page=one", "page")]
    [InlineData("weekly?per_page=0", "per_page")]
    [InlineData("weekly?per_page=101", "per_page")]
    [InlineData("weekly?period=2026-11-17", "period")]
    [InlineData("weekly?period=2026-11-23", "period")]
    [InlineData("weekly?period=11/16/2026", "period")]
    [InlineData("weekly?period=0001-01-01", "period")]
    [InlineData("daily?period=9999-12-31", "period")]
    [InlineData("alltime?period=1970-01-01", "period")]
    [InlineData("weekly?period=yesterday&tier=none&page=0", "page", "period", "tier")]
    public async Task Show_WhenAParameterIsWrong_NamesIt(string path, params string[] fields)
    {
        var me = await MemberAsync("F-60+-BEG");

        using var response = await me.Client.GetAsync($"/api/v1/leaderboards/{path}", Ct);

        await response.ReadInvalidAsync(fields);
    }

    [Fact]
    public async Task Show_WhenThePeriodKindIsUnknown_Is404AndListsThem()
    {
        var me = await MemberAsync("F-60+-BEG");

        using var response = await me.Client.GetAsync("/api/v1/leaderboards/hourly", Ct);

        Assert.Contains("weekly", (await response.ReadProblemAsync(HttpStatusCode.NotFound)).Detail);
    }

    [Fact]
    public async Task Show_WhenTheCallerHasNoProfile_AsksForATier()
    {
        var me = await api.NewMemberAsync(new MemberPlan { DisplayName = null });

        using var response = await me.Client.GetAsync("/api/v1/leaderboards/daily", Ct);
        await response.ReadInvalidAsync("tier");
        var named = await me.GetBoardAsync("daily?tier=open");

        Assert.Equal("OPEN", named.Tier);
        Assert.Null(named.Me.Rank);
    }

    [Fact]
    public async Task Show_WhenNotSignedIn_Is401()
    {
        using var client = api.NewClient();
        using var response = await client.GetAsync("/api/v1/leaderboards/daily", Ct);

        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tiers_WhenAsked_ListsAll31WithTheirMembers()
    {
        var me = await MemberAsync("M-18-29-ADV");

        var tiers = (await me.Client.GetJsonAsync("/api/v1/leaderboards/tiers")).GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(TierCode.All.Select(t => t.Value), tiers.Select(t => t.GetProperty("tier").GetString()));
        Assert.All(tiers, t => Assert.True(t.GetProperty("members").GetInt32() >= 0));
        Assert.Contains(tiers, t => t.GetProperty("members").GetInt32() > 0);
        Assert.Equal([1.2m, 1.0m, 0.9m, 1.0m], new[] { "F-60+-BEG", "M-18-29-INT", "M-30-39-ADV", "OPEN" }
            .Select(tier => tiers.Single(t => t.GetProperty("tier").GetString() == tier).GetProperty("multiplier").GetDecimal()));
    }

    /// <summary>A signed-in member of a tier.</summary>
    private Task<TestMember> MemberAsync(string tier, ProfileVisibility visibility = ProfileVisibility.Public)
    {
        var year = tier[2..4] switch { "18" => 2002, "30" => 1990, "40" => 1980, "50" => 1970, _ => 1950 };
        return api.NewMemberAsync(new MemberPlan
        {
            Sex = tier[0] == 'M' ? BiologicalSex.Male : BiologicalSex.Female,
            DateOfBirth = new DateOnly(year, 4, 12),
            Level = tier[^3..] switch { "BEG" => FitnessLevel.Beginner, "INT" => FitnessLevel.Intermediate, _ => FitnessLevel.Advanced },
            Visibility = visibility,
        });
    }
}
