using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Accounts;

public sealed class BirthdayTests(PostgresServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecomputeAll_WhenAMemberTurns30_MovesThemFromThatMidnight()
    {
        await using var database = await server.CreateDatabaseAsync(Ct);
        await using var factory = new ApiFactory(database.ConnectionString);
        var turning = await factory.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(1996, 11, 19) });
        var open = await factory.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(1996, 11, 19), OpenTierOptIn = true });
        var later = await factory.NewMemberAsync(new MemberPlan { DateOfBirth = new DateOnly(1996, 11, 20) });

        Assert.Equal(0, await RunAsync(factory));
        factory.Clock.MoveTo(new DateTimeOffset(2026, 11, 19, 4, 59, 59, TimeSpan.Zero)); // one second before midnight in New York
        Assert.Equal(0, await RunAsync(factory));
        factory.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await RunAsync(factory));
        Assert.Equal(0, await RunAsync(factory));

        await using var db = database.Open();
        var tiers = await db.Set<Profile>().ToDictionaryAsync(p => p.UserId, p => p.TierCode, Ct);
        Assert.Equal(("F-30-39-INT", "OPEN", "F-18-29-INT"), (tiers[turning.Id], tiers[open.Id], tiers[later.Id]));
        var history = await db.Set<TierHistoryEntry>().Where(t => t.UserId == turning.Id).OrderBy(t => t.FromDay).ToListAsync(Ct);
        Assert.Equal([(new DateOnly(2026, 11, 18), "F-18-29-INT"), (new DateOnly(2026, 11, 19), "F-30-39-INT")], history.Select(t => (t.FromDay, t.TierCode)));
    }

    private static async Task<int> RunAsync(ApiFactory factory)
    {
        await using var scope = factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<MemberTiers>().RecomputeAllAsync(Ct);
    }
}
