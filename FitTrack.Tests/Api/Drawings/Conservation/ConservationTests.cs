using System.Globalization;
using FitTrack.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Drawings.Conservation;

/// <summary>
/// Whatever members, trackers, administrators and the Worker do at once, and whatever breaks meanwhile, no point and no ticket comes from
/// nowhere or gets lost. A failure names the seed: <c>Config.WithReplay</c> makes the same deeds again, which then meet as chance has it.
/// </summary>
public sealed class ConservationTests : IAsyncLifetime
{
    private const int Deeds = 60;

    /// <summary>Six cases, or as many as somebody asks for who has the time.</summary>
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("FITTRACK_CONSERVATION_CASES"), CultureInfo.InvariantCulture, out var cases) ? cases : 6;

    /// <summary>Where a Worker is stopped: it writes them in this order, as it closes, draws, and gives back.</summary>
    private static readonly string[] Steps = ["drawing_gates", "numbered_tickets", "drawing_proofs", "drawing_tree_blocks", "drawing_picks", "fulfillments", "point_transactions", "audit_log"];

    private readonly RequestsInFlight _inFlight = new();
    private readonly DrawingsFixture _fixture;

    public ConservationTests(PostgresServer server) =>
        // A deed may wait for as long as the test holds a lock.
        _fixture = new DrawingsFixture(server) { Configure = services => services.AddSingleton<IStartupFilter>(_inFlight).PostConfigure<RequestTimeoutOptions>(timeouts => timeouts.DefaultPolicy = null) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public void PointsAndTickets_AfterAnyDeedsAtOnce_AddUp() =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(Deed.Sequences(Deeds), deeds => PlayAsync(world => world.DoAsync(deeds))));

    [Fact, Trait("Category", "Chaos")]
    public void PointsAndTickets_WhenWorkersAreKilledAmongAnyDeeds_AddUp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        using var workers = new WorkerProcesses();
        var cases = from deeds in Deed.Sequences(Deeds).Generator from step in Gen.Elements(Steps) select (deeds, step);
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(3), Prop.ForAll(cases.ToArbitrary(), async c =>
        {
            // What is due for this clock is long due for the Worker, which has the real time.
            _fixture.Clock.MoveTo(TimeProvider.System.GetUtcNow().AddMinutes(-10));
            await PlayAsync(world => KillAmongAsync(world, c.deeds, c.step, workers));
        }));
    }

    private async Task PlayAsync(Func<ConservationWorld, Task> play)
    {
        using var world = await ConservationWorld.NewAsync(_fixture, _inFlight);
        await play(world);
        await world.SettleAsync();
        await new ConservationLaws(_fixture, world).AssertAsync();
    }

    /// <summary>A lock of the test's holds the Worker, and whoever else comes by, at a step; then the Worker is no more.</summary>
    private async Task KillAmongAsync(ConservationWorld world, Deed[] deeds, string step, WorkerProcesses workers)
    {
        await world.DoAsync(deeds.Take(Deeds / 2));
        await using var db = _fixture.OpenDb();
        await using var holder = _fixture.OpenDb();
        await using var held = await holder.Database.BeginTransactionAsync(Ct);
        await holder.Database.ExecuteSqlRawAsync(string.Concat("LOCK TABLE ", step, " IN SHARE MODE"), Ct);
        var worker = workers.Start(_fixture.Factory.Settings);
        var rest = world.DoAsync(deeds.Skip(Deeds / 2));
        await Until.HoldsAsync("the Worker to come to the step, or to have nothing to do", async () => rest.IsFaulted || !await world.IsDueAsync() || await WaitsAsync());
        await WorkerProcesses.KillAsync(worker, Ct);
        await held.RollbackAsync(Ct);
        await rest;

        Task<bool> WaitsAsync() => db.Database.SqlQuery<bool>(
            $"""SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = {WorkerProcesses.ApplicationName} AND wait_event_type = 'Lock') AS "Value" """).SingleAsync(Ct);
    }
}
