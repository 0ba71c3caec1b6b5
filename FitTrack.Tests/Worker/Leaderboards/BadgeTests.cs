using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Core.Points;
using FitTrack.Tests.Api.Leaderboards;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Leaderboards;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Leaderboards;

/// <summary>Badges follow from days and final boards, and from nothing else (docs/badges.md).</summary>
public sealed class BadgeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Tier = "F-30-39-INT";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recompute_OfDays_GivesWhatTheyEarnedOnTheDayThatEarnedIt()
    {
        var member = await api.NewMemberAsync();
        // Seven days, a pause of 14 whole days, a long walk, and 100 workouts by the last day.
        for (var day = 0; day < 7; day++)
            await PutAsync(member.Id, Day(day), points: 10, steps: 9_999, workouts: 14);
        await PutAsync(member.Id, Day(21), points: 1_000, steps: 10_000, workouts: 1);
        await PutAsync(member.Id, Day(22), points: 9_930, steps: 0, workouts: 1);

        Assert.Equal(7, await RunAsync(a => a.RecomputeAsync([member.Id], Ct)));

        Assert.Equal(
            [("comeback", 21), ("first_10k_day", 21), ("first_points", 0), ("full_day", 21), ("points_10000", 22), ("streak_7_days", 6), ("workouts_100", 22)],
            (await BadgesAsync(member.Id)).Select(b => (b.BadgeCode, b.EarnedOn.DayNumber - Day(0).DayNumber)));
        Assert.Equal(0, await RunAsync(a => a.RecomputeAsync([member.Id], Ct)));
    }

    [Theory]
    [InlineData(14, 0)] // 13 days without
    [InlineData(15, 1)]
    public async Task Recompute_AfterAPause_IsAComebackFromFourteenDaysOn(int next, int comebacks)
    {
        var member = await api.NewMemberAsync();
        await PutAsync(member.Id, Day(0), points: 10);
        await PutAsync(member.Id, Day(next), points: 10);
        await RunAsync(a => a.RecomputeAsync([member.Id], Ct));
        Assert.Equal(comebacks, (await BadgesAsync(member.Id)).Count(b => b.BadgeCode == "comeback"));
    }

    [Fact]
    public async Task Recompute_AfterACorrection_MovesOrTakesBackWhatNoLongerFollows()
    {
        var member = await api.NewMemberAsync();
        await PutAsync(member.Id, Day(0), points: 100, steps: 10_000);
        await PutAsync(member.Id, Day(1), points: 1_000);
        await RunAsync(a => a.RecomputeAsync([member.Id], Ct));

        await PutAsync(member.Id, Day(0), points: 0);
        Assert.Equal(2, await RunAsync(a => a.RecomputeAsync([member.Id], Ct)));
        Assert.Equal([("first_points", Day(1)), ("full_day", Day(1))], (await BadgesAsync(member.Id)).Select(b => (b.BadgeCode, b.EarnedOn)));

        await PutAsync(member.Id, Day(1), points: 0);
        Assert.Equal(2, await RunAsync(a => a.RecomputeAsync([member.Id], Ct)));
        Assert.Empty(await BadgesAsync(member.Id));
    }

    [Fact]
    public async Task Recompute_WhenAWeekIsFinal_GivesItsTenBestTheirBadgeAndEverythingFromNothingTheSame()
    {
        var week = new DateOnly(2026, 11, 16);
        var best = await api.Database.AddMembersAsync(11, api.Clock.Now);
        var few = await api.Database.AddMembersAsync(10, api.Clock.Now);
        await api.Factory.EarnAsync(best, 500, Tier, week.AddDays(1));
        await api.Factory.EarnAsync(few, 500, "OPEN", week.AddDays(1));
        Assert.Equal(0, await RunAsync(RecomputeRecentAsync));

        api.Clock.MoveTo(new DateTimeOffset(2026, 11, 25, 4, 59, 59, TimeSpan.Zero)); // 48 hours after the week's end, but for a second
        Assert.Equal(0, await RunAsync(RecomputeRecentAsync));
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(11, await RunAsync(RecomputeRecentAsync));
        Assert.Equal(0, await RunAsync(RecomputeRecentAsync));

        Assert.Equal([("tier_first", week.AddDays(6)), ("tier_top_10", week.AddDays(6))], (await BadgesAsync(best[0])).Select(b => (b.BadgeCode, b.EarnedOn)));
        Assert.Equal("tier_top_10", Assert.Single(await BadgesAsync(best[9])).BadgeCode);
        Assert.Empty(await BadgesAsync(best[10]));
        Assert.Empty(await BadgesAsync(few[0]));

        await using var db = api.OpenDb();
        await db.Set<UserBadge>().Where(b => best.Contains(b.UserId)).ExecuteDeleteAsync(Ct);
        Assert.Equal(11, await RunAsync(RecomputeRecentAsync));
    }

    [Fact]
    public async Task Worker_WhenPointsChange_LooksAtThoseOfWhomTheBusTellsAndAtEverybodyOnTheNextDay()
    {
        var (told, untold) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var services = api.Factory.Services;
        using var worker = ActivatorUtilities.CreateInstance<BadgeWorker>(services);
        await worker.RunPassAsync(Ct);
        foreach (var member in new[] { told.Id, untold.Id })
        {
            await api.Factory.EarnAsync(member, 20, Tier);
            await PutAsync(member, Day(0), points: 20);
        }

        await worker.RunPassAsync(Ct);
        Assert.NotEmpty(await BadgesAsync(untold.Id));
        await using (var db = api.OpenDb())
            await db.Set<UserBadge>().Where(b => b.UserId == told.Id || b.UserId == untold.Id).ExecuteDeleteAsync(Ct);

        services.GetRequiredService<IMessageBus>().Publish(BusTopics.Score, told.Id.ToString());
        await worker.RunPassAsync(Ct);
        Assert.Equal("first_points", Assert.Single(await BadgesAsync(told.Id)).BadgeCode);
        Assert.Empty(await BadgesAsync(untold.Id));

        api.Clock.Advance(TimeSpan.FromDays(1));
        await worker.RunPassAsync(Ct);
        Assert.Single(await BadgesAsync(untold.Id));
    }

    [Fact]
    public async Task Worker_WhenTheOneThatGivesBadgesDies_TakesItsPlaceAfterAMinute()
    {
        var member = await api.NewMemberAsync();
        await api.Factory.EarnAsync(member.Id, 20, Tier);
        await PutAsync(member.Id, Day(0), points: 20);
        using var worker = ActivatorUtilities.CreateInstance<BadgeWorker>(api.Factory.Services);
        await worker.RunPassAsync(Ct);
        await using (var db = api.OpenDb())
        {
            await db.Set<UserBadge>().Where(b => b.UserId == member.Id).ExecuteDeleteAsync(Ct);
            await db.Set<Lease>().Where(l => l.Name == "badges").ExecuteUpdateAsync(set => set.SetProperty(l => l.Owner, "one that has died"), Ct);
        }

        await worker.RunPassAsync(Ct);
        Assert.Empty(await BadgesAsync(member.Id));
        api.Clock.Advance(TimeSpan.FromSeconds(61));
        await worker.RunPassAsync(Ct);
        Assert.Single(await BadgesAsync(member.Id));
    }

    [Fact]
    public async Task Profiles_ShowBadgesAndStreakToOthersAndToOneselfWhatIsYetToBeEarned()
    {
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var today = DateOnly.FromDateTime(api.Clock.Now.UtcDateTime);
        for (var week = 0; week < 4; week++)
            await PutAsync(member.Id, today.AddDays(-7 * week), points: 10);
        await RunAsync(a => a.RecomputeAsync([member.Id], Ct));

        var shown = await other.Client.GetJsonAsync($"/api/v1/users/{member.Id}/public");
        Assert.Equal("first_points", Assert.Single(shown.GetProperty("badges").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal("""{"days":1,"weeks":4,"longestWeeks":4,"freezes":1}""", shown.GetProperty("streak").GetRawText());

        var own = await member.Client.GetJsonAsync("/api/v1/users/me/badges");
        Assert.Equal(Badge.All.Select(b => b.Code), own.GetProperty("badges").EnumerateArray().Select(b => b.GetProperty("code").GetString()));
        var earned = own.GetProperty("badges").EnumerateArray().Single(b => b.GetProperty("earnedOn").GetString() is not null);
        Assert.Equal(today.AddDays(-21).ToString("O"), earned.GetProperty("earnedOn").GetString());
        Assert.Equal(4, own.GetProperty("streak").GetProperty("weeks").GetInt32());
        var summary = (await member.Client.GetJsonAsync("/api/v1/activities/summary")).GetProperty("thisWeek");
        Assert.Equal((1, 4, 1), (summary.GetProperty("streakDays").GetInt32(), summary.GetProperty("streakWeeks").GetInt32(), summary.GetProperty("streakFreezes").GetInt32()));
    }

    private static DateOnly Day(int day) => new DateOnly(2026, 9, 1).AddDays(day);

    /// <summary>A day as booking leaves it.</summary>
    private async Task PutAsync(Guid member, DateOnly day, int points, long steps = 0, int workouts = 0)
    {
        await using var db = api.OpenDb();
        var row = await db.Set<PointDay>().SingleOrDefaultAsync(d => d.UserId == member && d.CompetitionDay == day, Ct);
        if (row is null)
            db.Add(row = PointDay.Begin(member, day, Tier, new RateVersion(), api.Clock.Now));
        row.Credit(new DayQuantities(0, 0, 0, steps, workouts), points, api.Clock.Now);
        await db.SaveChangesAsync(Ct);
    }

    private static async Task<int> RecomputeRecentAsync(BadgeAwards awards) => await awards.RecomputeAsync(await awards.RecentAsync(Ct), Ct) + await awards.AwardWeeksAsync(Ct);

    private async Task<int> RunAsync(Func<BadgeAwards, Task<int>> work)
    {
        await using var scope = api.Factory.NewScope();
        return await work(scope.ServiceProvider.GetRequiredService<BadgeAwards>());
    }

    private async Task<List<UserBadge>> BadgesAsync(Guid member)
    {
        await using var db = api.OpenDb();
        return await db.Set<UserBadge>().Where(b => b.UserId == member).OrderBy(b => b.BadgeCode).ToListAsync(Ct);
    }
}
