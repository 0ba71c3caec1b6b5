using System.Net;
using System.Text.Json;
using FitTrack.Core.Notifications;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

/// <summary>Connecting and disconnecting through the providers' own pages, which the simulators play.</summary>
public sealed class ConnectingTests(TrackersFixture api) : IClassFixture<TrackersFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact, Scenario("3", "User initiates tracker connection")]
    public async Task Initiate_ATracker_AnswersTheSignInPage()
    {
        var member = await api.NewMemberAsync();
        using var answer = await member.Client.PostJsonAsync("/api/v1/connections/fitbit/initiate", null);
        var begun = await answer.ReadJsonAsync();
        Assert.StartsWith(api.World.Url + "terra/session/", begun.GetProperty("authUrl").GetString(), StringComparison.Ordinal);
        var token = begun.GetProperty("sessionToken").GetString()!;
        Assert.Equal(43, token.Length);
        await using var db = api.OpenDb();
        var state = Assert.Single(await db.Set<OAuthState>().Where(s => s.UserId == member.Id).ToListAsync(Ct));
        Assert.DoesNotContain(token, state.StateHash, StringComparison.Ordinal);
    }

    [Fact, Scenario("3", "OAuth callback completes connection")]
    public async Task SignIn_AtATracker_ConnectsItAndFetchesAtOnce()
    {
        var member = await api.NewMemberAsync();
        var page = await TrackersFixture.InitiateAsync(member, "fitbit");
        Assert.Equal("pending", await api.AnswerAsync(member, page, new KeyValuePair<string, string>("provider", "FITBIT")));
        Assert.Empty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
        await api.ProcessAsync();

        var shown = await TrackersFixture.ShownAsync(member, "fitbit");
        Assert.Equal(("pending", true), (shown.GetProperty("status").GetString(), shown.GetProperty("isPrimary").GetBoolean()));
        var connection = await api.ConnectionAsync(member, "fitbit");
        await using var db = api.OpenDb();
        var job = await db.Set<SyncJob>().SingleAsync(j => j.ConnectionId == connection.Id, Ct);
        Assert.True(job.DueAt <= api.Clock.Now && job.CompletedAt is null);
        await api.SyncAsync();
        Assert.NotEmpty(await TrackersFixture.ActivitiesAsync(member));
    }

    [Fact, Scenario("3", "OAuth callback completes connection")]
    public async Task SignIn_AtStrava_KeepsItsTokensEncrypted()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        var connection = await api.ConnectionAsync(member, "strava");
        Assert.Equal(api.Clock.Now.AddHours(6), connection.TokenExpiresAt!.Value, TimeSpan.FromMinutes(1));
        Assert.StartsWith("CfDJ8", connection.ProtectedAccessToken, StringComparison.Ordinal);
        Assert.StartsWith("CfDJ8", connection.ProtectedRefreshToken, StringComparison.Ordinal);
        // Strava's terms: nothing of it scores, so it is never the primary.
        Assert.False(connection.IsPrimary);
        await api.SyncAsync();
        var activities = await TrackersFixture.ActivitiesAsync(member);
        Assert.NotEmpty(activities);
        Assert.All(activities, a => Assert.Equal(0, a.GetProperty("pointsEarned").GetInt32()));
    }

    [Fact, Scenario("3", "User connects second tracker (non-primary)")]
    public async Task SignIn_AtASecondTracker_LeavesTheFirstPrimary()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectTerraAsync(member, "fitbit");
        await api.ConnectTerraAsync(member, "google_fit");
        await api.SyncAsync();
        Assert.Equal([("fitbit", true, "connected"), ("google_fit", false, "connected")], await PrimaryAsync(member));
    }

    [Fact, Scenario("3", "User designates new primary tracker")]
    public async Task SetPrimary_AnotherTracker_IsTheOnlyOne()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectTerraAsync(member, "fitbit");
        await api.ConnectTerraAsync(member, "google_fit");
        using var answer = await member.Client.PutJsonAsync("/api/v1/connections/google_fit/set-primary", null);
        Assert.True((await answer.ReadJsonAsync()).GetProperty("isPrimary").GetBoolean());
        Assert.Equal([("google_fit", true, "pending"), ("fitbit", false, "pending")], await PrimaryAsync(member));
    }

    [Fact]
    public async Task SetPrimary_ATrackerThatMayNotScoreOrIsNotThere_IsRefused()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        using var strava = await member.Client.PutJsonAsync("/api/v1/connections/strava/set-primary", null);
        Assert.Contains("may not earn points", (await strava.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        using var garmin = await member.Client.PutJsonAsync("/api/v1/connections/garmin/set-primary", null);
        await garmin.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact, Scenario("3", "User disconnects tracker")]
    public async Task Disconnect_ATracker_KeepsItsActivities()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectTerraAsync(member, "fitbit");
        await api.SyncAsync();
        var before = await TrackersFixture.ActivitiesAsync(member);
        using var answer = await member.Client.DeleteAsync("/api/v1/connections/fitbit", Ct);
        Assert.Contains("Disconnected", (await answer.ReadJsonAsync()).GetProperty("message").GetString(), StringComparison.Ordinal);

        Assert.Empty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
        Assert.Equal(before.Count, (await TrackersFixture.ActivitiesAsync(member)).Count);
        using var again = await member.Client.DeleteAsync("/api/v1/connections/fitbit", Ct);
        await again.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task SignIn_WithAnAccountOfAnotherMember_IsRefusedWithAnExplanation()
    {
        var (first, second) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var key = api.Sandbox.Hevy.NewKey("Shared");
        using var mine = await first.Client.PostJsonAsync("/api/v1/connections/hevy/initiate", new { apiKey = key });
        await mine.ReadJsonAsync();
        using var theirs = await second.Client.PostJsonAsync("/api/v1/connections/hevy/initiate", new { apiKey = key });
        Assert.Contains("another member", (await theirs.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initiate_HevyWithAKey_ConnectsAndReadsWorkoutsThatEarnNothing()
    {
        var member = await api.NewMemberAsync();
        using var answer = await member.Client.PostJsonAsync("/api/v1/connections/hevy/initiate", new { apiKey = api.Sandbox.Hevy.NewKey("Lifter") });
        Assert.Equal(JsonValueKind.Null, (await answer.ReadJsonAsync()).GetProperty("authUrl").ValueKind);
        await api.SyncAsync();
        var workouts = await TrackersFixture.ActivitiesAsync(member);
        Assert.NotEmpty(workouts);
        Assert.All(workouts, w => Assert.Equal(("hevy", 0), (w.GetProperty("source").GetString(), w.GetProperty("pointsEarned").GetInt32())));
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "hevy")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("hevy", null, HttpStatusCode.UnprocessableEntity)]
    [InlineData("hevy", "no-such-key", HttpStatusCode.UnprocessableEntity)]
    [InlineData("apple_health", null, HttpStatusCode.Conflict)]
    [InlineData("google_calendar", null, HttpStatusCode.Conflict)]
    [InlineData("pedometer", null, HttpStatusCode.NotFound)]
    [InlineData("GARMIN", null, HttpStatusCode.NotFound)]
    public async Task Initiate_WhatCannotBeConnected_SaysWhy(string provider, string? apiKey, HttpStatusCode status)
    {
        var member = await api.NewMemberAsync();
        using var answer = await member.Client.PostJsonAsync($"/api/v1/connections/{provider}/initiate", new { apiKey });
        await answer.ReadProblemAsync(status);
    }

    [Fact]
    public async Task Callback_WithAStateThatIsUsedForeignOrOld_ConnectsNothing()
    {
        var member = await api.NewMemberAsync();
        var page = await TrackersFixture.InitiateAsync(member, "strava");
        Assert.Equal("expired", await api.FollowAsync(member, new Uri("http://localhost/api/v1/connections/strava/callback?state=made-up&code=1&scope=activity:read")));

        var state = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(page.Query)["state"].ToString();
        // The state of another provider's sign-in is none of this one's.
        Assert.Equal("expired", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/fitbit/callback?state={state}")));
        Assert.Equal("scope_missing", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/strava/callback?state={state}&code=1&scope=read")));
        Assert.Equal("expired", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/strava/callback?state={state}&code=1&scope=read")));

        var late = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery((await TrackersFixture.InitiateAsync(member, "strava")).Query)["state"].ToString();
        api.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("expired", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/strava/callback?state={late}&code=1&scope=activity:read")));
        Assert.Empty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("strava")]
    [InlineData("fitbit")]
    public async Task SignIn_OnAnotherMembersLink_ConnectsNothingForEither(string provider)
    {
        var (member, lured) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var page = await TrackersFixture.InitiateAsync(member, provider);
        var back = await api.AgreeAsync(page, [new("agree", "true"), new("provider", "FITBIT"), .. TrackersFixture.StravaScopes.Select(s => KeyValuePair.Create("scope", s))]);
        Assert.Equal("expired", await api.FollowAsync(lured, back));
        // Who made the link knows its state, but not what the lured one was sent back with.
        var state = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(back.Query)["state"].ToString();
        Assert.Equal(provider == "strava" ? "scope_missing" : "failed", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/{provider}/callback?state={state}")));
        await api.ProcessAsync();

        foreach (var one in new[] { member, lured })
            Assert.Empty((await one.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Finish_WithoutSignIn_Is401()
    {
        using var nobody = api.NewClient();
        using var answer = await nobody.PostJsonAsync("/api/v1/connections/strava/callback", new { state = "anything" });
        await answer.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task SignIn_ThatIsDenied_SaysSo()
    {
        var member = await api.NewMemberAsync();
        Assert.Equal("denied", await api.AnswerAsync(member, await TrackersFixture.InitiateAsync(member, "strava"), new KeyValuePair<string, string>("cancel", "true")));
        Assert.Equal("denied", await api.AnswerAsync(member, await TrackersFixture.InitiateAsync(member, "fitbit")));
    }

    [Fact]
    public async Task Callback_OfTerra_ProvesNothing()
    {
        var (member, other) = (await api.NewMemberAsync(), await api.NewMemberAsync());
        var account = await api.ConnectTerraAsync(other, "fitbit");
        using var begun = await member.Client.PostJsonAsync("/api/v1/connections/fitbit/initiate", null);
        var state = (await begun.ReadJsonAsync()).GetProperty("sessionToken").GetString();
        Assert.Equal("taken", await api.FollowAsync(member, new Uri($"http://localhost/api/v1/connections/fitbit/callback?state={state}&user_id={account}")));
        Assert.Empty((await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task AccessRevoked_AtTheProvider_TellsTheMemberOnceByMail()
    {
        var member = await api.NewMemberAsync();
        var account = await api.ConnectTerraAsync(member, "garmin");
        await api.Sandbox.Webhooks.SendAsync(api.Sandbox.Terra.Happen(account, "access_revoked"));
        await api.Sandbox.Webhooks.SendAsync(api.Sandbox.Terra.Happen(account, "connection_error"));
        await api.ProcessAsync();
        Assert.Equal("needs_reconnect", (await TrackersFixture.ShownAsync(member, "garmin")).GetProperty("status").GetString());
        await using var db = api.OpenDb();
        Assert.Single(await db.Set<OutboxMessage>().Where(m => m.UserId == member.Id && m.MessageType == MailTypes.TrackerNeedsReconnect).ToListAsync(Ct));
        using var sync = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        await sync.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    private static async Task<IEnumerable<(string, bool, string)>> PrimaryAsync(TestMember member) =>
        (await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray()
            .Select(c => (c.GetProperty("provider").GetString()!, c.GetProperty("isPrimary").GetBoolean(), c.GetProperty("status").GetString()!));
}
