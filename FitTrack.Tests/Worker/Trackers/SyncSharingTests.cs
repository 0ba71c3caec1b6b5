using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FitTrack.Core.Messaging;
using FitTrack.Core.Trackers;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.ServiceDefaults.Correlation;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Trackers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FitTrack.Tests.Worker.Trackers;

/// <summary>Several processes on the same connections, processes that die, and what all of them share.</summary>
public sealed class SyncSharingTests(SyncFixture api) : IClassFixture<SyncFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sync_ByTwoWorkers_AsksForEachConnectionOnce()
    {
        var accounts = new List<(TestMember Member, string Account)>();
        for (var i = 0; i < 12; i++)
            accounts.Add(await ConnectedAsync());
        api.Terra.Asked.Clear();
        await using var second = SecondProcess();

        await Task.WhenAll(DrainAsync(api.Factory), DrainAsync(second));

        foreach (var (_, account) in accounts)
        {
            var asked = api.Terra.Asked.Where(a => a.Contains(account, StringComparison.Ordinal)).ToList();
            Assert.Equal(asked.Distinct(StringComparer.Ordinal).Count(), asked.Count);
            Assert.Equal(8, asked.Count); // 92 days in windows of 28, activities and days
        }
    }

    [Fact]
    public async Task Sync_OfAProcessThatDied_IsTakenOverWhenItsLeaseEnds()
    {
        var (member, account) = await ConnectedAsync();
        api.Terra.Has(account, TerraSender.Workout(account, "run", api.Clock.Now.AddHours(-1), 30));
        var id = (await api.ConnectionAsync(member, "garmin")).Id;
        SyncJob? dead = null;
        await foreach (var job in api.Factory.Services.GetRequiredService<SyncRunner>().TakeAsync(Ct))
            dead = job.ConnectionId == id ? job : dead; // claimed, and never run
        await using var second = SecondProcess();
        await DrainAsync(second);
        Assert.Empty(await TrackersFixture.ActivitiesAsync(member));

        api.Clock.Advance(TimeSpan.FromMinutes(4));
        await DrainAsync(second);
        await api.ProcessAsync();
        Assert.Single(await TrackersFixture.ActivitiesAsync(member));

        // The first was only asleep: what it still does changes nothing.
        await using var scope = api.Factory.NewScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<SyncRun>().ExecuteAsync(dead!, Ct)).IsLost);
    }

    [Fact]
    public async Task Sync_WhenTheMemberAsksMeanwhile_RunsOnceMore()
    {
        var (member, account) = await ConnectedAsync();
        var asked = 0;
        api.Terra.Before = async () =>
        {
            if (Interlocked.Increment(ref asked) != 1)
                return;
            api.Clock.Advance(TimeSpan.FromSeconds(1));
            (await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null)).Dispose();
        };
        await api.SyncAsync();
        api.Terra.Before = null;
        Assert.Equal(10, api.Terra.Asked.Count(a => a.Contains(account, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Limit_OfStravasApplication_IsKeptByAllTogether()
    {
        var windows = new[] { new RateWindow(900, 5), new RateWindow(86_400, 7) };
        var quarter = RateGovernor.StartOf(api.Clock.Now, 900).AddMinutes(15);
        var answers = new ConcurrentBag<DateTimeOffset?>();
        await using var second = SecondProcess();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i => answers.Add(await TakeAsync(i % 2 == 0 ? api.Factory : second))));
        Assert.Equal(5, answers.Count(a => a is null));
        Assert.All(answers.OfType<DateTimeOffset>(), a => Assert.Equal(quarter, a));

        api.Clock.MoveTo(quarter);
        Assert.Null(await TakeAsync(second));
        Assert.Null(await TakeAsync(api.Factory));
        Assert.Equal(RateGovernor.StartOf(api.Clock.Now, 86_400).AddDays(1), await TakeAsync(second));

        async Task<DateTimeOffset?> TakeAsync(ApiFactory process)
        {
            await using var scope = process.NewScope();
            return await scope.ServiceProvider.GetRequiredService<RateGovernor>().TakeAsync(TrackerService.Google, windows, Ct);
        }
    }

    [Fact]
    public async Task Sync_WhenStravaSaysTooMany_WaitsForTheNextQuarterHour()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        api.Sandbox.Faults.Plan("strava", new FitTrack.Worker.Simulators.Fault(FitTrack.Worker.Simulators.FaultKind.RateLimit, Times: 2));
        await api.SyncAsync();
        api.Sandbox.Faults.Clear();
        var shown = await TrackersFixture.ShownAsync(member, "strava");
        var quarter = RateGovernor.StartOf(api.Clock.Now, 900).AddMinutes(15);
        Assert.Equal(("pending", quarter, 0), (shown.GetProperty("status").GetString(), shown.GetProperty("nextSyncAt").GetDateTimeOffset(), shown.GetProperty("progress").GetProperty("attempts").GetInt32()));
        api.Clock.MoveTo(quarter);
        await api.SyncAsync();
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "strava")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Event_OfStrava_IsAHintThatIsReadAgain()
    {
        var member = await api.NewMemberAsync();
        await api.ConnectStravaAsync(member);
        await api.SyncAsync();
        var account = (await api.ConnectionAsync(member, "strava")).ExternalUserId;
        var athlete = api.Sandbox.Strava.Find(account)!;
        var run = athlete.Produce(FitTrack.Worker.Simulators.SimulatedSport.All[0], 2_400, api.Clock.Now);
        await TellAsync(api.Sandbox.Strava.Announce(account, run, FitTrack.Worker.Simulators.Change.Created));
        await api.SyncAsync();
        Assert.Equal(2_400, (await FoundAsync()).GetProperty("durationSeconds").GetInt32());

        var corrected = athlete.Correct(api.Clock.Now)!;
        await TellAsync(api.Sandbox.Strava.Announce(account, corrected, FitTrack.Worker.Simulators.Change.Corrected));
        await api.SyncAsync();
        Assert.Equal(corrected.Seconds, (await FoundAsync()).GetProperty("durationSeconds").GetInt32());

        var deleted = athlete.Delete(api.Clock.Now)!;
        await TellAsync(api.Sandbox.Strava.Announce(account, deleted, FitTrack.Worker.Simulators.Change.Deleted));
        await api.SyncAsync();
        Assert.DoesNotContain(await TrackersFixture.ActivitiesAsync(member), a => a.GetProperty("startedAt").GetDateTimeOffset() == run.Start && a.GetProperty("status").GetString() == "accepted");

        async Task<JsonElement> FoundAsync() => (await TrackersFixture.ActivitiesAsync(member)).Single(a => a.GetProperty("startedAt").GetDateTimeOffset() == run.Start);

        async Task TellAsync(IReadOnlyList<FitTrack.Worker.Simulators.Delivery> events)
        {
            api.Clock.Advance(TimeSpan.FromSeconds(5));
            Assert.All(await api.Sandbox.Webhooks.SendAsync(events), r => Assert.StartsWith("200", r.Outcome, StringComparison.Ordinal));
            await api.ProcessAsync();
        }
    }

    [Theory]
    [InlineData("/api/v1/webhooks/strava", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/webhooks/strava/guessed", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/webhooks/strava/secret-path", HttpStatusCode.Unauthorized)]
    public async Task Event_NotFromOurSubscription_IsRefused(string path, HttpStatusCode status)
    {
        using var client = api.NewClient();
        using var answer = await client.PostJsonAsync(path, new { aspect_type = "create", object_type = "activity", object_id = 1, owner_id = 1, subscription_id = 7, event_time = 1 });
        await answer.ReadProblemAsync(status);
    }

    [Fact]
    public async Task Challenge_WithOurToken_IsAnswered()
    {
        using var client = api.NewClient();
        var answer = await client.GetJsonAsync("/api/v1/webhooks/strava/secret-path?hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=15f7d1a91c1f40f8a748fd134752feb3");
        Assert.Equal("""{"hub.challenge":"15f7d1a91c1f40f8a748fd134752feb3"}""", answer.GetRawText());
        using var wrong = await client.GetAsync("/api/v1/webhooks/strava/secret-path?hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1", Ct);
        await wrong.ReadProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Worker_WhenWoken_SynchronisesAndLogsUnderACorrelationId()
    {
        var (member, _) = await ConnectedAsync();
        await api.SyncAsync();
        using var asked = await member.Client.PostJsonAsync("/api/v1/connections/garmin/sync", null);
        await asked.ReadJsonAsync(HttpStatusCode.Accepted);
        var logged = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Listener(text => { if (text.StartsWith("Sync: connection", StringComparison.Ordinal)) logged.TrySetResult(CorrelationId.Current); })));
        var services = api.Factory.Services;
        var options = services.GetRequiredService<IOptions<SyncOptions>>();
        var runner = new SyncRunner(services.GetRequiredService<IServiceScopeFactory>(), options, api.Clock, loggers.CreateLogger<SyncRunner>());
        using var worker = new SyncWorker(runner, services.GetRequiredService<IMessageBus>(), options, api.Clock, loggers.CreateLogger<SyncWorker>());

        await worker.StartAsync(Ct);
        Assert.Matches("^[0-9a-f]{32}$", await logged.Task.WaitAsync(Until.Patience, Ct));
        await worker.StopAsync(Ct);
    }

    [Fact]
    public async Task Upkeep_OfAConnectionWithoutAJob_GivesItOne()
    {
        var (member, _) = await ConnectedAsync();
        var id = (await api.ConnectionAsync(member, "garmin")).Id;
        await using (var db = api.OpenDb())
            await db.Set<SyncJob>().Where(j => j.ConnectionId == id).ExecuteDeleteAsync(Ct);
        await api.Factory.Services.GetRequiredService<SyncRunner>().FillAsync(Ct);
        await api.SyncAsync();
        Assert.Equal("connected", (await TrackersFixture.ShownAsync(member, "garmin")).GetProperty("status").GetString());
    }

    private static async Task DrainAsync(ApiFactory process)
    {
        var runner = process.Services.GetRequiredService<SyncRunner>();
        await Parallel.ForEachAsync(runner.TakeAsync(Ct), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (job, ct) => await runner.RunAsync(job, ct));
    }

    /// <summary>Another host over the same database and clock.</summary>
    private ApiFactory SecondProcess()
    {
        var factory = new ApiFactory(api.Database.ConnectionString, api.Clock);
        foreach (var (key, value) in api.Factory.Settings)
            factory.Settings[key] = value;
        return factory;
    }

    private async Task<(TestMember Member, string Account)> ConnectedAsync()
    {
        var member = await api.NewMemberAsync();
        return (member, await api.Sender.ConnectAsync(member.Id));
    }

    private sealed class Listener(Action<string> heard) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => heard(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
