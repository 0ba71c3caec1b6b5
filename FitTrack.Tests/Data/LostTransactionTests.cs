using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Data;

/// <summary>A transaction is stored whole or not at all, also when its connection breaks and the driver says nothing.</summary>
public sealed class LostTransactionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("save")]
    [InlineData("update")]
    [InlineData("sql")]
    public async Task Statement_WhenTheConnectionIsGone_FailsInsteadOfBeingStoredAlone(string kind)
    {
        await using var scope = api.Factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var (first, second) = (Sponsor($"{kind} 1"), Sponsor($"{kind} 2"));
        await using (await db.Database.BeginTransactionAsync(Ct))
        {
            db.Add(first);
            await db.SaveChangesAsync(Ct);
            await db.Database.GetDbConnection().CloseAsync();

            var failure = await Assert.ThrowsAnyAsync<Exception>(StatementAsync);
            Assert.True(DbErrors.IsUnavailable(failure), failure.ToString());
        }

        // The context itself is as good as before.
        Assert.False(await db.Set<Sponsor>().AnyAsync(s => s.Id == first.Id || s.Id == second.Id || s.Notes == "Changed", Ct));

        Task StatementAsync()
        {
            if (kind == "update") return db.Set<Sponsor>().ExecuteUpdateAsync(set => set.SetProperty(s => s.Notes, "Changed"), Ct);
            if (kind == "sql") return db.Database.ExecuteSqlAsync($"UPDATE sponsors SET notes = 'Changed'", Ct);
            db.Add(second);
            return db.SaveChangesAsync(Ct);
        }
    }

    [Fact]
    public async Task Context_AfterABrokenOrAbandonedTransaction_IsUsedAgain()
    {
        for (var lease = 0; lease < 3; lease++)
        {
            await using var scope = api.Factory.NewScope();
            var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
            await using (await db.Database.BeginTransactionAsync(Ct))
                await db.Set<Sponsor>().CountAsync(Ct);
            await using (await db.Database.BeginTransactionAsync(Ct))
            {
                var server = await db.Database.SqlQuery<int>($"""SELECT pg_backend_pid() AS "Value" """).SingleAsync(Ct);
                await using var other = api.OpenDb();
                await other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend({server}, 10000)", Ct);
                Assert.True(DbErrors.IsUnavailable(await Assert.ThrowsAnyAsync<Exception>(() => db.Set<Sponsor>().CountAsync(Ct))));
            }
        }
    }

    private static Sponsor Sponsor(string name) => Core.Drawings.Sponsor.Create(new SponsorDetails(name, null, null, null, null), TestClock.Start);
}
