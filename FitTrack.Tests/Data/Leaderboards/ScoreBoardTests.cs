using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Data.Leaderboards;

public sealed class ScoreBoardTests(PostgresServer server) : IAsyncLifetime
{
    private const string Tier = "M-30-39-INT";

    /// <summary>A Wednesday.</summary>
    private static readonly DateOnly Day = new(2026, 11, 18);

    private static readonly DateTimeOffset Noon = new(2026, 11, 18, 17, 0, 0, TimeSpan.Zero);

    /// <summary>Midnight after the day in New York, when standard time is in force.</summary>
    private static readonly DateTimeOffset DayEnds = new(2026, 11, 19, 5, 0, 0, TimeSpan.Zero);

    private readonly SilentBus _bus = new();
    private TestDatabase _database = null!;
    private Guid _member;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _member = (await _database.AddMembersAsync(1, Noon))[0];
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AddRangeAsync_WhenAMemberEarns_CountsInAllFourPeriods()
    {
        await AddAsync(100, Noon);
        await AddAsync(50, Noon.AddHours(1));

        Assert.Equal(["alltime 1970-01-01 150", "daily 2026-11-18 150", "monthly 2026-11-01 150", "weekly 2026-11-16 150"], await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenTheDayEndedAlmost48HoursAgo_StillCountsOnIt()
    {
        await AddAsync(100, DayEnds.AddHours(48).AddMicroseconds(-1));

        Assert.Contains("daily 2026-11-18 100", await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenTheDayIsFinal_CountsOnTheBoardsThatAreOpen()
    {
        await AddAsync(100, Noon);
        await AddAsync(50, DayEnds.AddHours(48));

        Assert.Equal(["alltime 1970-01-01 150", "daily 2026-11-18 100", "monthly 2026-11-01 150", "weekly 2026-11-16 150"], await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenEveryPeriodIsFinal_CountsForAllTimeOnly()
    {
        await AddAsync(70, Noon.AddDays(60));

        Assert.Equal(["alltime 1970-01-01 70"], await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenCorrected_LowersThePointsAndMovesTheMoment()
    {
        await AddAsync(100, Noon);
        await AddAsync(-30, Noon.AddHours(2));

        await using var db = _database.Open();
        var row = await db.Set<LeaderboardScore>().SingleAsync(s => s.PeriodKind == PeriodKind.Daily, Ct);
        Assert.Equal(70, row.Points);
        Assert.Equal(Noon.AddHours(2), row.ReachedAt);
    }

    [Fact]
    public async Task AddRangeAsync_WhenNothingChanges_WritesAndSaysNothing()
    {
        await AddAsync(0, Noon);

        Assert.Empty(await RowsAsync());
        Assert.Empty(_bus.Said);
    }

    [Fact]
    public async Task Writing_OutsideATransaction_IsRefused()
    {
        await using var db = _database.Open();
        var board = new ScoreBoard(db, ScoreBoardSteps.Calendar, _bus);
        await Assert.ThrowsAsync<InvalidOperationException>(() => board.AddRangeAsync([new ScoreChange(_member, Tier, Day, 10, Noon)], Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => board.MoveAsync(_member, "OPEN", Noon, Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => board.RemoveAsync(_member, Noon, Ct));
        Assert.Empty(_bus.Said);
    }

    [Fact]
    public async Task AddRangeAsync_WhenTwoDaysAreBookedTogether_StartsSharedRowsOnce()
    {
        await _database.WriteScoresAsync(_bus, b => b.AddRangeAsync([new ScoreChange(_member, Tier, Day, 10, Noon), new ScoreChange(_member, Tier, Day.AddDays(-1), 20, Noon)], Ct));

        Assert.Equal(["alltime 1970-01-01 30", "daily 2026-11-17 20", "daily 2026-11-18 10", "monthly 2026-11-01 30", "weekly 2026-11-16 30"], await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenManyBookTheSameMemberAtOnce_LosesNothing()
    {
        await AddAsync(1, Noon);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(1, Noon)));

        Assert.Contains("daily 2026-11-18 21", await RowsAsync());
    }

    [Fact]
    public async Task AddRangeAsync_WhenAnotherWriterWasFaster_FailsAsALostRace()
    {
        await AddAsync(100, Noon);
        await using var db = _database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        await new ScoreBoard(db, ScoreBoardSteps.Calendar, _bus).AddRangeAsync([new ScoreChange(_member, Tier, Day, 10, Noon)], Ct);
        await AddAsync(5, Noon);

        var lost = await Assert.ThrowsAnyAsync<Exception>(() => db.SaveChangesAsync(Ct));

        Assert.True(DbErrors.IsLostRace(lost));
        Assert.Contains("daily 2026-11-18 105", await RowsAsync());
    }

    [Fact]
    public async Task MoveAsync_WhenTheTierChanges_MovesRunningPeriodsAndLeavesEndedOnes()
    {
        await AddAsync(10, Noon, Day.AddDays(-1));
        await AddAsync(10, Noon);
        _bus.Said.Clear();
        await _database.WriteScoresAsync(_bus, b => b.MoveAsync(_member, "OPEN", Noon, Ct));

        await using var after = _database.Open();
        var stayed = await after.Set<LeaderboardScore>().SingleAsync(s => s.TierCode == Tier, Ct);
        Assert.Equal((PeriodKind.Daily, Day.AddDays(-1)), (stayed.PeriodKind, stayed.PeriodStart));
        Assert.Equal(4, await after.Set<LeaderboardScore>().CountAsync(s => s.TierCode == "OPEN", Ct));
        Assert.Equal([(BusTopics.Score, _member.ToString()), (BusTopics.Leaderboard, Tier), (BusTopics.Leaderboard, "OPEN")], _bus.Said);
    }

    [Fact]
    public async Task AddRangeAsync_WhenLateDataMeetsAnOldTier_CountsThereAndTellsBothTiers()
    {
        await AddAsync(10, Noon);
        await _database.WriteScoresAsync(_bus, b => b.MoveAsync(_member, "OPEN", DayEnds, Ct));
        _bus.Said.Clear();

        await _database.WriteScoresAsync(_bus, b => b.AddRangeAsync([new ScoreChange(_member, "OPEN", Day, 5, DayEnds.AddHours(1))], Ct));

        await using var after = _database.Open();
        var daily = await after.Set<LeaderboardScore>().SingleAsync(s => s.PeriodKind == PeriodKind.Daily, Ct);
        Assert.Equal((Tier, 15L), (daily.TierCode, daily.Points));
        Assert.Equal(["M-30-39-INT", "OPEN"], _bus.Said.Where(m => m.Topic == BusTopics.Leaderboard).Select(m => m.Key).Distinct().Order());
    }

    /// <summary>As the booking of points does it: who loses a race begins again with a new context.</summary>
    private async Task AddAsync(long points, DateTimeOffset at, DateOnly? day = null)
    {
        while (true)
        {
            try
            {
                await _database.WriteScoresAsync(_bus, b => b.AddRangeAsync([new ScoreChange(_member, Tier, day ?? Day, points, at)], Ct));
                return;
            }
            catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
            {
                await Task.Yield();
            }
        }
    }

    private async Task<List<string>> RowsAsync()
    {
        await using var db = _database.Open();
        var rows = await db.Set<LeaderboardScore>().ToListAsync(Ct);
        return [.. rows.Select(r => $"{r.PeriodKind.ToString().ToLowerInvariant()} {r.PeriodStart:yyyy-MM-dd} {r.Points}").Order(StringComparer.Ordinal)];
    }
}
