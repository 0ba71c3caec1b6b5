using System.Collections.Immutable;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Data.Leaderboards;

/// <summary>Random histories with ties, late data, corrections and tier moves: every answer equals a naive sort.</summary>
public sealed class RankingPropertyTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly string[] Tiers = ["M-30-39-INT", "OPEN"];

    private readonly CompetitionCalendar _calendar = new(Options.Create(new CompetitionOptions()));
    private readonly NaiveBoards _naive = new();
    private readonly SilentBus _bus = new() { Speaks = true };
    private readonly TestClock _clock = new();
    private TestDatabase _database = null!;
    private ServiceProvider _services = null!;
    private BoardOrders _orders = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _services = new ServiceCollection().AddMetrics().AddLogging().AddScoped(_ => _database.Open()).AddScoped<BoardReader>()
            .AddSingleton<IMessageBus>(_bus).AddSingleton<LeaderboardMetrics>().AddSingleton<TimeProvider>(_clock).AddSingleton<BoardOrders>()
            .BuildServiceProvider();
        _orders = _services.GetRequiredService<BoardOrders>();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    // The second begins where November's clock change lies between a week's Monday and its end.
    [Theory]
    [InlineData(1, "2026-11-18T14:00:00Z")]
    [InlineData(2, "2026-10-30T03:30:00Z")]
    [InlineData(3, "2026-12-30T23:00:00Z")]
    [InlineData(4, "2026-03-06T12:00:00Z")]
    public async Task EveryAnswer_WhenTheHistoryIsRandom_EqualsANaiveSort(int seed, string start)
    {
        var random = new Random(seed);
        var now = DateTimeOffset.Parse(start, global::System.Globalization.CultureInfo.InvariantCulture);
        var members = (await _database.AddMembersAsync(12, now)).Concat(await _database.AddMembersAsync(12, now, open: true))
            .Select((id, i) => (Id: id, Tier: Tiers[i / 12])).ToArray();

        for (var step = 0; step < 120; step++)
        {
            now += TimeSpan.FromMinutes(random.Next(4) * random.Next(240)); // often no time passes: ties in the moment too
            _clock.MoveTo(now);
            var who = random.Next(members.Length);
            switch (random.Next(10))
            {
                case 0:
                    members[who].Tier = Tiers[random.Next(Tiers.Length)];
                    await MoveAsync(members[who], now);
                    break;
                case 1 or 2 or 3:
                    await AddRangeAsync([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Change(random, members[random.Next(members.Length)], now))]);
                    break;
                default:
                    await AddRangeAsync([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Change(random, members[who], now))]);
                    break;
            }

            if (step % 5 == 0)
                await CompareOrdersAsync(now);
        }

        foreach (var (kind, periodStart, tier) in _naive.Boards())
            await CompareAsync(kind, periodStart, tier, [.. members.Select(m => m.Id)], random);
    }

    private ScoreChange Change(Random random, (Guid Id, string Tier) member, DateTimeOffset now) =>
        new(member.Id, member.Tier, _calendar.DayOf(now).AddDays(-random.Next(5) * random.Next(3)), random.Next(-2, 5) * 10, now);

    private async Task AddRangeAsync(ScoreChange[] changes)
    {
        await _database.WriteScoresAsync(_bus, b => b.AddRangeAsync(changes, Ct));
        foreach (var day in changes.GroupBy(c => c.Day))
            day.ToList().ForEach(Remember);
    }

    private async Task MoveAsync((Guid Id, string Tier) member, DateTimeOffset now)
    {
        await _database.WriteScoresAsync(_bus, b => b.MoveAsync(member.Id, member.Tier, now, Ct));
        _naive.Move(member.Id, member.Tier, now);
    }

    private void Remember(ScoreChange change)
    {
        if (change.Delta != 0)
            _naive.Add(change);
    }

    /// <summary>The boards that are kept in memory: built at any moment of the history, changed by what the bus tells.</summary>
    private async Task CompareOrdersAsync(DateTimeOffset now)
    {
        foreach (var period in _calendar.PeriodsOf(_calendar.DayOf(now)))
        {
            foreach (var tier in Tiers)
            {
                var key = new BoardKey(period.Kind, period.Start, tier);
                await _orders.WantAsync(key, period, 0);
                var expected = _naive.Ranking(period.Kind, period.Start, tier);
                var rows = await _orders.AskAsync(key, period, o => o.Rows(1, 100).Select(r => (r.UserId, r.Points, Rank: o.RankOf(r.UserId))).ToList(), Ct);
                Assert.Equal(expected.Select((e, i) => (e.User, e.Points, (int?)(i + 1))), rows!);
            }
        }
    }

    private async Task CompareAsync(PeriodKind kind, DateOnly start, string tier, Guid[] members, Random random)
    {
        await using var db = _database.Open();
        var reader = new BoardReader(db);
        var board = new BoardKey(kind, start, tier);
        var expected = _naive.Ranking(kind, start, tier);

        var top = await reader.TopAsync(board, 1_000, Ct);
        Assert.Equal(expected, top.Select(r => (r.UserId, r.Points)));
        Assert.Equal(expected.Count, await reader.CountAsync(board, Ct));

        var best = top.Select((r, i) => new BoardPlace(i + 1, r.UserId, null, r.Points)).ToImmutableArray();
        var snapshot = new BoardSnapshot(_calendar.PeriodOf(kind, start), tier, expected.Count, best, showsPoints: true, DateTimeOffset.UnixEpoch);
        foreach (var member in members)
        {
            var rank = expected.FindIndex(e => e.User == member) + 1;
            var from = Math.Max(0, rank - 1 - MemberPlace.Reach);
            var around = rank == 0 ? [] : expected.Skip(from).Take(rank + MemberPlace.Reach - from).Select(e => e.User).ToList();

            // From memory, as for whoever stands near the top ...
            var place = snapshot.Find(member)!;
            Assert.Equal(rank == 0 ? null : rank, place.Rank);
            Assert.Equal(around, place.Around.Select(p => p.UserId));

            // ... and from the database, as for everybody else; a sample of them, since it takes four queries each.
            if (random.Next(4) > 0)
                continue;
            var row = await reader.FindAsync(board, member, Ct);
            Assert.Equal(rank > 0, row is not null);
            if (row is { } found)
            {
                Assert.Equal(rank, await reader.CountBetterAsync(board, found, Ct) + 1);
                var (better, worse) = await reader.AroundAsync(board, found, MemberPlace.Reach, Ct);
                Assert.Equal(around, [.. better.Select(r => r.UserId), member, .. worse.Select(r => r.UserId)]);
            }
        }
    }
}
