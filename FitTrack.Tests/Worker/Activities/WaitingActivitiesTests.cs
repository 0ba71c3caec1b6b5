using FitTrack.Core.Activities;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Activities;

/// <summary>What came before its member had a profile, and so a tier, scores once there is one (domain section 3).</summary>
public sealed class WaitingActivitiesTests : IClassFixture<ApiFixture>
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;

    public WaitingActivitiesTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        (_api, _terra) = (api, new TerraSender(api));
    }

    [Fact]
    public async Task Score_WhenTheProfileIsThere_AwardsWhatWaited()
    {
        var member = await _api.NewMemberAsync(new MemberPlan { DisplayName = null });
        await _terra.DeliverAsync(TerraSender.Workout(await _terra.ConnectAsync(member.Id), "run-1", _api.Clock.Now.AddHours(-2), 30));
        Assert.Equal(0, await ScoreAsync());
        Assert.Equal(("no_profile_yet", 0), await ActivityAsync(member));

        using var profile = await member.Client.PutJsonAsync("/api/v1/users/me/profile", new { displayName = "Late But Here", biologicalSex = "female", fitnessLevel = "intermediate", timeZone = "America/New_York" });
        await profile.ReadJsonAsync();

        Assert.Equal(1, await ScoreAsync());
        Assert.Equal(("scores", 140), await ActivityAsync(member));
        Assert.Equal(140, (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64());
        Assert.Equal(0, await ScoreAsync());
    }

    private static async Task<(string? Decision, int Points)> ActivityAsync(TestMember member)
    {
        var activity = (await member.Client.GetJsonAsync("/api/v1/activities")).GetProperty("items")[0];
        return (activity.GetProperty("decision").GetString(), activity.GetProperty("pointsEarned").GetInt32());
    }

    private async Task<int> ScoreAsync()
    {
        await using var scope = _api.Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<WaitingActivities>().ScoreAsync(TestContext.Current.CancellationToken);
    }
}
