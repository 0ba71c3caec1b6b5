using FitTrack.Core.Activities;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Strava;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Trackers;

/// <summary>What Strava's terms ask, and what only Strava has: gear, permissions that are taken back, data that may not be kept.</summary>
public sealed class StravaTermsTests(TrackersFixture api) : IClassFixture<TrackersFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sync_OfActivitiesWithShoes_KeepsTheShoesInTheRawPayload()
    {
        var (member, account) = await ConnectedAsync();
        await using var db = api.OpenDb();
        var bodies = await db.Set<WebhookMessage>().Where(m => m.ExternalUserId == account && m.EventType == StravaMessages.Activities).Select(m => m.Body).ToListAsync(Ct);
        Assert.Contains(bodies, b => b.Contains("Simulated Pegasus", StringComparison.Ordinal));
        Assert.NotEmpty(await TrackersFixture.ActivitiesAsync(member));
    }

    [Fact]
    public async Task Event_ThatThePermissionWasTakenBack_IsBelievedOnceStravaRefusesUs()
    {
        var (member, account) = await ConnectedAsync();
        var deliveries = api.Sandbox.Strava.Happen(account, "deauthorized");
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.All(await api.Sandbox.Webhooks.SendAsync(deliveries), r => Assert.StartsWith("200", r.Outcome, StringComparison.Ordinal));
        await api.ProcessAsync();
        Assert.NotEmpty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
        await api.SyncAsync();
        Assert.Empty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());

        await RetainAsync();
        Assert.True(await KeptAsync(member) > 0);
        api.Clock.Advance(TimeSpan.FromHours(25));
        await RetainAsync();
        await AssertForgottenAsync(member, account);
    }

    [Fact]
    public async Task Event_ThatThePermissionWasTakenBack_WhenStravaStillAnswers_ChangesNothing()
    {
        var (member, account) = await ConnectedAsync();
        var forged = $$$"""{"aspect_type":"update","event_time":1,"object_id":{{{account}}},"object_type":"athlete","owner_id":{{{account}}},"subscription_id":120475,"updates":{"authorized":"false"}}""";
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        using var client = api.NewClient();
        using var taken = await client.PostAsync("/api/v1/webhooks/strava/secret-path", JsonHelpers.Body(forged), Ct);
        await taken.ReadJsonAsync();
        await api.ProcessAsync();
        await api.SyncAsync();
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "strava")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Retention_OfWhatIsNotFetchedAgain_LeavesNothingOfItAfterAWeek()
    {
        var (member, account) = await ConnectedAsync();
        api.Clock.Advance(TimeSpan.FromDays(6));
        await RetainAsync();
        Assert.True(await KeptAsync(member) > 0);
        api.Clock.Advance(TimeSpan.FromDays(2));
        await RetainAsync();
        await AssertForgottenAsync(member, account);
    }

    [Fact]
    public async Task Connect_AnAccountThatIsFreeAgain_BringsItsActivitiesToTheNewMemberToo()
    {
        var (first, account) = await ConnectedAsync();
        var before = (await TrackersFixture.ActivitiesAsync(first)).Count;
        using var ended = await first.Client.DeleteAsync("/api/v1/connections/strava", Ct);
        await ended.ReadJsonAsync();
        var second = await api.NewMemberAsync();
        await api.ConnectStravaAsync(second, account);
        await api.SyncAsync();
        Assert.Equal(before, (await TrackersFixture.ActivitiesAsync(second)).Count);
        Assert.Equal(before, (await TrackersFixture.ActivitiesAsync(first)).Count);
    }

    private async Task<(TestMember Member, string Account)> ConnectedAsync()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        await api.SyncAsync();
        return (member, (await api.ConnectionAsync(member, "strava")).ExternalUserId);
    }

    /// <summary>By then the member's token has expired.</summary>
    private async Task<int> KeptAsync(TestMember member)
    {
        await using var db = api.OpenDb();
        return await db.Set<Activity>().CountAsync(a => a.UserId == member.Id && a.Status != ActivityStatus.Deleted, Ct);
    }

    private async Task RetainAsync()
    {
        await using var scope = api.Factory.NewScope();
        await scope.ServiceProvider.GetRequiredService<StravaRetention>().RunAsync(Ct);
    }

    private async Task AssertForgottenAsync(TestMember member, string account)
    {
        Assert.Equal(0, await KeptAsync(member));
        await using var db = api.OpenDb();
        Assert.Equal(0, await db.Set<WebhookMessage>().CountAsync(m => m.ExternalUserId == account, Ct));
        var rows = await db.Set<Activity>().Where(a => a.UserId == member.Id).ToListAsync(Ct);
        Assert.NotEmpty(rows);
        Assert.All(rows, a => Assert.Equal((null, null, null, 0), (a.Title, a.Sport, a.DistanceMeters, a.LengthSeconds)));
        Assert.Equal(0, await db.Set<ActivityReceipt>().CountAsync(r => db.Set<Activity>().Any(a => a.Id == r.ActivityId && a.UserId == member.Id), Ct));
    }
}
