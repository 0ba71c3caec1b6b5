using System.Globalization;
using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Reports;

public sealed class ReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Summary_WhenAsked_CountsWhatIsStored()
    {
        var admin = await api.NewAdminAsync();
        await api.NewMemberAsync();
        await using var db = api.OpenDb();
        var users = await db.Set<User>().CountAsync(Ct);
        var counts = (await admin.Client.GetJsonAsync("/api/v1/reports/summary")).GetProperty("entities").EnumerateArray()
            .ToDictionary(e => e.GetProperty("entity").GetString()!, e => e.GetProperty("count").GetInt64(), StringComparer.Ordinal);
        Assert.Equal(users, counts["users"]);
        Assert.Superset(new HashSet<string>(["users", "activities", "drawings", "tickets", "point_transactions"], StringComparer.Ordinal), counts.Keys.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(db.Model.GetEntityTypes().Count(), counts.Count);
    }

    [Fact]
    public async Task Summary_WhenAsked_HasTheLastFourWeeksDayByDay()
    {
        var admin = await api.NewAdminAsync();
        var before = await DaysAsync(admin);
        var (first, second) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        await using (var db = api.OpenDb())
        {
            var today = DateOnly.Parse(before[^1].Day, CultureInfo.InvariantCulture);
            foreach (var (member, day, total) in new[] { (first, today, 40), (second, today, 2), (second, today.AddDays(-28), 9) })
                db.Entry(db.Add(PointDay.Begin(member.Id, day, "OPEN", new RateVersion(), api.Clock.Now)).Entity).Property(d => d.Total).CurrentValue = total;
            await db.SaveChangesAsync(Ct);
        }

        var after = await DaysAsync(admin);
        Assert.Equal(28, after.Count);
        Assert.Equal(before[..^1], after[..^1]);
        Assert.Equal((before[^1].Day, before[^1].Members + 2, before[^1].Points + 42), after[^1]);
    }

    [Fact]
    public async Task Integrity_WhenAllIsWell_SaysSoAndFindsWhatIsNot()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync();
        var report = await admin.Client.GetJsonAsync("/api/v1/reports/integrity");
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.Contains(report.GetProperty("orphans").EnumerateArray(), o => o.GetProperty("entity").GetString() == "profiles" && o.GetProperty("references").GetString() == "users");

        await using var db = api.OpenDb();
        await db.Database.OpenConnectionAsync(Ct);
        await db.Database.ExecuteSqlAsync($"SET session_replication_role = replica", Ct);
        await db.Database.ExecuteSqlAsync($"INSERT INTO point_balances (user_id, balance, earned_total, seq, last_hash, scoring_version) VALUES ({member.Id}, 5, 5, 0, {new byte[32]}, 0)", Ct);
        await db.Database.ExecuteSqlAsync($"INSERT INTO tier_history (user_id, from_day, tier_code, recorded_at) VALUES ({Guid.NewGuid()}, '2026-11-18', 'OPEN', now())", Ct);
        var broken = await admin.Client.GetJsonAsync("/api/v1/reports/integrity");
        Assert.False(broken.GetProperty("ok").GetBoolean());
        Assert.Contains(member.Id.ToString(), broken.GetProperty("ledger").GetProperty("firstDifference").GetString(), StringComparison.Ordinal);
        var orphans = broken.GetProperty("orphans").EnumerateArray().Single(o => o.GetProperty("entity").GetString() == "tier_history");
        Assert.Equal(("user_id", 1L), (orphans.GetProperty("column").GetString(), orphans.GetProperty("orphans").GetInt64()));
    }

    private static async Task<List<(string Day, int Members, long Points)>> DaysAsync(TestMember admin) =>
        [.. (await admin.Client.GetJsonAsync("/api/v1/reports/summary")).GetProperty("days").EnumerateArray().Select(d => (d.GetProperty("day").GetString()!, d.GetProperty("members").GetInt32(), d.GetProperty("points").GetInt64()))];

    [Theory]
    [InlineData("summary")]
    [InlineData("integrity")]
    [InlineData("fairness")]
    public async Task Reports_WhenCallerIsNoAdmin_Are403(string report)
    {
        var member = await api.NewMemberAsync();
        using var response = await member.Client.GetAsync($"/api/v1/reports/{report}", Ct);
        await response.ReadProblemAsync(HttpStatusCode.Forbidden);
    }
}
