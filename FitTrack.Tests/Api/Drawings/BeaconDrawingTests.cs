using System.Net;
using System.Security.Cryptography;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Drawings that wait for a public beacon, and what the jobs do when something goes wrong.</summary>
public sealed class BeaconDrawingTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly DrawingsFixture _fixture;
    private readonly ScriptedBeacon _beacon = new();

    public BeaconDrawingTests(PostgresServer server) => _fixture = new DrawingsFixture(server);

    public async ValueTask InitializeAsync()
    {
        _fixture.Configure = services => services.Replace(ServiceDescriptor.Singleton<IBeacon>(_beacon));
        await _fixture.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Pass_OverADrandDrawing_WaitsForItsRoundAndDrawsFromIt()
    {
        using var member = await _fixture.NewMemberAsync(points: 1000);
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "drand"));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 3 })).EnsureSuccessStatusCode();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        Assert.Equal(1, (await _fixture.RunDueAsync()).Closed);
        using var early = await _fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{id}/execute", null);
        await early.ReadProblemAsync(HttpStatusCode.Conflict);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal((0, 1), (await DrawnAndHeldUpAsync()));
        Assert.Equal("The beacon's round is not there yet", await HeldUpByAsync(id));
        _beacon.Answer = round => ScriptedBeacon.Of(round) with { Randomness = new string('0', 64) };
        Assert.Equal((0, 1), (await DrawnAndHeldUpAsync()));
        Assert.Equal("The beacon's answer does not check", await HeldUpByAsync(id));
        _beacon.Answer = ScriptedBeacon.Of;
        Assert.Equal((1, 0), (await DrawnAndHeldUpAsync()));

        using var anonymous = _fixture.Anonymous();
        var drawing = await anonymous.GetJsonAsync($"/api/v1/drawings/{id}");
        var round = drawing.GetProperty("commitment").GetProperty("round").GetInt64();
        Assert.Equal(drawing.GetProperty("drawAt").GetDateTimeOffset(), DateTimeOffset.FromUnixTimeSeconds(1_692_803_367 + ((round - 1) * 3)), TimeSpan.FromSeconds(3));
        var verdict = DrawingVerifier.Verify(await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/proof"), null);
        Assert.Equal(Outcome.NotIndependent, verdict.Outcome);
        Assert.StartsWith("beacon signature not authenticated", verdict.Reasons[0], StringComparison.Ordinal);
        var entry = await member.Client.GetJsonAsync($"/api/v1/drawings/{id}/entry");
        Assert.Equal(64, entry.GetProperty("salt").GetString()!.Length);
    }

    [Fact]
    public async Task Pass_WhenTheBeaconStaysAwayForSevenDays_CancelsAndRefunds()
    {
        using var member = await _fixture.NewMemberAsync(points: 1000);
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "drand"));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 3 })).EnsureSuccessStatusCode();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        await _fixture.RunDueAsync();

        _fixture.Clock.Advance(TimeSpan.FromDays(7));
        await _fixture.RunDueAsync();
        Assert.Equal("closed", await StatusAsync(id));
        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        await _fixture.RunDueAsync();

        Assert.Equal("cancelled", await StatusAsync(id));
        Assert.Equal(1000, await _fixture.BalanceAsync(member.Id));
    }

    [Fact]
    public async Task Pass_WhenTheManifestWouldComeAfterTheRound_CancelsAndRefunds()
    {
        using var member = await _fixture.NewMemberAsync(points: 1000);
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "drand"));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 3 })).EnsureSuccessStatusCode();

        _fixture.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(3));
        await _fixture.RunDueAsync();

        Assert.Equal("cancelled", await StatusAsync(id));
        Assert.Equal(1000, await _fixture.BalanceAsync(member.Id));
    }

    [Fact]
    public async Task Pass_WithOneBadDrawing_TakesTheOthersOn()
    {
        using var member = await _fixture.NewMemberAsync(points: 1000);
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await _fixture.NewDrawingAsync(changes: ("entropy", "commit")));
            (await member.Client.PostJsonAsync($"/api/v1/drawings/{ids[i]}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        }

        await using var db = _fixture.OpenDb();
        await db.Set<DrawingGate>().Where(g => g.DrawingId == ids[1] && g.Gate == 0).ExecuteUpdateAsync(s => s.SetProperty(g => g.Sold, 99), Ct);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        var pass = await _fixture.RunDueAsync();

        Assert.Equal((2, 1, 0), (pass.Closed, pass.HeldUp, pass.Failed));
        Assert.StartsWith("The gates admitted ", await HeldUpByAsync(ids[1]), StringComparison.Ordinal);
        Assert.Equal(("closed", "open", "closed"), (await StatusAsync(ids[0]), await StatusAsync(ids[1]), await StatusAsync(ids[2])));
    }

    [Fact]
    public async Task Pass_InManyWorkersAtOnce_TakesEachStepOnce()
    {
        using var member = await _fixture.NewMemberAsync(points: 10_000);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await _fixture.NewDrawingAsync(changes: ("entropy", "commit")));
            (await member.Client.PostJsonAsync($"/api/v1/drawings/{ids[i]}/tickets", new { quantity = 5 })).EnsureSuccessStatusCode();
        }

        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        var passes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _fixture.RunDueAsync()));
        // Whoever was turned away by a lease comes back a minute later.
        passes = [.. passes, await _fixture.RunDueAsync()];

        Assert.Equal((4, 4, 0), (passes.Sum(p => p.Closed), passes.Sum(p => p.Drawn), passes.Sum(p => p.Failed)));
        await using var db = _fixture.OpenDb();
        Assert.Equal(4, await db.Set<DrawingPick>().CountAsync(Ct));
    }

    [Fact]
    public async Task Step_OfAWorkerWhoseClaimHasPassedOn_ChangesNothing()
    {
        var id = await _fixture.NewDrawingAsync("scheduled", ("entropy", "commit"));
        await using var scope = _fixture.Factory.NewScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var due = db.Set<Drawing>().Where(d => d.Id == id);
        var slow = Assert.Single(await db.ClaimAsync(due, all => all.OrderBy(d => d.Id), 1, new InstanceId(), _fixture.Clock.Now, TimeSpan.FromMinutes(3), Ct));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Single(await db.ClaimAsync(due, all => all.OrderBy(d => d.Id), 1, new InstanceId(), _fixture.Clock.Now, TimeSpan.FromMinutes(3), Ct));

        var outcome = await scope.ServiceProvider.GetRequiredService<OpenDrawing>().ExecuteAsync(new StepRequest(id, Actor.System, Fencing: slow.Fencing), Ct);

        Assert.IsType<StepOutcome.Stale>(outcome);
        Assert.Equal("scheduled", await StatusAsync(id));
    }

    [Fact]
    public async Task Pass_WhenTheBeaconSpeaksWhileTicketsAreNumbered_CancelsAndRefunds()
    {
        using var member = await _fixture.NewMemberAsync(points: 1000);
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "drand"));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 3 })).EnsureSuccessStatusCode();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        await using var locked = _fixture.OpenDb();
        await using var transaction = await locked.Database.BeginTransactionAsync(Ct);
        await locked.Database.ExecuteSqlRawAsync("LOCK TABLE numbered_tickets IN ACCESS EXCLUSIVE MODE", Ct);

        var pass = _fixture.RunDueAsync();
        await _fixture.UntilSomebodyWaitsForAsync("numbered_tickets");
        _fixture.Clock.Advance(TimeSpan.FromMinutes(6));
        await transaction.RollbackAsync(Ct);
        await pass;

        Assert.Equal("cancelled", await StatusAsync(id));
        Assert.Equal(1000, await _fixture.BalanceAsync(member.Id));
        await using var db = _fixture.OpenDb();
        Assert.False(await db.Set<NumberedTicket>().AnyAsync(n => n.DrawingId == id, Ct));
    }

    [Fact]
    public async Task Pass_WhenAStepBreaksOff_TellsAdministratorsAndGrowsLate()
    {
        var id = await _fixture.NewDrawingAsync(changes: ("entropy", "commit"));
        await using var db = _fixture.OpenDb();
        await db.Database.ExecuteSqlRawAsync("UPDATE drawings SET sealed_seed = 'bm90IHNlYWxlZA==' WHERE id = {0}", [id], Ct);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(115));
        var logs = _fixture.Logs;

        var first = await _fixture.RunDueAsync();
        _fixture.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await _fixture.RunDueAsync();

        Assert.Equal((1, 0, 1, 1), (first.Failed, first.Late, second.Failed, second.Late));
        Assert.StartsWith("An error stopped the step that is due", await HeldUpByAsync(id), StringComparison.Ordinal);
        Assert.Contains(logs.Errors, line => line.Contains($"{id}, which is Open, is 5 minutes late", StringComparison.Ordinal));
        Assert.Single(logs.Errors, line => line.Contains($"{id} is stopped, nobody wins", StringComparison.Ordinal));
    }

    private async Task<(int Drawn, int HeldUp)> DrawnAndHeldUpAsync()
    {
        var pass = await _fixture.RunDueAsync();
        return (pass.Drawn, pass.HeldUp);
    }

    private async Task<string?> HeldUpByAsync(Guid id) => (await _fixture.Admin.Client.GetJsonAsync($"/api/v1/admin/drawings/{id}")).GetProperty("heldUpBy").GetString();

    private async Task<string?> StatusAsync(Guid id) => (await _fixture.Admin.Client.GetJsonAsync($"/api/v1/admin/drawings/{id}")).GetProperty("status").GetString();

    private sealed class ScriptedBeacon : IBeacon
    {
        public Func<long, BeaconRound?> Answer { get; set; } = _ => null;

        public bool IsConfigured => true;

        public Task<BeaconAnswer> FindAsync(string chainHash, long round, CancellationToken ct) => Task.FromResult<BeaconAnswer>(
            Answer(round) is { } found ? new BeaconAnswer.Found(found) : new BeaconAnswer.Missing("The beacon's round is not there yet"));

        public static BeaconRound Of(long round)
        {
            var signature = SHA512.HashData(BitConverter.GetBytes(round))[..48];
            return new BeaconRound(round, Convert.ToHexStringLower(SHA256.HashData(signature)), Convert.ToHexStringLower(signature));
        }
    }
}
