using System.Net;
using System.Text.Json;
using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Activities;

/// <summary>What lies far above its tier: reviewed, decided, appealed against; and workouts that two trackers saw.</summary>
public sealed class ReviewTests : IClassFixture<ApiFixture>
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;

    public ReviewTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        (api.Factory.Settings["Activities:ReviewZScore"], api.Factory.Settings["Activities:ReviewSample"]) = ("3", "12");
        (_api, _terra) = (api, new TerraSender(api));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Review_FromTheOutlierToTheAppeal_TakesPointsAndGivesThemBack()
    {
        var (member, admin) = (await _api.NewMemberAsync(), await _api.NewAdminAsync());
        var (account, suspect) = await OutlierAsync(member);
        var (earned, worth) = (await BalanceAsync(member), await WorthAsync(member, suspect));
        Assert.Equal((1, 0), (await OpenReviewsAsync(), await OpenReviewsAsync()));

        var open = await ReviewOfAsync(admin, member);
        Assert.Equal(suspect, open.GetProperty("activityId").GetGuid());
        Assert.InRange(open.GetProperty("evidence").GetProperty("zScore").GetDouble(), 3, 6);
        Assert.Equal(("scores", "open"), await StateAsync(member, suspect));
        Assert.Equal(HttpStatusCode.Conflict, await AppealAsync(member, suspect));

        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(admin, open, "reject"));
        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(admin, open, "clear"));
        Assert.Equal(("rejected_in_review", "rejected"), await StateAsync(member, suspect));
        Assert.Equal(earned - worth, await BalanceAsync(member));
        await _terra.DeliverAsync(Long(account, 121), orderedAt: _api.Clock.Now.AddMinutes(1));
        Assert.Equal(("rejected_in_review", "rejected"), await StateAsync(member, suspect));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Conflict), (await AppealAsync(member, suspect), await AppealAsync(member, suspect)));
        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(admin, open, "clear"));
        Assert.Equal(("scores", "cleared"), await StateAsync(member, suspect));
        Assert.InRange(await BalanceAsync(member) - earned, 2, 4); // of the one minute more that came meanwhile
        Assert.Null((await InScopeAsync<LedgerVerifier, LedgerReport>(l => l.VerifyAsync(null, Ct))).FirstDifference);
    }

    [Fact]
    public async Task Reject_WhenThePointsAreSpent_WaitsUntilTheyAreClawedBack()
    {
        var (member, admin) = (await _api.NewMemberAsync(), await _api.NewAdminAsync());
        var (_, suspect) = await OutlierAsync(member);
        await OpenReviewsAsync();
        var (balance, worth) = (await BalanceAsync(member), await WorthAsync(member, suspect));
        using var spent = await admin.Client.PostJsonAsync("/api/v1/admin/points/adjust", new { userId = member.Id, points = 5 - balance, reason = "Spent elsewhere" }, ("Idempotency-Key", $"spend-{member.Id}"));
        await spent.ReadJsonAsync(HttpStatusCode.Created);

        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(admin, await ReviewOfAsync(admin, member), "reject"));
        Assert.Equal(5, await BalanceAsync(member));
        var held = Assert.Single((await admin.Client.GetJsonAsync($"/api/v1/admin/reviews/corrections?filter[user_id]={member.Id}")).GetProperty("items").EnumerateArray());
        Assert.Equal(-worth, held.GetProperty("points").GetInt32());

        var release = $"/api/v1/admin/reviews/corrections/{member.Id}/{held.GetProperty("day").GetString()}/release";
        using var released = await admin.Client.PostJsonAsync(release, new { reason = "Not a person's run" });
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        Assert.Equal(5 - worth, await BalanceAsync(member));
        using var again = await admin.Client.PostJsonAsync(release, new { reason = "Not a person's run" });
        await again.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Pairing_UndoneAndRestored_ChangesTheLogAndNeverThePoints()
    {
        var member = await _api.NewMemberAsync();
        var (garmin, fitbit) = (await _terra.ConnectAsync(member.Id), await _terra.ConnectAsync(member.Id, "FITBIT"));
        await _terra.DeliverAsync(TerraSender.Workout(garmin, $"g-{member.Id}", _api.Clock.Now.AddHours(-2), 30));
        await _terra.DeliverAsync(TerraSender.Workout(fitbit, $"f-{member.Id}", _api.Clock.Now.AddHours(-2), 31));
        var (first, copy) = (await ActivityAsync(member, "garmin"), await ActivityAsync(member, "fitbit"));
        var earned = await BalanceAsync(member);
        Assert.Equal(("duplicate", Id(first)), (Text(copy, "status"), copy.GetProperty("duplicateOf").GetGuid()));

        Assert.Equal(HttpStatusCode.Conflict, await PairAsync(member, Id(first), false));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (await PairAsync(member, Id(copy), false), await PairAsync(member, Id(copy), false)));
        copy = await ActivityAsync(member, "fitbit");
        Assert.Equal(("accepted", "overlaps_another", 0), (Text(copy, "status"), Text(copy, "decision"), copy.GetProperty("pointsEarned").GetInt32()));
        Assert.Equal(earned, await BalanceAsync(member));

        Assert.Equal(HttpStatusCode.NoContent, await PairAsync(member, Id(copy), true));
        Assert.Equal(("duplicate", earned), (Text(await ActivityAsync(member, "fitbit"), "status"), await BalanceAsync(member)));
    }

    private string Long(string account, int minutes) => TerraSender.Workout(account, $"long-{account}", _api.Clock.Now.AddHours(-4), minutes);

    /// <summary>Twelve runs of five minutes and one of two hours, all since midnight in New York.</summary>
    private async Task<(string Account, Guid Suspect)> OutlierAsync(TestMember member)
    {
        var account = await _terra.ConnectAsync(member.Id);
        for (var i = 0; i < 12; i++)
            await _terra.DeliverAsync(TerraSender.Workout(account, $"short-{account}-{i}", _api.Clock.Now.AddHours(-8).AddMinutes(i * 10), 5));
        await _terra.DeliverAsync(Long(account, 120), orderedAt: _api.Clock.Now);
        var items = (await member.Client.GetJsonAsync("/api/v1/activities?sort=-duration_seconds")).GetProperty("items");
        return (account, Id(items[0]));
    }

    private Task<int> OpenReviewsAsync() => InScopeAsync<Plausibility, int>(p => p.OpenReviewsAsync(Ct));

    private async Task<TResult> InScopeAsync<TService, TResult>(Func<TService, Task<TResult>> use)
        where TService : notnull
    {
        await using var scope = _api.Factory.NewScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    private static async Task<int> WorthAsync(TestMember member, Guid activity) =>
        (await member.Client.GetJsonAsync($"/api/v1/activities/{activity}")).GetProperty("activity").GetProperty("pointsEarned").GetInt32();

    private static async Task<JsonElement> ReviewOfAsync(TestMember admin, TestMember member) =>
        Assert.Single((await admin.Client.GetJsonAsync($"/api/v1/admin/reviews?filter[user_id]={member.Id}")).GetProperty("items").EnumerateArray());

    private static async Task<HttpStatusCode> DecideAsync(TestMember admin, JsonElement review, string decision)
    {
        using var response = await admin.Client.PostJsonAsync($"/api/v1/admin/reviews/{Id(review)}/decision", new { decision, reason = "Looked at the route" });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> AppealAsync(TestMember member, Guid activity)
    {
        using var response = await member.Client.PostJsonAsync($"/api/v1/activities/{activity}/appeal", new { text = "I ran with a club, ask them." });
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> PairAsync(TestMember member, Guid activity, bool paired)
    {
        using var response = await member.Client.SendJsonAsync(HttpMethod.Put, $"/api/v1/activities/{activity}/pairing", new { paired });
        return response.StatusCode;
    }

    private static async Task<(string Decision, string Review)> StateAsync(TestMember member, Guid activity)
    {
        var detail = await member.Client.GetJsonAsync($"/api/v1/activities/{activity}");
        return (Text(detail.GetProperty("activity"), "decision"), Text(detail.GetProperty("review"), "status"));
    }

    private static async Task<int> BalanceAsync(TestMember member) => (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt32();

    private static async Task<JsonElement> ActivityAsync(TestMember member, string source) =>
        Assert.Single((await member.Client.GetJsonAsync($"/api/v1/activities?filter[source]={source}")).GetProperty("items").EnumerateArray());

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static Guid Id(JsonElement item) => item.GetProperty("id").GetGuid();
}
