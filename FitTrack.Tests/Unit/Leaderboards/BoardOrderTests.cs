using FitTrack.Core.Leaderboards;
using Xunit;

namespace FitTrack.Tests.Unit.Leaderboards;

public sealed class BoardOrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 18, 17, 0, 0, TimeSpan.Zero);

    // The first stays within one block; the last grows over many blocks and shrinks to nothing.
    [Theory]
    [InlineData(1, 40, 3_000)]
    [InlineData(2, 2_000, 20_000)]
    [InlineData(3, 6_000, 40_000)]
    public async Task EveryAnswer_WhenRowsComeMoveAndGo_EqualsANaiveSort(int seed, int members, int steps)
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(0, members).Select(_ => NewId(random)).ToArray();
        var naive = ids.Take(members / 2).ToDictionary(id => id, id => Row(id, random));
        var order = await BoardOrder.FromAsync(Sorted(naive.Values).ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        Compare(naive, order, ids);

        for (var step = 1; step <= steps; step++)
        {
            // Now and then more go than come, at last nearly all.
            var id = ids[random.Next(members)];
            if (random.Next(10) < (step * 4 / steps) * 3)
            {
                naive.Remove(id);
                order.Remove(id);
            }
            else
            {
                order.Set(naive[id] = Row(id, random));
            }

            if (step % (steps / 8) == 0)
                Compare(naive, order, ids);
        }

        foreach (var id in ids)
            order.Remove(id);
        Compare([], order, ids);
    }

    [Fact]
    public async Task FromAsync_WhenTheRowsAreNotInOrder_Refuses()
    {
        var rows = new[] { new BoardRow(Guid.NewGuid(), 1, Noon), new BoardRow(Guid.NewGuid(), 2, Noon) };

        await Assert.ThrowsAsync<InvalidOperationException>(() => BoardOrder.FromAsync(rows.ToAsyncEnumerable(), TestContext.Current.CancellationToken));
    }

    private static void Compare(Dictionary<Guid, BoardRow> naive, BoardOrder order, Guid[] ids)
    {
        var expected = Sorted(naive.Values);
        var ranks = expected.Select((row, i) => (row.UserId, Rank: (int?)(i + 1))).ToDictionary(r => r.UserId, r => r.Rank);
        Assert.Equal((expected.Count, expected.Sum(r => r.Points)), (order.Count, order.Points));
        Assert.Equal(expected, order.Rows(1, order.Count + 1));
        foreach (var id in ids)
            Assert.Equal(ranks.GetValueOrDefault(id), order.RankOf(id));
        for (var first = 1; first <= expected.Count; first += 97)
            Assert.Equal(expected.Skip(first - 1).Take(21), order.Rows(first, 21));
    }

    private static List<BoardRow> Sorted(IEnumerable<BoardRow> rows) =>
        [.. rows.OrderByDescending(r => r.Points).ThenBy(r => r.ReachedAt).ThenBy(r => r.UserId.ToString(), StringComparer.Ordinal)];

    /// <summary>Few different points and moments: most rows tie in one of them, many in both.</summary>
    private static BoardRow Row(Guid id, Random random) => new(id, random.Next(1, 60), Noon.AddMinutes(random.Next(5)));

    private static Guid NewId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
