using System.Net;
using System.Text.Json;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

public sealed class ConnectionTests : IClassFixture<ApiFixture>
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ConnectionTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        (_api, _terra) = (api, new TerraSender(api));
    }

    [Fact]
    public async Task Get_AfterTheFirstSignIn_ShowsAPrimaryThatWaitsForData()
    {
        var member = await _api.NewMemberAsync();
        var account = await _terra.ConnectAsync(member.Id);
        var first = Assert.Single(await ListAsync(member));
        Assert.Equal(("garmin", "pending", true), (first.GetProperty("provider").GetString(), first.GetProperty("status").GetString(), first.GetProperty("isPrimary").GetBoolean()));
        await _terra.DeliverAsync(TerraSender.Daily(account, DateOnly.FromDateTime(_api.Clock.Now.AddHours(-5).DateTime), 1_000));
        var synced = Assert.Single(await ListAsync(member));
        Assert.Equal("connected", synced.GetProperty("status").GetString());
        Assert.NotEqual(JsonValueKind.Null, synced.GetProperty("lastSyncAt").ValueKind);
    }

    [Fact]
    public async Task Get_WithASecondTracker_KeepsTheFirstPrimary()
    {
        var member = await _api.NewMemberAsync();
        await _terra.ConnectAsync(member.Id, "GOOGLE");
        await _terra.ConnectAsync(member.Id, "FITBIT");
        Assert.Equal([("google_fit", true), ("fitbit", false)], (await ListAsync(member)).Select(c => (c.GetProperty("provider").GetString()!, c.GetProperty("isPrimary").GetBoolean())));
    }

    [Fact]
    public async Task Auth_ASourceThatMayNotScore_IsNeverPrimary()
    {
        var member = await _api.NewMemberAsync();
        await _terra.ConnectAsync(member.Id, "STRAVA");
        Assert.False(Assert.Single(await ListAsync(member)).GetProperty("isPrimary").GetBoolean());
        var garmin = await _terra.ConnectAsync(member.Id);
        Assert.True((await ListAsync(member))[0].GetProperty("isPrimary").GetBoolean());
        Assert.NotNull(garmin);
    }

    [Fact]
    public async Task Auth_AnAccountOfAnotherMember_IsRefusedWithAReason()
    {
        var (first, second) = (await _api.NewMemberAsync(), await _api.NewMemberAsync());
        var account = await _terra.ConnectAsync(first.Id);
        var trace = "taken-" + account;
        await _terra.DeliverAsync(TerraSender.Auth(second.Id, "GARMIN", account), trace);
        Assert.Empty(await ListAsync(second));
        Assert.Contains("another member", (await MessageAsync(trace)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("your-user-123")]
    [InlineData("fittrack-user-")]
    public async Task Auth_ForNobodyWeKnow_FailsWithAReason(string reference)
    {
        var trace = "nobody-" + Guid.NewGuid();
        await _terra.DeliverAsync(JsonSerializer.Serialize(new { type = "auth", status = "success", user = new { user_id = trace, provider = "GARMIN", reference_id = reference } }), trace);
        Assert.Equal(WebhookStatus.Failed, (await MessageAsync(trace)).Status);
    }

    [Fact]
    public async Task Auth_OfAMemberWhoDidNotComeBack_WaitsUntilTheyDo()
    {
        var (member, lured) = (await _api.NewMemberAsync(), await _api.NewMemberAsync());
        var account = Guid.NewGuid().ToString();
        await _terra.DeliverAsync(TerraSender.Auth(member.Id, "GARMIN", account), account);
        await _terra.CameBackAsync(lured.Id, account);
        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        await _terra.ProcessAsync();
        Assert.Empty(await ListAsync(member));
        Assert.Empty(await ListAsync(lured));
        Assert.Equal(WebhookStatus.Pending, (await MessageAsync(account)).Status);

        await _terra.CameBackAsync(member.Id, account);
        _api.Clock.Advance(TimeSpan.FromMinutes(5));
        await _terra.ProcessAsync();
        Assert.Single(await ListAsync(member));
    }

    [Fact]
    public async Task Deauth_ThePrimary_HandsOverToTheOtherTracker()
    {
        var member = await _api.NewMemberAsync();
        var garmin = await _terra.ConnectAsync(member.Id);
        await _terra.ConnectAsync(member.Id, "FITBIT");
        await _terra.DeliverAsync(TerraSender.About("deauth", garmin));
        var left = Assert.Single(await ListAsync(member));
        Assert.Equal(("fitbit", true), (left.GetProperty("provider").GetString(), left.GetProperty("isPrimary").GetBoolean()));

        // The change acts from the next day: today's steps still belong to the one that was primary this morning.
        await using var db = _api.OpenDb();
        var today = DateOnly.FromDateTime(_api.Clock.Now.AddHours(-5).DateTime);
        Assert.Equal([today, today.AddDays(1)], await db.Set<PrimaryTracker>().Where(p => p.UserId == member.Id).OrderBy(p => p.FromDay).Select(p => p.FromDay).ToListAsync());
    }

    [Theory]
    [InlineData("access_revoked")]
    [InlineData("connection_error")]
    public async Task Trouble_AtTheProvider_AsksTheMemberToReconnect(string type)
    {
        var member = await _api.NewMemberAsync();
        var account = await _terra.ConnectAsync(member.Id);
        await _terra.DeliverAsync(TerraSender.About(type, account, "The provider rejected the token"));
        var connection = Assert.Single(await ListAsync(member));
        Assert.Equal(("needs_reconnect", "The provider rejected the token"), (connection.GetProperty("status").GetString(), connection.GetProperty("lastError").GetString()));
        await _terra.DeliverAsync(TerraSender.Auth(member.Id, "GARMIN", account));
        Assert.Equal("pending", Assert.Single(await ListAsync(member)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Reauth_WithANewId_KeepsTheConnectionAndItsActivities()
    {
        var member = await _api.NewMemberAsync();
        var account = await _terra.ConnectAsync(member.Id);
        var workout = _api.Clock.Now.AddHours(-2);
        await _terra.DeliverAsync(TerraSender.Workout(account, "w", workout, 30));
        var renamed = Guid.NewGuid().ToString();
        await _terra.CameBackAsync(member.Id, renamed);
        await _terra.DeliverAsync(JsonSerializer.Serialize(new { type = "user_reauth", old_user = new { user_id = account }, new_user = new { user_id = renamed, provider = "GARMIN" } }));
        await _terra.DeliverAsync(TerraSender.Workout(renamed, "w", workout, 30));
        Assert.Equal(1, (await member.Client.GetJsonAsync("/api/v1/activities")).GetProperty("pagination").GetProperty("total").GetInt32());
        Assert.Single(await ListAsync(member));
    }

    [Fact]
    public async Task Delete_TwoTrackersAtOnce_LeavesTheThirdAsThePrimary()
    {
        var member = await _api.NewMemberAsync();
        foreach (var tracker in new[] { "GARMIN", "FITBIT", "OURA" })
            await _terra.ConnectAsync(member.Id, tracker);
        await using var db = _api.OpenDb();
        await using var watch = _api.OpenDb();
        var fitbit = db.Set<ProviderConnection>().Where(c => c.UserId == member.Id && c.Provider == "fitbit");

        // Held, so that the primary's end is on its way to hand over to the one that ends next.
        await using var held = await db.Database.BeginTransactionAsync(Ct);
        await fitbit.ExecuteUpdateAsync(set => set.SetProperty(c => c.UpdatedAt, c => c.UpdatedAt), Ct);
        var first = member.Client.DeleteAsync("/api/v1/connections/garmin", Ct);
        await WaitingAsync(1);
        var second = member.Client.DeleteAsync("/api/v1/connections/fitbit", Ct);
        await WaitingAsync(2);
        await held.CommitAsync(Ct);
        foreach (var answer in await Task.WhenAll(first, second))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        Assert.Equal("oura", await db.Set<ProviderConnection>().Where(c => c.PrimaryOfUserId == member.Id).Select(c => c.Provider).SingleAsync(Ct));

        Task WaitingAsync(int requests) => Until.HoldsAsync(
            $"{requests} that wait",
            () => watch.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(Ct),
            count => count == requests);
    }

    [Fact]
    public async Task Delete_WhileDataIsWorkedOff_IsNotUndoneByIt()
    {
        var member = await _api.NewMemberAsync();
        await _terra.ConnectAsync(member.Id);
        await using var db = _api.OpenDb();
        var working = await db.Set<ProviderConnection>().SingleAsync(c => c.UserId == member.Id, Ct);
        using var answer = await member.Client.DeleteAsync("/api/v1/connections/garmin", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        working.Synced(_api.Clock.Now);
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => db.SaveChangesAsync(Ct));
        Assert.Empty(await ListAsync(member));
    }

    [Fact]
    public async Task Get_WithoutSignIn_Is401()
    {
        using var client = _api.NewClient();
        using var response = await client.GetAsync("/api/v1/connections", TestContext.Current.CancellationToken);
        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Database_OfASecondPrimary_SaysNo()
    {
        var member = await _api.NewMemberAsync();
        await _terra.ConnectAsync(member.Id, "GARMIN");
        await _terra.ConnectAsync(member.Id, "FITBIT");
        await using var db = _api.OpenDb();
        await Assert.ThrowsAnyAsync<Exception>(() => db.Set<ProviderConnection>().Where(c => c.UserId == member.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.PrimaryOfUserId, c => (Guid?)c.UserId), TestContext.Current.CancellationToken));
    }

    private static async Task<List<JsonElement>> ListAsync(TestMember member) =>
        [.. (await member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray()];

    private async Task<WebhookMessage> MessageAsync(string trace)
    {
        await using var db = _api.OpenDb();
        return await db.Set<WebhookMessage>().SingleAsync(m => m.DeliveryId == trace);
    }
}
