using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Reports;

/// <summary>The numbers are calculated by hand from the formula of docs/points.md.</summary>
public sealed class FairnessReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Url = "/api/v1/reports/fairness";

    private static readonly DateOnly Day = new(2026, 11, 2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fairness_OfDaysKnownByHand_TellsSpreadAndWhatMultipliersAndOtherRatesMakeOfIt()
    {
        var admin = await api.NewAdminAsync();
        var people = await api.Database.AddMembersAsync(5, api.Clock.Now);
        // Beginners, by 30, 60, 90 and 120 vigorous minutes: 108, 216, 324 and 432 points, of which 0.2 in 1.2 is the multiplier's.
        for (var i = 0; i < 4; i++)
            await PutAsync(people[i], Day, "F-30-39-BEG", new DayQuantities(0, 0, 1_800 * (i + 1), 0, 0));
        // An advanced member with 20 light minutes, 25,000 steps (20,000 count) and 4 workouts (3 count), on two days: (18 + 180 + 150) twice.
        await PutAsync(people[4], Day, "M-60+-ADV", new DayQuantities(1_200, 0, 0, 25_000, 4));
        await PutAsync(people[4], Day.AddDays(1), "M-60+-ADV", new DayQuantities(1_200, 0, 0, 25_000, 4));
        // Of another day, and of a day without points.
        await PutAsync(people[0], Day.AddDays(2), "F-30-39-BEG", new DayQuantities(0, 0, 36_000, 0, 0));
        await PutAsync(people[1], Day.AddDays(1), "OPEN", new DayQuantities(0, 0, 0, 99, 0));

        var report = await admin.Client.GetJsonAsync($"{Url}?from=2026-11-02&to=2026-11-03&vigorousPerMinute=4&beginnerTenths=11&pointsPerDay=300&workoutBonus=0");

        Assert.Equal(("2026-11-02", "2026-11-03"), (report.GetProperty("from").GetString(), report.GetProperty("to").GetString()));
        Assert.Equal(TierCode.All.Select(t => t.Value), report.GetProperty("tiers").EnumerateArray().Select(t => t.GetProperty("tier").GetString()));
        var beginners = Tier(report, "F-30-39-BEG");
        Assert.Equal((4, 1.2m), (beginners.GetProperty("scoring").GetInt32(), beginners.GetProperty("multiplier").GetDecimal()));
        // Gini of 1, 2, 3, 4: 2·30 / (4·10) - 5/4 = 0.25. The best tenth of five members is one place, and 696 points hold it.
        Assert.Equal("""{"points":1080,"pointsPerMember":270,"p10":108,"p25":108,"median":216,"p75":324,"p90":432,"most":432,"gini":0.25,"inBestTenth":0}""", beginners.GetProperty("earned").GetRawText());
        Assert.Equal("""{"points":900,"pointsPerMember":225,"p10":90,"p25":90,"median":180,"p75":270,"p90":360,"most":360,"gini":0.25,"inBestTenth":0}""", beginners.GetProperty("withoutMultiplier").GetRawText());
        // 30 minutes at 4 and 1.1 are 132, then 264; 396 and 528 are cut at 300, which is less than twice (18 + 180).
        Assert.Equal("""{"points":996,"pointsPerMember":249,"p10":132,"p25":132,"median":264,"p75":300,"p90":300,"most":300,"gini":0.1355,"inBestTenth":0}""", beginners.GetProperty("replayed").GetRawText());
        var advanced = Tier(report, "M-60+-ADV");
        Assert.Equal(
            (696, 740, 396, 1.0),
            (Points(advanced, "earned"), Points(advanced, "withoutMultiplier"), Points(advanced, "replayed"), advanced.GetProperty("earned").GetProperty("inBestTenth").GetDouble()));
        Assert.Equal(0, Tier(report, "OPEN").GetProperty("scoring").GetInt32());

        // Nothing was written, and what is asked with the rates that were in force is what was earned.
        var same = await admin.Client.GetJsonAsync($"{Url}?from=2026-11-02&to=2026-11-03&vigorousPerMinute=3");
        foreach (var tier in same.GetProperty("tiers").EnumerateArray())
            Assert.Equal(tier.GetProperty("earned").GetRawText(), tier.GetProperty("replayed").GetRawText());
        var plain = await admin.Client.GetJsonAsync($"{Url}?from=2026-11-02&to=2026-11-03");
        Assert.Equal(JsonValueKind.Null, Tier(plain, "OPEN").GetProperty("replayed").ValueKind);
    }

    [Fact]
    public async Task Fairness_WithoutDays_CoversFourWeeksUpToToday()
    {
        var admin = await api.NewAdminAsync();
        var member = await api.NewMemberAsync(new MemberPlan { Sex = BiologicalSex.Male, DateOfBirth = new DateOnly(1980, 1, 1) });
        var report = await admin.Client.GetJsonAsync(Url);
        Assert.NotNull(member);
        Assert.Equal(("2026-10-22", "2026-11-18"), (report.GetProperty("from").GetString(), report.GetProperty("to").GetString()));
        Assert.Equal(1, Tier(report, "M-40-49-INT").GetProperty("members").GetInt32());
    }

    [Theory]
    [InlineData("from=2026-11-03&to=2026-11-02", "from")]
    [InlineData("from=2026-08-01&to=2026-11-01", "from")] // 93 days
    [InlineData("to=2026-11-19", "to")]
    [InlineData("to=never", "to")]
    [InlineData("vigorousPerMinute=101", "vigorousPerMinute")]
    [InlineData("beginnerTenths=-1", "beginnerTenths")]
    [InlineData("stepsPerDay=many", "stepsPerDay")]
    public async Task Fairness_WhenAParameterIsWrong_NamesIt(string query, string field)
    {
        var admin = await api.NewAdminAsync();
        using var response = await admin.Client.GetAsync($"{Url}?{query}", Ct);
        var problem = await response.ReadProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(field, Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task Fairness_Over92Days_IsAnswered()
    {
        var admin = await api.NewAdminAsync();
        Assert.Equal("2026-08-02", (await admin.Client.GetJsonAsync($"{Url}?from=2026-08-02&to=2026-11-01")).GetProperty("from").GetString());
    }

    private static JsonElement Tier(JsonElement report, string tier) => report.GetProperty("tiers").EnumerateArray().Single(t => t.GetProperty("tier").GetString() == tier);

    private static long Points(JsonElement tier, string part) => tier.GetProperty(part).GetProperty("points").GetInt64();

    /// <summary>A day as booking leaves it.</summary>
    private async Task PutAsync(Guid member, DateOnly day, string tier, DayQuantities quantities)
    {
        var rates = new RateVersion();
        await using var db = api.OpenDb();
        var row = PointDay.Begin(member, day, tier, rates, api.Clock.Now);
        row.Credit(quantities, PointsCalculator.Score(rates, row.MultiplierTenths, quantities).Total, api.Clock.Now);
        db.Add(row);
        await db.SaveChangesAsync(Ct);
    }
}
