using System.Net.Http.Headers;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

/// <summary>Boards that are kept in order in memory. Each test has tiers of its own.</summary>
public sealed class LargeBoardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Show_WhenALargeBoardIsKeptInOrder_FollowsAwardsThroughAnotherInstance()
    {
        const string tier = "F-30-39-INT";
        await using var there = new ApiFactory(api.Database.ConnectionString, api.Clock);
        var me = await api.NewMemberAsync();
        var elsewhere = me with { Client = there.CreateClient() };
        elsewhere.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", me.AccessToken);
        var others = await api.Database.AddMembersAsync(1_040, api.Clock.Now);
        await api.Factory.EarnAsync([.. others, me.Id], 5_000, tier);
        Assert.Equal(1_041, (await elsewhere.GetBoardAsync($"alltime?tier={tier}")).Me.Rank);
        await using var scope = there.NewScope();
        var key = new BoardKey(PeriodKind.Alltime, Period.AlltimeStart, tier);
        var orders = scope.ServiceProvider.GetRequiredService<BoardOrders>();
        var period = scope.ServiceProvider.GetRequiredService<CompetitionCalendar>().Current(PeriodKind.Alltime, api.Clock.Now);
        await orders.WantAsync(key, period, 1_041);

        var heard = new TaskCompletionSource();
        using var subscription = scope.ServiceProvider.GetRequiredService<IMessageBus>().Subscribe(BusTopics.Score, member => _ = member == me.Id.ToString() && heard.TrySetResult(), () => heard.TrySetResult());
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.Factory.EarnAsync([others[0]], -4_990, tier);
        await api.Factory.EarnAsync(me.Id, 15, tier);
        await heard.Task.WaitAsync(Ct);

        // Kept in order and in the database alike: the best fell to the end, the caller rose past others.
        Assert.Equal(1_026, await orders.AskAsync(key, period, o => (object)o.RankOf(me.Id)!.Value, Ct));
        Assert.Equal(1_041, await orders.AskAsync(key, period, o => (object)o.RankOf(others[0])!.Value, Ct));
        var board = await elsewhere.GetBoardAsync($"alltime?tier={tier}");
        Assert.Equal((1_026, others[1]), (board.Me.Rank, board.Rankings[0].UserId));
        Assert.Equal([.. others[1016..1026], me.Id, .. others[1026..1036]], board.Around.Select(r => r.UserId!.Value));
    }

    [Fact]
    public async Task Show_WhenAMessageAboutALargeBoardWasLost_IsRightAgainWithinTheCacheTime()
    {
        const string tier = "M-30-39-INT";
        var me = await api.NewMemberAsync();
        await api.Factory.EarnAsync([.. await api.Database.AddMembersAsync(1_040, api.Clock.Now), me.Id], 5_000, tier);
        await me.GetBoardAsync($"alltime?tier={tier}");
        await using var scope = api.Factory.NewScope();
        var key = new BoardKey(PeriodKind.Alltime, Period.AlltimeStart, tier);
        var orders = scope.ServiceProvider.GetRequiredService<BoardOrders>();
        var period = scope.ServiceProvider.GetRequiredService<CompetitionCalendar>().Current(PeriodKind.Alltime, api.Clock.Now);
        await orders.WantAsync(key, period, 1_041);
        Assert.Equal(1_041, await RankAsync());
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        await api.Database.WriteScoresAsync(new SilentBus(), b => b.AddRangeAsync([new ScoreChange(me.Id, tier, ScoreBoardSteps.Calendar.DayOf(api.Clock.Now), 10, api.Clock.Now)], Ct));
        Assert.Equal(1_041, await RankAsync());

        api.Clock.Advance(TimeSpan.FromMinutes(5));
        await RankAsync();
        await orders.Checked;

        Assert.Equal(1_032, await RankAsync());

        async Task<int?> RankAsync() => (int?)await orders.AskAsync(key, period, o => (object)o.RankOf(me.Id)!.Value, Ct);
    }

    [Fact]
    public async Task Show_WhenTheCallerPagesOn_ListsWhatComesAfterTheFirstHundred()
    {
        const string tier = "F-40-49-BEG";
        var me = await api.NewMemberAsync();
        var others = await api.Database.AddMembersAsync(130, api.Clock.Now);
        await api.Factory.EarnAsync([.. others, me.Id], 5_000, tier);
        Assert.Equal(others[..100], (await me.GetBoardAsync($"weekly?tier={tier}")).Rankings.Select(r => r.UserId!.Value));

        var second = await me.GetBoardAsync($"weekly?tier={tier}&page=2&per_page=100");

        Assert.Equal([.. others[100..], me.Id], second.Rankings.Select(r => r.UserId!.Value));
        Assert.Equal((101, 131, 131), (second.Rankings[0].Rank, second.Me.Rank, second.TotalMembers));
    }

    [Fact]
    public async Task Show_WhenAPeriodIsFinal_AnswersFromMemoryToo()
    {
        const string tier = "F-50-59-BEG";
        var me = await api.NewMemberAsync();
        var day = DateOnly.FromDateTime(api.Clock.Now.UtcDateTime);
        await api.Factory.EarnAsync([.. await api.Database.AddMembersAsync(150, api.Clock.Now), me.Id], 5_000, tier, day);
        var (key, period) = (new BoardKey(PeriodKind.Daily, day, tier), ScoreBoardSteps.Calendar.PeriodOf(PeriodKind.Daily, day));
        var orders = api.Factory.Services.GetRequiredService<BoardOrders>();

        // It is over, but late data still comes.
        me = await api.Factory.AtAsync(me, $"{day.AddDays(2):yyyy-MM-dd}T14:00:00Z");
        await orders.WantAsync(key, period, 151);
        Assert.Null(await RankAsync(orders, key, period, me.Id));
        Assert.Equal(151, (await me.GetBoardAsync($"daily?tier={tier}&period={day:yyyy-MM-dd}")).Me.Rank);

        me = await api.Factory.AtAsync(me, $"{day.AddDays(3):yyyy-MM-dd}T14:00:00Z");
        await orders.WantAsync(key, period, 151);
        Assert.Equal(151, await RankAsync(orders, key, period, me.Id));
        var board = await me.GetBoardAsync($"daily?tier={tier}&period={day:yyyy-MM-dd}");
        Assert.Equal((151, 151, true), (board.Me.Rank, board.TotalMembers, board.Final));
    }

    [Fact]
    public async Task Want_WhenMemoryIsFull_FinalBoardsMakeRoomForEachOtherAndForRunningOnes()
    {
        string[] tiers = ["F-18-29-BEG", "F-18-29-ADV", "F-60+-ADV"];
        var day = DateOnly.FromDateTime(api.Clock.Now.UtcDateTime);
        var final = ScoreBoardSteps.Calendar.PeriodOf(PeriodKind.Daily, day);
        var members = new List<Guid>();
        foreach (var tier in tiers)
        {
            var some = await api.Database.AddMembersAsync(150, api.Clock.Now);
            await api.Factory.EarnAsync(some, 5_000, tier, day);
            members.Add(some[0]);
        }

        api.Clock.Advance(TimeSpan.FromDays(4));
        await using var small = new ApiFactory(api.Database.ConnectionString, api.Clock) { Settings = { ["Leaderboards:MostOrdered"] = "200" } };
        var orders = small.Services.GetRequiredService<BoardOrders>();
        var running = ScoreBoardSteps.Calendar.Current(PeriodKind.Alltime, api.Clock.Now);

        await orders.WantAsync(Key(final, 0), final, 150);
        Assert.Equal(1, await RankAsync(orders, Key(final, 0), final, members[0]));
        await orders.WantAsync(Key(final, 1), final, 150);
        Assert.Null(await RankAsync(orders, Key(final, 0), final, members[0]));
        Assert.Equal(1, await RankAsync(orders, Key(final, 1), final, members[1]));
        await orders.WantAsync(Key(running, 2), running, 150);
        Assert.Null(await RankAsync(orders, Key(final, 1), final, members[1]));
        await orders.WantAsync(Key(final, 0), final, 150);
        Assert.Null(await RankAsync(orders, Key(final, 0), final, members[0]));
        Assert.Equal(1, await RankAsync(orders, Key(running, 2), running, members[2]));

        BoardKey Key(Period period, int tier) => new(period.Kind, period.Start, tiers[tier]);
    }

    private static async Task<int?> RankAsync(BoardOrders orders, BoardKey key, Period period, Guid member) =>
        (int?)await orders.AskAsync(key, period, o => (object)o.RankOf(member)!.Value, Ct);
}
