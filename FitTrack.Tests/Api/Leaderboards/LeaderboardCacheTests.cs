using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using FitTrack.Core.Accounts;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Data.Leaderboards;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace FitTrack.Tests.Api.Leaderboards;

public sealed class LeaderboardCacheTests(PostgresServer server) : IAsyncLifetime
{
    private const string Tier = "F-30-39-INT";

    private TestDatabase _database = null!;
    private ApiFactory _here = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _here = new ApiFactory(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    [Scenario("4", "Leaderboard results are cached in Redis")]
    [Scenario("4", "Cached leaderboard is served on repeat requests")]
    public async Task Show_WhenAskedAgainWithinFiveMinutes_ComesFromMemory()
    {
        var me = await _here.NewMemberAsync();
        await me.GetBoardAsync("weekly");
        await WriteBehindTheBackAsync(me.Id);
        _here.Clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(0, (await me.GetBoardAsync("weekly")).TotalMembers);
    }

    [Fact]
    [Scenario("4", "Cache expires after 5 minutes")]
    public async Task Show_WhenFiveMinutesHavePassed_IsReadAnew()
    {
        var me = await _here.NewMemberAsync();
        await me.GetBoardAsync("weekly");
        await WriteBehindTheBackAsync(me.Id);
        _here.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(1, (await me.GetBoardAsync("weekly")).TotalMembers);
    }

    [Fact]
    [Scenario("4", "Cache is invalidated when new activities sync")]
    public async Task Show_WhenAMemberOfTheTierEarned_IsReadAnew()
    {
        var me = await _here.NewMemberAsync();
        await me.GetBoardAsync("weekly");

        await _here.EarnAsync(me.Id, 10, Tier);

        Assert.Equal((1, 10L), ((await me.GetBoardAsync("weekly")).Me.Rank, (await me.GetBoardAsync("weekly")).Me.Points));
    }

    [Fact]
    public async Task Show_WhenAMemberOfAnotherTierEarned_StaysInMemory()
    {
        var me = await _here.NewMemberAsync();
        await me.GetBoardAsync("weekly");
        await WriteBehindTheBackAsync(me.Id);

        await _here.EarnAsync((await _database.AddMembersAsync(1, _here.Clock.Now))[0], 10, "OPEN");

        Assert.Equal(0, (await me.GetBoardAsync("weekly")).TotalMembers);
    }

    [Fact]
    public async Task Clear_ByAnAdministrator_ReadsEveryBoardAnewAndIsAudited()
    {
        var admin = await _here.NewMemberAsync(new MemberPlan { Role = UserRole.Admin });
        await admin.GetBoardAsync("weekly");
        await WriteBehindTheBackAsync(admin.Id);
        Assert.Equal(0, (await admin.GetBoardAsync("weekly")).TotalMembers);

        using var cleared = await admin.Client.PostAsync("/api/v1/admin/leaderboards/clear", null, Ct);

        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal(1, (await admin.GetBoardAsync("weekly")).TotalMembers);
        var audit = await admin.Client.GetJsonAsync("/api/v1/admin/audit?filter[action]=leaderboards.clear");
        Assert.Equal(admin.Id, audit.GetProperty("items")[0].GetProperty("actorId").GetGuid());
    }

    [Fact]
    public async Task Show_WhenManyMissTogether_IsReadOnce()
    {
        var me = await _here.NewMemberAsync();
        await me.GetBoardAsync("daily");
        var builds = 0;
        using var listener = new MeterListener();
        await using var scope = _here.NewScope();
        var own = scope.ServiceProvider.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "fittrack.leaderboard.build" && ReferenceEquals(instrument.Meter.Scope, own))
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref builds));
        listener.Start();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => me.GetBoardAsync("monthly")));

        Assert.Equal(1, builds);
    }

    [Fact]
    public async Task Show_WhenAnotherInstanceBookedThePoints_SeesThem()
    {
        await using var there = new ApiFactory(_database.ConnectionString, _here.Clock);
        var me = await _here.NewMemberAsync();
        var elsewhere = me with { Client = there.CreateClient() };
        elsewhere.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", me.AccessToken);
        Assert.Null((await elsewhere.GetBoardAsync("weekly")).Me.Rank);

        await using var scope = there.NewScope();
        var heard = new TaskCompletionSource();
        using var subscription = scope.ServiceProvider.GetRequiredService<IMessageBus>().Subscribe(BusTopics.Leaderboard, _ => heard.TrySetResult(), () => heard.TrySetResult());
        await _here.EarnAsync(me.Id, 25, Tier);
        await heard.Task.WaitAsync(Ct);

        Assert.Equal((1, 25L), ((await elsewhere.GetBoardAsync("weekly")).Me.Rank, (await elsewhere.GetBoardAsync("weekly")).Me.Points));
    }

    [Fact]
    public async Task Show_WhenANameWasChangedElsewhere_ShowsTheNewOne()
    {
        await using var there = new ApiFactory(_database.ConnectionString, _here.Clock);
        var me = await _here.NewMemberAsync();
        await _here.EarnAsync(me.Id, 25, Tier);
        var elsewhere = me with { Client = there.CreateClient() };
        elsewhere.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", me.AccessToken);
        Assert.Equal(me.DisplayName, (await elsewhere.GetBoardAsync("weekly")).Rankings[0].DisplayName);

        await using var scope = there.NewScope();
        var heard = new TaskCompletionSource();
        using var subscription = scope.ServiceProvider.GetRequiredService<IMessageBus>().Subscribe(BusTopics.Member, _ => heard.TrySetResult(), () => heard.TrySetResult());
        using var changed = await me.Client.PutJsonAsync("/api/v1/users/me/profile", new
        {
            displayName = "New Name Altogether",
            biologicalSex = "female",
            fitnessLevel = "intermediate",
            timeZone = "America/New_York",
            openTierOptIn = false,
            visibility = "public",
        });
        await changed.ReadJsonAsync();
        await heard.Task.WaitAsync(Ct);

        Assert.Equal("New Name Altogether", (await elsewhere.GetBoardAsync("weekly")).Rankings[0].DisplayName);
    }

    [Fact]
    public async Task Show_WhenThePeriodIsOver_IsKeptAndBecomesFinal()
    {
        var me = await _here.NewMemberAsync();
        await _here.EarnAsync(me.Id, 40, Tier);
        await me.GetBoardAsync("daily");

        me = await _here.AtAsync(me, "2026-11-19T05:00:00Z");
        var today = await me.GetBoardAsync("daily");
        var yesterday = await me.GetBoardAsync("daily?period=2026-11-18");
        me = await _here.AtAsync(me, "2026-11-21T04:58:00Z");
        var almost = await me.GetBoardAsync("daily?period=2026-11-18");
        _here.Clock.Advance(TimeSpan.FromMinutes(2));
        var final = await me.GetBoardAsync("daily?period=2026-11-18");

        Assert.Equal((new DateOnly(2026, 11, 19), 0), (today.Start, today.TotalMembers));
        Assert.Equal((false, true, true), (today.Ended, yesterday.Ended, final.Ended));
        Assert.Equal((40L, false), (yesterday.Me.Points, yesterday.Final));
        Assert.False(almost.Final);
        Assert.Equal((40L, true), (final.Me.Points, final.Final));
    }

    [Fact]
    public async Task Live_WhenAllPlacesAreTaken_AsksToComeLater()
    {
        await using var small = new ApiFactory(_database.ConnectionString);
        small.Settings["Leaderboards:MostListeners"] = "1";
        var me = await small.NewMemberAsync();
        using var first = await me.Client.GetAsync("/api/v1/leaderboards/live", HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        using var second = await me.Client.GetAsync("/api/v1/leaderboards/live", HttpCompletionOption.ResponseHeadersRead, Ct);

        Assert.NotNull(second.Headers.RetryAfter);
        await second.ReadProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Show_WhenTheBusIsDown_AnswersRightAndReadinessIsDegraded()
    {
        await using var alone = new ApiFactory(_database.ConnectionString);
        alone.Register.Add(services => services.Replace(ServiceDescriptor.Singleton<IBusTransport>(new DeadTransport())));
        var me = await alone.NewMemberAsync();
        await me.GetBoardAsync("weekly");
        await alone.EarnAsync(me.Id, 10, Tier);

        Assert.Equal(10, (await me.GetBoardAsync("weekly")).Me.Points);
        using var ready = await me.Client.GetAsync("/health/ready", Ct);
        var health = await ready.ReadJsonAsync(HttpStatusCode.OK);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal("degraded", health.GetProperty("checks").GetProperty("cache").GetProperty("status").GetString());
    }

    /// <summary>A change that nobody is told of, to see what is still in memory.</summary>
    private Task WriteBehindTheBackAsync(Guid member) =>
        _database.WriteScoresAsync(new SilentBus(), b => b.AddRangeAsync([new ScoreChange(member, Tier, ScoreBoardSteps.Calendar.DayOf(_here.Clock.Now), 10, _here.Clock.Now)], Ct));

    private sealed class DeadTransport : IBusTransport
    {
        public string Name => "dead";

        public int MaxPayloadBytes => 1_000;

        public Task SendAsync(string payload, CancellationToken ct) => throw new IOException("No route.");

        public Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct) => throw new IOException("No route.");
    }
}
