using System.Security.Cryptography;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Points;

/// <summary>The root over all members' ledgers at the end of a competition day (domain section 3).</summary>
public sealed class LedgerRootTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_WhenADayHasSettled_CommitsToEveryMembersLastHash()
    {
        using var first = await fixture.NewMemberAsync(points: 300);
        using var second = await fixture.NewMemberAsync(points: 200);
        using var without = await fixture.NewMemberAsync();
        Assert.Equal([new DateOnly(2026, 11, 17)], await PublishAsync());
        fixture.Clock.MoveTo(new DateTimeOffset(2026, 11, 19, 5, 59, 59, TimeSpan.Zero)); // an hour after midnight in New York, but for a second
        Assert.Empty(await PublishAsync());
        using var late = await fixture.NewMemberAsync(points: 100);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));

        var both = await Task.WhenAll(PublishAsync(), PublishAsync());
        Assert.Equal([new DateOnly(2026, 11, 18)], both.SelectMany(days => days).Distinct());

        await using var db = fixture.OpenDb();
        var empty = await db.Set<LedgerRoot>().SingleAsync(r => r.CompetitionDay == new DateOnly(2026, 11, 17), Ct);
        Assert.Equal(0, empty.Members);
        Assert.Equal(SHA256.HashData([]), empty.RootHash);
        var root = await db.Set<LedgerRoot>().SingleAsync(r => r.CompetitionDay == new DateOnly(2026, 11, 18), Ct);
        Assert.Equal((2, new DateTimeOffset(2026, 11, 19, 5, 0, 0, TimeSpan.Zero)), (root.Members, root.CutoffAt));
        var leaves = new List<byte[]>();
        foreach (var member in new[] { first.Id, second.Id }.OrderBy(id => id.ToString(), StringComparer.Ordinal))
        {
            var last = await db.Set<PointTransaction>().SingleAsync(t => t.UserId == member, Ct);
            leaves.Add(LedgerHash.Leaf(member, last.Seq, last.Hash));
        }

        Assert.Equal(SHA256.HashData([1, .. leaves[0], .. leaves[1]]), root.RootHash);

        fixture.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal([new DateOnly(2026, 11, 19), new DateOnly(2026, 11, 20)], await PublishAsync());
        Assert.Equal(3, await db.Set<LedgerRoot>().Where(r => r.CompetitionDay == new DateOnly(2026, 11, 20)).Select(r => r.Members).SingleAsync(Ct));
    }

    private async Task<IReadOnlyList<DateOnly>> PublishAsync()
    {
        await using var scope = fixture.Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<LedgerRoots>().PublishAsync(Ct);
    }
}
