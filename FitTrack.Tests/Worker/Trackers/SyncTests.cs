using System.Net;
using System.Text.Json;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Connecting;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Trackers;

public sealed class SyncTests(SyncFixture api) : IClassFixture<SyncFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DateOnly Today => DateOnly.FromDateTime(api.Clock.Now.AddHours(-5).DateTime);

    [Fact, Scenario("3", "Periodic sync job runs every 15 minutes")]
    public async Task Sync_SixteenMinutesAfterTheLast_FetchesWhatIsNewAndScoresIt()
    {
        var (member, account) = await ConnectedAsync();
        await api.SyncAsync();
        var first = await TrackersFixture.ShownAsync(member, "garmin");
        Assert.Equal(first.GetProperty("lastSyncAt").GetDateTimeOffset().AddMinutes(15), first.GetProperty("nextSyncAt").GetDateTimeOffset());

        api.Clock.Advance(TimeSpan.FromMinutes(14));
        api.Terra.Asked.Clear();
        await api.SyncAsync();
        Assert.DoesNotContain(api.Terra.Asked, a => a.Contains(account, StringComparison.Ordinal));

        api.Clock.Advance(TimeSpan.FromMinutes(2));
        api.Terra.Has(account, TerraSender.Workout(account, "run-1", api.Clock.Now.AddHours(-1), 30));
        await api.SyncAsync();
        var asked = api.Terra.Asked.Where(a => a.Contains(account, StringComparison.Ordinal)).ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, a => Assert.Contains($"start_date={DateOnly.FromDateTime(api.Clock.Now.DateTime).AddDays(-2):yyyy-MM-dd}&end_date={DateOnly.FromDateTime(api.Clock.Now.DateTime).AddDays(2):yyyy-MM-dd}&to_webhook=false", a, StringComparison.Ordinal));
        Assert.Equal(140, await BalanceAsync(member));
        Assert.Equal(api.Clock.Now, (await TrackersFixture.ShownAsync(member, "garmin")).GetProperty("lastSyncAt").GetDateTimeOffset());
    }

    [Fact, Scenario("3", "Sync creates Activity records from Terra data"), Scenario("3", "Get activity details")]
    public async Task Sync_OfStepsAndTwoWorkouts_MakesThreeActivities()
    {
        var (member, account) = await ConnectedAsync();
        api.Terra.Has(account, TerraSender.Daily(account, Today, 10_000));
        api.Terra.Has(account, TerraSender.Workout(account, "run", api.Clock.Now.AddHours(-3), 30));
        api.Terra.Has(account, TerraSender.Workout(account, "walk", api.Clock.Now.AddHours(-6), 25, type: 7));
        await api.SyncAsync();

        var activities = await TrackersFixture.ActivitiesAsync(member);
        Assert.Equal(["steps", "workout", "workout"], activities.Select(a => a.GetProperty("activityType").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal([75, 100, 140], activities.Select(a => a.GetProperty("pointsEarned").GetInt32()).Order());
        var run = await member.Client.GetJsonAsync($"/api/v1/activities/{activities.Single(a => a.GetProperty("pointsEarned").GetInt32() == 140).GetProperty("id").GetGuid()}");
        var activity = run.GetProperty("activity");
        Assert.Equal(("running", api.Clock.Now.AddHours(-3), 1800, 1800, "vigorous"), (
            activity.GetProperty("sport").GetString(), activity.GetProperty("startedAt").GetDateTimeOffset(), activity.GetProperty("durationSeconds").GetInt32(),
            activity.GetProperty("seconds").GetProperty("vigorousSeconds").GetInt32(), activity.GetProperty("intensity").GetString()));
        Assert.Equal(181, run.GetProperty("metrics").GetProperty("maxHeartRate").GetInt32());
        Assert.Equal(3, (await TrackersFixture.ShownAsync(member, "garmin")).GetProperty("progress").GetProperty("items").GetInt32());
    }

    [Fact, Scenario("3", "Sync deduplicates activities from multiple trackers")]
    public async Task Sync_OfOneWorkoutSeenByTwoTrackers_ScoresThePrimarys()
    {
        var (member, fitbit) = await ConnectedAsync("FITBIT");
        var google = await api.Sender.ConnectAsync(member.Id, "GOOGLE");
        api.Terra.Has(fitbit, TerraSender.Workout(fitbit, "run", api.Clock.Now.AddHours(-3), 30));
        api.Terra.Has(google, TerraSender.Workout(google, "run", api.Clock.Now.AddHours(-3).AddMinutes(2), 30));
        await api.SyncAsync();
        var bySource = (await TrackersFixture.ActivitiesAsync(member)).ToDictionary(a => a.GetProperty("source").GetString()!, StringComparer.Ordinal);
        Assert.Equal(140, bySource["fitbit"].GetProperty("pointsEarned").GetInt32());
        Assert.Equal((0, "duplicate"), (bySource["google_fit"].GetProperty("pointsEarned").GetInt32(), bySource["google_fit"].GetProperty("status").GetString()));
        Assert.Equal(140, await BalanceAsync(member));
    }

    [Theory]
    [Scenario("3", "Sync respects daily point cap")]
    [Scenario("3", "Daily point cap enforced across activities")]
    [InlineData(11_000, 980, 25, 20)]
    [InlineData(8_000, 950, 50, 50)]
    public async Task Sync_NearTheCap_AwardsWhatIsLeft(int steps, int earned, int minutes, int left)
    {
        var (member, account) = await ConnectedAsync();
        // Three runs of 80 minutes with their bonuses are 870 points; the ride after them is worth 2 a minute and no bonus.
        api.Terra.Has(account, TerraSender.Daily(account, Today, steps));
        for (var i = 0; i < 3; i++)
            api.Terra.Has(account, TerraSender.Workout(account, $"run-{i}", api.Clock.Now.AddHours(-8 + (2 * i)), 80));
        await api.SyncAsync();
        Assert.Equal(earned, await BalanceAsync(member));

        api.Clock.Advance(TimeSpan.FromMinutes(16));
        api.Terra.Has(account, TerraSender.Workout(account, "ride", api.Clock.Now.AddMinutes(-20 - minutes), minutes, type: 1));
        await api.SyncAsync();
        var ride = (await TrackersFixture.ActivitiesAsync(member)).Single(a => a.GetProperty("sport").GetString() == "biking");
        Assert.Equal(left, ride.GetProperty("pointsEarned").GetInt32());
        var row = (await member.Client.GetJsonAsync("/api/v1/points/transactions?sort=-created_at&per_page=1")).GetProperty("items")[0];
        Assert.Equal((left, 1000), (row.GetProperty("amount").GetInt32(), row.GetProperty("balanceAfter").GetInt32()));
        Assert.Contains("Daily cap reached", row.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact, Scenario("3", "Sync handles token expiration")]
    public async Task Sync_WithAnExpiredToken_RenewsItAndGoesOn()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        var before = await api.ConnectionAsync(member, "strava");
        await ChangeAsync(before.Id, set => set.SetProperty(c => c.TokenExpiresAt, api.Clock.Now.AddMinutes(-1)));
        await api.SyncAsync();
        var after = await api.ConnectionAsync(member, "strava");
        Assert.Equal(ConnectionStatus.Connected, after.Status);
        Assert.NotEqual(before.ProtectedRefreshToken, after.ProtectedRefreshToken);
        Assert.StartsWith("CfDJ8", after.ProtectedAccessToken, StringComparison.Ordinal);
        Assert.True(after.TokenExpiresAt > api.Clock.Now.AddHours(5));
        Assert.NotEmpty(await TrackersFixture.ActivitiesAsync(member));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Sync_InTheLastHourOfAToken_RenewsItInAdvance(int minutesLeft, bool renews)
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        var before = await api.ConnectionAsync(member, "strava");
        await ChangeAsync(before.Id, set => set.SetProperty(c => c.TokenExpiresAt, api.Clock.Now.AddMinutes(minutesLeft)));
        await api.SyncAsync();
        Assert.Equal(renews, (await api.ConnectionAsync(member, "strava")).ProtectedRefreshToken != before.ProtectedRefreshToken);
    }

    [Fact]
    public async Task Sync_WithATokenThatIsRefusedEarly_RenewsItAndGoesOn()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        var before = await api.ConnectionAsync(member, "strava");
        var wrong = api.Factory.Services.GetRequiredService<TrackerSecrets>().Seal("wrong");
        await ChangeAsync(before.Id, set => set.SetProperty(c => c.ProtectedAccessToken, wrong));
        await api.SyncAsync();
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "strava")).GetProperty("status").GetString());
    }

    [Fact, Scenario("3", "Sync handles token expiration")]
    public async Task Sync_WhenRenewingFails_AsksTheMemberToReconnect()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        api.Sandbox.Strava.OAuth.Revoke(long.Parse((await api.ConnectionAsync(member, "strava")).ExternalUserId, System.Globalization.CultureInfo.InvariantCulture));
        await api.SyncAsync();
        Assert.Equal("needs_reconnect", (await TrackersFixture.ShownAsync(member, "strava")).GetProperty("status").GetString());
        await using var db = api.OpenDb();
        Assert.Single(await db.Set<OutboxMessage>().Where(m => m.UserId == member.Id && m.MessageType == MailTypes.TrackerNeedsReconnect).ToListAsync(Ct));

        // Nothing more is tried until the member has signed in again; then it goes on.
        api.Clock.Advance(TimeSpan.FromHours(1));
        await api.SyncAsync();
        await api.ConnectStravaAsync(member);
        await api.SyncAsync();
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "strava")).GetProperty("status").GetString());
    }

    [Fact, Scenario("3", "Sync handles Terra API errors gracefully")]
    public async Task Sync_WhileTerraIsDown_TriesThreeTimesAndThenWithTheNextInterval()
    {
        var (member, account) = await ConnectedAsync();
        await api.SyncAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        api.Terra.Down = 503;
        try
        {
            await api.SyncAsync();
            var shown = await TrackersFixture.ShownAsync(member, "garmin");
            Assert.Equal(("error", "Terra answered 503."), (shown.GetProperty("status").GetString(), shown.GetProperty("lastError").GetString()));
            Assert.Equal(1, shown.GetProperty("progress").GetProperty("attempts").GetInt32());
            Assert.InRange(WaitOf(shown), 25, 33);
            await api.SyncAsync();
            Assert.Equal(1, (await TrackersFixture.ShownAsync(member, "garmin")).GetProperty("progress").GetProperty("attempts").GetInt32());

            api.Clock.Advance(TimeSpan.FromSeconds(40));
            await api.SyncAsync();
            shown = await TrackersFixture.ShownAsync(member, "garmin");
            Assert.Equal(2, shown.GetProperty("progress").GetProperty("attempts").GetInt32());
            Assert.InRange(WaitOf(shown), 55, 66);

            api.Clock.Advance(TimeSpan.FromSeconds(80));
            await api.SyncAsync();
            shown = await TrackersFixture.ShownAsync(member, "garmin");
            Assert.Equal(0, shown.GetProperty("progress").GetProperty("attempts").GetInt32());
            Assert.InRange(WaitOf(shown), 890, 900);
        }
        finally
        {
            api.Terra.Down = null;
        }

        api.Terra.Has(account, TerraSender.Workout(account, "late", api.Clock.Now.AddHours(-1), 30));
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        await api.SyncAsync();
        var repaired = await TrackersFixture.ShownAsync(member, "garmin");
        Assert.Equal(("connected", JsonValueKind.Null), (repaired.GetProperty("status").GetString(), repaired.GetProperty("lastError").ValueKind));
        Assert.Equal(140, await BalanceAsync(member));
    }

    [Fact, Scenario("3", "User triggers manual sync")]
    public async Task Request_TenMinutesAfterTheLast_IsQueuedAndRun()
    {
        var (member, account) = await ConnectedAsync();
        await api.SyncAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(10));
        api.Terra.Has(account, TerraSender.Workout(account, "run", api.Clock.Now.AddHours(-1), 30));
        using var answer = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        Assert.Equal("Sync queued", (await answer.ReadJsonAsync(HttpStatusCode.Accepted)).GetProperty("message").GetString());
        await api.SyncAsync();
        Assert.Equal(140, await BalanceAsync(member));
    }

    [Fact, Scenario("3", "Manual sync rate limited")]
    public async Task Request_TwoMinutesAfterAnother_IsOneTooMany()
    {
        var (member, _) = await ConnectedAsync();
        using var first = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        await first.ReadJsonAsync(HttpStatusCode.Accepted);
        await api.SyncAsync();
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        using var second = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        Assert.Equal("Manual sync allowed once per 5 minutes", (await second.ReadProblemAsync(HttpStatusCode.TooManyRequests)).Detail);
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 170, 180);
        api.Clock.Advance(TimeSpan.FromMinutes(3));
        using var third = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        await third.ReadJsonAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Request_OfAFullSync_ReadsFromTheBeginningInWindows()
    {
        var (member, account) = await ConnectedAsync();
        await api.SyncAsync();
        api.Terra.Asked.Clear();
        using var answer = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync?full_sync=true", null);
        await answer.ReadJsonAsync(HttpStatusCode.Accepted);
        await api.SyncAsync();
        var asked = api.Terra.Asked.Where(a => a.Contains(account, StringComparison.Ordinal) && a.StartsWith("daily", StringComparison.Ordinal)).ToList();
        Assert.Equal(27, asked.Count); // 730 days and 2 in windows of 28
        Assert.Contains($"start_date={DateOnly.FromDateTime(api.Clock.Now.DateTime).AddDays(-730):yyyy-MM-dd}", asked[0], StringComparison.Ordinal);
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        api.Terra.Asked.Clear();
        await api.SyncAsync();
        Assert.Equal(2, api.Terra.Asked.Count(a => a.Contains(account, StringComparison.Ordinal)));
        using var bad = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync?full_sync=perhaps", null);
        await bad.ReadInvalidAsync("full_sync");
    }

    [Fact]
    public async Task Request_ForATrackerThatIsNotConnected_Is404()
    {
        var member = await api.NewMemberAsync();
        using var answer = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        await answer.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Sync_OfTheSameAgain_StoresNothingAgain()
    {
        var (member, account) = await ConnectedAsync();
        api.Terra.Has(account, TerraSender.Workout(account, "run", api.Clock.Now.AddHours(-1), 30));
        await api.SyncAsync();
        await using var db = api.OpenDb();
        var stored = await db.Set<WebhookMessage>().CountAsync(m => m.ExternalUserId == account, Ct);
        for (var i = 0; i < 3; i++)
        {
            api.Clock.Advance(TimeSpan.FromMinutes(16));
            await api.SyncAsync();
        }

        // The first window of the regular reading differs from the first reading's last one.
        Assert.InRange(await db.Set<WebhookMessage>().CountAsync(m => m.ExternalUserId == account, Ct), stored, stored + 1);
        Assert.Equal(140, await BalanceAsync(member));
    }

    /// <summary>Seconds until the next attempt; the pauses inside an attempt have moved the clock a little.</summary>
    private double WaitOf(JsonElement shown) => (shown.GetProperty("nextSyncAt").GetDateTimeOffset() - api.Clock.Now).TotalSeconds;

    private static async Task<long> BalanceAsync(TestMember member) => (await member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64();

    private async Task ChangeAsync(Guid connectionId, Action<UpdateSettersBuilder<ProviderConnection>> change)
    {
        await using var db = api.OpenDb();
        await db.Set<ProviderConnection>().Where(c => c.Id == connectionId).ExecuteUpdateAsync(change, Ct);
    }

    private async Task<(TestMember Member, string Account)> ConnectedAsync(string provider = "GARMIN")
    {
        var member = await api.NewMemberAsync();
        return (member, await api.Sender.ConnectAsync(member.Id, provider));
    }
}
