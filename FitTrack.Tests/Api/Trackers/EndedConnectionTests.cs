using System.Net;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Simulators;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

/// <summary>What becomes of a connection that ends: the provider is told, and the account is free for somebody else.</summary>
public sealed class EndedConnectionTests(TrackersFixture api) : IClassFixture<TrackersFixture>
{
    private readonly TerraSender _terra = new(api);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disconnect_ATracker_TellsTheProvider()
    {
        var member = await api.NewMemberAsync();
        var account = await api.ConnectTerraAsync(member, "fitbit");
        await DisconnectAsync(member, "fitbit");
        Assert.NotNull(api.Sandbox.Terra.User(account));
        await api.Factory.RunDeferredWorkAsync();
        Assert.Null(api.Sandbox.Terra.User(account));
    }

    [Fact]
    public async Task Disconnect_Strava_DestroysTheTokensOnBothSides()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        var athlete = (await api.ConnectionAsync(member, "strava")).ExternalUserId;
        await DisconnectAsync(member, "strava");
        var connection = await api.ConnectionAsync(member, "strava");
        Assert.Equal((ConnectionStatus.Disconnected, null, null), (connection.Status, connection.ProtectedAccessToken, connection.ProtectedRefreshToken));

        // By then the access token is too old to be used.
        api.Clock.Advance(TimeSpan.FromHours(7));
        await api.Factory.RunDeferredWorkAsync();
        Assert.False(api.Sandbox.Strava.Accounts.Single(a => a.Id == athlete).Connected);
    }

    [Fact]
    public async Task Disconnect_WhileTheProviderIsDown_TellsItLater()
    {
        var member = await api.NewMemberAsync();
        var account = await api.ConnectTerraAsync(member, "fitbit");
        await DisconnectAsync(member, "fitbit");
        api.Sandbox.Faults.Plan("terra", new Fault(FaultKind.Status, Times: 2));
        await api.Factory.RunDeferredWorkAsync();
        Assert.NotNull(api.Sandbox.Terra.User(account));
        Assert.Empty(api.Sandbox.Faults.Of("terra"));
        await api.Factory.RunDeferredWorkAsync();
        Assert.Null(api.Sandbox.Terra.User(account));
    }

    [Fact]
    public async Task Disconnect_AndConnectAgainBeforeTheProviderIsTold_StaysConnected()
    {
        var member = await api.NewMemberAsync();
        var account = await api.ConnectTerraAsync(member, "fitbit");
        await DisconnectAsync(member, "fitbit");
        await _terra.ConnectAsync(member.Id, "FITBIT", account);
        await api.Factory.RunDeferredWorkAsync();
        Assert.NotNull(api.Sandbox.Terra.User(account));
    }

    [Fact]
    public async Task CloseAccount_OfAMemberWithTrackers_TellsTheProviders()
    {
        var member = await api.NewMemberAsync();
        var account = await api.ConnectTerraAsync(member, "garmin");
        await api.ConnectStravaAsync(member);
        var athlete = (await api.ConnectionAsync(member, "strava")).ExternalUserId;
        using var closed = await member.Client.DeleteAsync("/api/v1/users/me", Ct);
        Assert.True(closed.IsSuccessStatusCode);
        await api.Factory.RunDeferredWorkAsync();
        Assert.Null(api.Sandbox.Terra.User(account));
        Assert.False(api.Sandbox.Strava.Accounts.Single(a => a.Id == athlete).Connected);
    }

    [Fact]
    public async Task SignIn_NobodyCameBackFrom_IsRefusedAtTheProvider()
    {
        var member = await api.NewMemberAsync();
        var back = await api.AgreeAsync(await TrackersFixture.InitiateAsync(member, "fitbit"), new KeyValuePair<string, string>("provider", "FITBIT"));
        var account = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query)["user_id"].ToString();
        await api.ProcessAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        await api.ProcessAsync();
        await api.Factory.RunDeferredWorkAsync();
        Assert.Null(api.Sandbox.Terra.User(account));
    }

    [Fact]
    public async Task Connect_AnAccountThatIsFreeAgain_ScoresForOneMemberADay()
    {
        var (first, second) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var account = await _terra.ConnectAsync(first.Id);
        await _terra.DeliverAsync(TerraSender.Workout(account, "morning", api.Clock.Now.AddHours(-2), 30));
        Assert.True(await PointsAsync(first) > 0);
        await DisconnectAsync(first, "garmin");

        await _terra.ConnectAsync(second.Id, account: account);
        await _terra.DeliverAsync(TerraSender.Workout(account, "morning", api.Clock.Now.AddHours(-2), 30));
        await _terra.DeliverAsync(TerraSender.Workout(account, "noon", api.Clock.Now.AddMinutes(-45), 30));
        var kept = await TrackersFixture.ActivitiesAsync(second);
        Assert.Equal(2, kept.Count);
        Assert.All(kept, a => Assert.Contains("fed another member", a.GetProperty("explanation").GetString(), StringComparison.Ordinal));
        Assert.Equal(0, await PointsAsync(second));
        await using var db = api.OpenDb();
        Assert.Equal([second.Id], await db.Set<ProviderConnection>().Where(c => c.ExternalUserId == account).Select(c => c.UserId).ToListAsync(Ct));

        api.Clock.Advance(TimeSpan.FromDays(1));
        await _terra.DeliverAsync(TerraSender.Workout(account, "tomorrow", api.Clock.Now.AddHours(-2), 30));
        Assert.True(await PointsAsync(second) > 0);
    }

    [Fact]
    public async Task Connect_BackToTheFirstOnTheSameDay_LeavesTheDayWithWhoScoredIt()
    {
        var (first, second) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var account = await _terra.ConnectAsync(first.Id);
        await DisconnectAsync(first, "garmin");
        await _terra.ConnectAsync(second.Id, account: account);
        await DisconnectAsync(second, "garmin");
        await _terra.ConnectAsync(first.Id, account: account);
        await _terra.DeliverAsync(TerraSender.Workout(account, "again", api.Clock.Now.AddHours(-1), 30));
        Assert.Equal(0, await PointsAsync(first));
        using var taken = await second.Client.DeleteAsync("/api/v1/connections/garmin", Ct);
        await taken.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    private static async Task DisconnectAsync(TestMember member, string provider)
    {
        using var answer = await member.Client.DeleteAsync($"/api/v1/connections/{provider}", Ct);
        await answer.ReadJsonAsync();
    }

    private static async Task<long> PointsAsync(TestMember member) => (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64();
}
