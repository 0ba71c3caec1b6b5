using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

/// <summary>What the simulated Terra sends, received by the Api and worked off: two readings of Terra's protocol that know nothing of each other.</summary>
public sealed class SimulatedTerraTests(ApiFixture api, SimulatorServer simulators) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private TestMember _member = null!;
    private TerraSender _terra = null!;
    private SimulatedWorld _world = null!;
    private string _account = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        TerraSender.Configure(api);
        _world = await simulators.OpenAsync(api.Clock, api.Factory.Server.CreateHandler(), o => o.TerraWebhookSecret = TerraSender.Secret);
        _terra = new TerraSender(api);
        _member = await api.Factory.NewMemberAsync();
        _account = await ConnectAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Widget_WhenAMemberConnects_IsAPrimaryTracker()
    {
        var connection = Assert.Single((await _member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());

        Assert.Equal(("fitbit", true), (connection.GetProperty("provider").GetString(), connection.GetProperty("isPrimary").GetBoolean()));
    }

    [Theory]
    [InlineData("None", 40)]
    [InlineData("Twice", 40)]
    [InlineData("Reordered", 35)]
    public async Task Workout_HoweverItIsDelivered_ScoresOnce(string twist, int minutes)
    {
        var outcomes = await _world.ActAsync("terra", _account, "workout", new { sport = "Run", minutes = 40, twist });
        await _terra.ProcessAsync();

        Assert.All(outcomes, outcome => Assert.StartsWith("202", outcome, StringComparison.Ordinal));
        var run = Assert.Single(await ActivitiesAsync());
        Assert.Equal(minutes * 60, run.GetProperty("durationSeconds").GetInt32());
        // Six tenths vigorous, half of the rest moderate, at 3, 2 and 1 a minute, and the bonus.
        Assert.Equal((minutes * 6 / 10 * 3) + (minutes * 2 / 10 * 2) + (minutes * 2 / 10) + 50, await BalanceAsync());
    }

    [Fact]
    public async Task Workout_WhenDeletedAtTheProvider_TakesItsPointsAlong()
    {
        await _world.ActAsync("terra", _account, "workout");
        await _terra.ProcessAsync();
        Assert.True(await BalanceAsync() > 0);
        await _world.ActAsync("terra", _account, "delete");
        await _terra.ProcessAsync();

        Assert.Equal(0, await BalanceAsync());
    }

    [Fact]
    public async Task Day_WithMoreSteps_Grows()
    {
        await _world.ActAsync("terra", _account, "day", new { steps = 3_000 });
        await _terra.ProcessAsync();
        var before = await BalanceAsync();
        await _world.ActAsync("terra", _account, "day", new { steps = 1_000 });
        await _terra.ProcessAsync();

        Assert.Equal(before + 10, await BalanceAsync());
    }

    [Theory]
    [InlineData("BrokenSignature", "401")]
    [InlineData("OldTimestamp", "401")]
    [InlineData("Unsigned", "401")]
    [InlineData("Malformed", "400")]
    public async Task Delivery_ThatIsWrong_IsRefused(string twist, string status)
    {
        var outcomes = await _world.ActAsync("terra", _account, "workout", new { twist });

        Assert.StartsWith(status, Assert.Single(outcomes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_revoked", "needs_reconnect")]
    [InlineData("connection_error", "needs_reconnect")]
    [InlineData("deauth", null)]
    public async Task Event_ThatEndsTheConnection_IsSeen(string what, string? status)
    {
        await _world.ActAsync("terra", _account, "events/" + what);
        await _terra.ProcessAsync();

        var connections = (await _member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray();
        Assert.Equal(status is null ? [] : [status], connections.Select(c => c.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Reauth_SwapsTheAccountAndKeepsItsData()
    {
        await _world.ActAsync("terra", _account, "events/user_reauth");
        var swapped = Assert.Single(_world.Sandbox.Terra.Accounts).Id;
        await _terra.CameBackAsync(_member.Id, swapped);
        await _terra.ProcessAsync();
        await _world.ActAsync("terra", swapped, "workout");
        await _terra.ProcessAsync();

        Assert.NotEqual(_account, swapped);
        Assert.Single(await ActivitiesAsync());
        Assert.Single((await _member.Client.GetJsonAsync("/api/v1/connections")).GetProperty("items").EnumerateArray());
    }

    private async Task<string> ConnectAsync()
    {
        using var opened = await _world.NewTerraClient().PostJsonAsync("terra/api/widget/session", new { reference_id = $"fittrack-user-{_member.Id}", providers = "FITBIT" });
        var url = (await opened.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("url").GetString()!;
        using var answer = await _world.NewClient().PostAsync(url, new FormUrlEncodedContent([new("provider", "FITBIT")]), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var account = Assert.Single(_world.Sandbox.Terra.Accounts).Id;
        await _terra.CameBackAsync(_member.Id, account);
        await _terra.ProcessAsync();
        return account;
    }

    private async Task<List<JsonElement>> ActivitiesAsync() => [.. (await _member.Client.GetJsonAsync("/api/v1/activities")).GetProperty("items").EnumerateArray()];

    private async Task<long> BalanceAsync() => (await _member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64();
}
