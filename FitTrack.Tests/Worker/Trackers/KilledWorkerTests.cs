using System.Diagnostics;
using FitTrack.AppHost;
using FitTrack.AppHost.Local;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Trackers;

/// <summary>Real Worker processes, killed while they synchronise: the totals come out as if nothing had happened.</summary>
public sealed class KilledWorkerTests(KilledWorkerTests.Fixture api) : IClassFixture<KilledWorkerTests.Fixture>
{
    private const int Members = 6;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact, Trait("Category", "Chaos")]
    public async Task Totals_WhenWorkersAreKilledInTheMiddleOfASync_AreTheSame()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        var undisturbed = await ConnectAsync();
        await api.SyncAsync();
        var expected = await TotalsAsync(undisturbed);
        Assert.True(expected.Activities > 0);

        var disturbed = await ConnectAsync();
        var workers = new List<Process>();
        var asked = 0;
        // The first dies while it waits for its 5th answer, the second, which shares the work, for the 21st, and a third finishes it.
        api.Terra.Before = () =>
        {
            var number = Interlocked.Increment(ref asked);
            if (number is 5 or 21)
                UnixProcess.Signal(workers[number == 5 ? 0 : 1].Id, UnixProcess.Kill);
            return Task.CompletedTask;
        };
        try
        {
            workers.Add(StartWorker());
            workers.Add(StartWorker());
            await workers[0].WaitForExitAsync(Ct).WaitAsync(Until.Patience, Ct);
            await workers[1].WaitForExitAsync(Ct).WaitAsync(Until.Patience, Ct);
            workers.Add(StartWorker());
            await UntilDoneAsync();
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Kill();
                await worker.WaitForExitAsync(Ct);
                worker.Dispose();
            }
        }

        Assert.Equal(expected, await TotalsAsync(disturbed));
        await using var scope = api.Factory.NewScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<LedgerVerifier>().VerifyAsync(null, Ct)).IsIntact);
    }

    private async Task<List<TestMember>> ConnectAsync()
    {
        var members = new List<TestMember>();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(api.Clock.Now, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")).DateTime);
        for (var i = 0; i < Members; i++)
        {
            var member = await api.NewMemberAsync();
            var account = await api.Sender.ConnectAsync(member.Id);
            api.Terra.Has(account, TerraSender.Daily(account, today, 5_000 + (1_000 * i)));
            api.Terra.Has(account, TerraSender.Workout(account, "run", api.Clock.Now.AddMinutes(-40 - i), 30));
            api.Terra.Has(account, TerraSender.Workout(account, "walk", api.Clock.Now.AddMinutes(-90 - i), 25, type: 7));
            members.Add(member);
        }

        return members;
    }

    private async Task<(int Activities, string Balances)> TotalsAsync(List<TestMember> members)
    {
        var ids = members.ConvertAll(m => m.Id);
        await using var db = api.OpenDb();
        var balances = await db.Set<PointBalance>().Where(b => ids.Contains(b.UserId)).ToDictionaryAsync(b => b.UserId, b => b.Balance, Ct);
        var activities = await db.Set<FitTrack.Core.Activities.Activity>().CountAsync(a => ids.Contains(a.UserId), Ct);
        return (activities, string.Join(' ', ids.Select(id => balances.GetValueOrDefault(id))));
    }

    private async Task UntilDoneAsync()
    {
        await using var db = api.OpenDb();
        await Until.HoldsAsync("the last of the work", async () =>
            await db.Set<SyncMetadata>().CountAsync(Ct) == 2 * Members
            && !await db.Set<SyncJob>().AnyAsync(j => j.LeaseUntil != null || j.DueAt <= TimeProvider.System.GetUtcNow(), Ct)
            && !await db.Set<WebhookMessage>().AnyAsync(m => m.Status == WebhookStatus.Pending, Ct));
    }

    private Process StartWorker()
    {
        var start = new ProcessStartInfo("dotnet", [ProgramLocations.Worker.Assembly]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (key, value) in api.Factory.Settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Testing";
        start.Environment["Sync__Lease"] = "00:00:10";
        start.Environment["Sync__Turn"] = "00:00:05";
        start.Environment["Sync__PollEvery"] = "00:00:00.500";
        start.Environment["Webhooks__Lease"] = "00:00:05";
        var worker = Process.Start(start)!;
        _ = worker.StandardOutput.ReadToEndAsync(Ct);
        return worker;
    }

    /// <summary>The processes have the real time, so the Api has it too.</summary>
    public sealed class Fixture(Fixtures.PostgresServer server, SimulatorServer simulators) : SyncFixture(server, simulators)
    {
        protected override TestClock NewClock() => new(TimeProvider.System.GetUtcNow()) { SkipsWaitsUpTo = TimeSpan.FromSeconds(4) };
    }
}
