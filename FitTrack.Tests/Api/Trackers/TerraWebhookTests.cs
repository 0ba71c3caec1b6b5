using System.Net;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Terra;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Trackers;

/// <summary>Terra's webhooks over HTTP: what is taken, what is refused, and that nothing is stored or scored twice.</summary>
public sealed class TerraWebhookTests : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly ApiFixture _api;
    private readonly TerraSender _terra;
    private TestMember _member = null!;
    private string _garmin = null!;

    public TerraWebhookTests(ApiFixture api)
    {
        TerraSender.Configure(api);
        _api = api;
        _terra = new TerraSender(api);
    }

    private DateOnly Today => DateOnly.FromDateTime(_api.Clock.Now.AddHours(-5).DateTime);

    public async ValueTask InitializeAsync()
    {
        _member = await _api.NewMemberAsync();
        _garmin = await _terra.ConnectAsync(_member.Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Post_ASignedWorkout_BecomesAnActivityPointsAndARank()
    {
        await _terra.DeliverAsync(TerraSender.Workout(_garmin, "run-1", _api.Clock.Now.AddHours(-2), 30));

        var activity = Assert.Single(await ItemsAsync("/api/v1/activities"));
        Assert.Equal("running", activity.GetProperty("sport").GetString());
        Assert.Equal(140, activity.GetProperty("pointsEarned").GetInt32());
        Assert.Equal(140, (await _member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64());
        var board = await _member.Client.GetJsonAsync("/api/v1/leaderboards/daily");
        Assert.Equal(140, board.GetProperty("me").GetProperty("points").GetInt64());
    }

    [Fact]
    public async Task Post_TheSameDeliveryAgain_IsAcknowledgedAndChangesNothing()
    {
        var body = TerraSender.Workout(_garmin, "run-1", _api.Clock.Now.AddHours(-2), 30);
        await _terra.DeliverAsync(body, "trace-1");
        using var again = await _terra.SendAsync(body, "trace-1");
        Assert.Equal("duplicate", (await again.ReadJsonAsync(HttpStatusCode.Accepted)).GetProperty("status").GetString());
        await _terra.DeliverAsync(body, "trace-2");
        await using var db = _api.OpenDb();
        Assert.Equal(1, await db.Set<WebhookMessage>().CountAsync(m => m.DeliveryId == "trace-1"));
        Assert.Single(await LedgerAsync());
        Assert.Single(await ItemsAsync("/api/v1/activities"));
    }

    [Fact]
    public async Task Post_ADeliveryWhoseMessageWasTooOldToKeep_ChangesNothing()
    {
        var body = TerraSender.Workout(_garmin, "run-1", _api.Clock.Now.AddHours(-2), 30);
        await _terra.DeliverAsync(body, "old-" + _member.Id);
        await using var db = _api.OpenDb();
        var message = db.Set<WebhookMessage>().Where(m => m.DeliveryId == "old-" + _member.Id);
        await message.ExecuteUpdateAsync(set => set.SetProperty(m => m.ReceivedAt, _api.Clock.Now.AddDays(-31)));
        await using (var scope = _api.Factory.NewScope())
            Assert.Equal(1, await scope.ServiceProvider.GetRequiredService<WebhookInbox>().RemoveOldAsync(TestContext.Current.CancellationToken));
        Assert.False(await message.AnyAsync());

        await _terra.DeliverAsync(body, "old-" + _member.Id);
        Assert.Single(await ItemsAsync("/api/v1/activities"));
        Assert.Single(await LedgerAsync());
    }

    [Fact]
    public async Task Post_ManyCopiesAtOnce_AreStoredOnce()
    {
        var body = TerraSender.Workout(_garmin, "run-1", _api.Clock.Now.AddHours(-2), 30);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _terra.SendAsync(body, "trace-parallel-" + _member.Id)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        await Task.WhenAll(_terra.ProcessAsync(), _terra.ProcessAsync(), _terra.ProcessAsync());
        Assert.Single(await LedgerAsync());
        foreach (var answer in answers)
            answer.Dispose();
    }

    [Fact]
    public async Task Post_AGrowingDay_OnlyAddsTheDifference()
    {
        foreach (var steps in new[] { 4_000, 8_000, 8_000, 12_345 })
            await _terra.DeliverAsync(TerraSender.Daily(_garmin, Today, steps, low: 600, moderate: 0, vigorous: 0));
        Assert.Equal([40L, 10, 40, 43], (await LedgerAsync()).Select(t => t.Amount));
        Assert.Equal(2, (await ItemsAsync("/api/v1/activities")).Count);
    }

    [Fact]
    public async Task Post_AnOlderVersionLate_IsIgnored()
    {
        var now = _api.Clock.Now;
        await _terra.DeliverAsync(TerraSender.Daily(_garmin, Today, 9_000), orderedAt: now);
        await _terra.DeliverAsync(TerraSender.Daily(_garmin, Today, 4_000), orderedAt: now.AddMinutes(-5));
        Assert.Equal(90, Assert.Single(await LedgerAsync()).Amount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("t=1,v1=00")]
    [InlineData("nonsense")]
    public async Task Post_WithAWrongSignature_Is401AndStoresNothing(string signature)
    {
        using var response = await _terra.SendAsync(TerraSender.Workout(_garmin, "x", _api.Clock.Now.AddHours(-1), 30), "forged-" + _member.Id, signature);
        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
        Assert.False(await IsStoredAsync("forged-" + _member.Id));
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task Post_WithAStaleTimestamp_Is401(int seconds)
    {
        var body = Encoding.UTF8.GetBytes(TerraSender.Workout(_garmin, "x", _api.Clock.Now.AddHours(-1), 30));
        using var response = await _terra.SendAsync(body, signature: TerraSignature.Create(body, TerraSender.Secret, _api.Clock.Now.AddSeconds(seconds)));
        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_ABodyChangedOnTheWay_Is401()
    {
        var body = TerraSender.Daily(_garmin, Today, 1_000);
        using var response = await _terra.SendAsync(body.Replace("1000", "9000", StringComparison.Ordinal), signature: TerraSignature.Create(Encoding.UTF8.GetBytes(body), TerraSender.Secret, _api.Clock.Now));
        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"type\":")]
    [InlineData("not json")]
    [InlineData("[1,2,3]")]
    [InlineData("""{"type":"activity","type":"daily"}""")]
    [InlineData("""{"user":{"reference_id":"victim","reference_id":"attacker"}}""")]
    public async Task Post_WhatIsNoReadableJson_Is400AndStoresNothing(string body)
    {
        var trace = "bad-" + Guid.NewGuid();
        using var response = await _terra.SendAsync(body, trace);
        await response.ReadProblemAsync(HttpStatusCode.BadRequest);
        Assert.False(await IsStoredAsync(trace));
    }

    [Fact]
    public async Task Post_AMillionItems_IsRefused()
    {
        using var many = await _terra.SendAsync($$"""{"type":"activity","user":{"user_id":"{{_garmin}}"},"data":[{{string.Join(',', Enumerable.Repeat("0", 1_000_000))}}]}""");
        await many.ReadProblemAsync(HttpStatusCode.BadRequest);
        using var array = await _terra.SendAsync("[" + string.Join(',', Enumerable.Repeat("0", 1_000_000)) + "]");
        await array.ReadProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Post_ABodyOverTheLimit_Is413()
    {
        using var response = await _terra.SendAsync(new byte[(4 << 20) + 1]);
        await response.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_AbsurdNumbers_AreBoundedAndNeverBreakAnything()
    {
        var start = _api.Clock.Now.AddHours(-3).ToString("O");
        var end = _api.Clock.Now.AddHours(-2).ToString("O");
        await _terra.DeliverAsync($$$"""
            {"type":"activity","user":{"user_id":"{{{_garmin}}}"},"data":[{"metadata":{"summary_id":"d1","start_time":"{{{start}}}","end_time":"{{{end}}}","type":"8","upload_type":1},
            "active_durations_data":{"activity_seconds":1e308,"low_intensity_seconds":"600","moderate_intensity_seconds":-1800,"vigorous_intensity_seconds":1800.0000001},
            "distance_data":{"summary":{"distance_meters":1e308,"steps":"9000"} },"heart_rate_data":{"summary":{"avg_hr_bpm":1e400} } },
            {"metadata":{}},null,"text",{"metadata":{"summary_id":"d2","start_time":"{{{start}}}","type":1e308,"name":"\ud800"} }]}
            """);
        var activity = Assert.Single(await ItemsAsync("/api/v1/activities"), a => a.GetProperty("sport").GetString() == "running");
        Assert.Equal((3600, 10 + 90 + 50), (activity.GetProperty("durationSeconds").GetInt32(), activity.GetProperty("pointsEarned").GetInt32()));
    }

    [Fact]
    public async Task Post_ImpossibleSteps_AreRejectedWithAReason()
    {
        await _terra.DeliverAsync($$"""{"type":"daily","user":{"user_id":"{{_garmin}}"},"data":[{"metadata":{"start_time":"{{Today:yyyy-MM-dd}}T00:00:00-05:00"},"distance_data":{"steps":"9007199254740993"} } ]}""");
        var activity = Assert.Single(await ItemsAsync("/api/v1/activities"));
        Assert.Equal(("rejected", "too_many_steps", 0), (activity.GetProperty("status").GetString(), activity.GetProperty("decision").GetString(), activity.GetProperty("pointsEarned").GetInt32()));
        Assert.Empty(await LedgerAsync());
    }

    [Fact]
    public async Task Post_ForAnUnknownUser_IsKeptAndCountsOnceTheSignInComes()
    {
        var account = Guid.NewGuid().ToString();
        await _terra.DeliverAsync(TerraSender.Workout(account, "early", _api.Clock.Now.AddHours(-2), 30), "early-" + account);
        await using (var db = _api.OpenDb())
            Assert.Equal(WebhookStatus.Pending, (await db.Set<WebhookMessage>().SingleAsync(m => m.DeliveryId == "early-" + account)).Status);
        var late = await _api.NewMemberAsync();
        await _terra.ConnectAsync(late.Id, account: account);
        Assert.Equal(140, (await late.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("balance").GetInt64());
    }

    [Fact]
    public async Task Post_ForAUserNobodyEverConnects_IsGivenUpWithItsReason()
    {
        var trace = "never-" + Guid.NewGuid();
        await _terra.DeliverAsync(TerraSender.Workout(Guid.NewGuid().ToString(), "x", _api.Clock.Now.AddHours(-2), 30), trace);
        for (var i = 0; i < 10; i++)
        {
            _api.Clock.Advance(TimeSpan.FromHours(1));
            await _terra.ProcessAsync();
        }

        await using var db = _api.OpenDb();
        var message = await db.Set<WebhookMessage>().SingleAsync(m => m.DeliveryId == trace);
        Assert.Equal(WebhookStatus.Failed, message.Status);
        Assert.Contains("not connected", message.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"something_new","user":{"user_id":"u"}}""")]
    [InlineData("""{"type":"sleep","data":[{}]}""")]
    [InlineData("""{"status":"success","athlete":{}}""")]
    [InlineData("""{"type":7}""")]
    public async Task Post_AnUnknownType_IsStoredAndIgnored(string body)
    {
        var trace = "new-" + Guid.NewGuid();
        await _terra.DeliverAsync(body, trace);
        await using var db = _api.OpenDb();
        Assert.Equal(WebhookStatus.Ignored, (await db.Set<WebhookMessage>().SingleAsync(m => m.DeliveryId == trace)).Status);
    }

    [Fact]
    public async Task Post_TheRecordedFiles_ScoreAsIfTheyCameToday()
    {
        var start = _api.Clock.Now.AddHours(-3);
        await _terra.DeliverAsync(TerraSender.Redate(SharedFiles.Read("json", "terra", "webhook-activity.json"), _garmin, start));
        await _terra.DeliverAsync(TerraSender.Redate(SharedFiles.Read("json", "terra", "webhook-daily.json"), _garmin, new DateTimeOffset(Today.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-5))));
        // 2,917 s of running and its bonus; 11,894 steps; 5,340 s nobody measured less the run's.
        var units = (50L * 10 * ((2917 * 3) + (5340 - 2917))) + (30L * 10 * 11_894) + (30_000L * 50);
        Assert.Equal(units / 30_000, (await _member.Client.GetJsonAsync("/api/v1/points/balance")).GetProperty("earnedToday").GetInt64());
    }

    [Fact]
    public async Task Post_EveryRecordedFile_IsTakenAndWorkedOff()
    {
        foreach (var file in Directory.GetFiles(SharedFiles.Path("json", "terra"), "*.json").Order(StringComparer.Ordinal))
        {
            using var response = await _terra.SendAsync(File.ReadAllBytes(file));
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        using var hostile = await _terra.SendAsync(File.ReadAllBytes(SharedFiles.Path("hostile", "terra-duplicate-keys-huge-numbers.json")));
        await hostile.ReadProblemAsync(HttpStatusCode.BadRequest);
        await _terra.ProcessAsync();
        Assert.Empty(await LedgerAsync());
    }

    [Fact]
    public async Task Post_WhenTheDatabaseIsAway_Is503SoThatTheSenderRetries()
    {
        await using var factory = new ApiFactory("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x;Timeout=2", _api.Clock);
        factory.Settings["Trackers:Terra:WebhookSecret"] = TerraSender.Secret;
        using var client = factory.CreateClient();
        var body = Encoding.UTF8.GetBytes(TerraSender.Daily(_garmin, Today, 1_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, TerraSender.Address) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("terra-signature", TerraSignature.Create(body, TerraSender.Secret, _api.Clock.Now));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.ReadProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string address) =>
        [.. (await _member.Client.GetJsonAsync(address)).GetProperty("items").EnumerateArray()];

    private async Task<List<PointTransaction>> LedgerAsync()
    {
        await using var db = _api.OpenDb();
        return await db.Set<PointTransaction>().Where(t => t.UserId == _member.Id).OrderBy(t => t.Seq).ToListAsync();
    }

    private async Task<bool> IsStoredAsync(string trace)
    {
        await using var db = _api.OpenDb();
        return await db.Set<WebhookMessage>().AnyAsync(m => m.DeliveryId == trace);
    }
}
