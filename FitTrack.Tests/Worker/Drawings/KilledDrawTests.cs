using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Notifications;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Worker.Drawings;

/// <summary>
/// Real Worker processes, killed at each step of closing and drawing: a lock of the test's makes them wait there. Whatever was done, the
/// next one comes to the one outcome.
/// </summary>
public sealed class KilledDrawTests : IAsyncLifetime
{
    private const int Tickets = 21;

    /// <summary>In the order in which they are written; waiting for the last, the database commits although nobody is left to hear of it.</summary>
    private static readonly string[] Closing = ["drawing_gates", "numbered_tickets", "drawing_proofs", "drawing_tree_blocks", "audit_log", "commit_turnstile"];
    private static readonly string[] Drawing = ["drawing_picks", "fulfillments", "audit_log", "commit_turnstile"];

    private readonly DrawingsFixture _fixture;
    private readonly WorkerProcesses _workers = new();

    public KilledDrawTests(Fixtures.PostgresServer server) =>
        // Sales close and the draw comes in what is the past for the Workers, which have the real time.
        _fixture = new DrawingsFixture(server) { OwnClock = new TestClock(TimeProvider.System.GetUtcNow().AddMinutes(-10)) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _workers.Dispose();
        await _fixture.DisposeAsync();
    }

    [Fact, Trait("Category", "Chaos")]
    public async Task Outcome_WhenWorkersAreKilledAtEachStep_IsOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        var drawing = await SoldOutAsync();
        await MakeTurnstileAsync();
        foreach (var table in Closing) await KillAtAsync(table, drawing);
        Assert.Equal(DrawingStatus.Closed, await StatusAsync(drawing));
        using var anonymous = _fixture.Anonymous();
        var manifest = (await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof")).GetProperty("manifestHash").GetString();

        foreach (var table in Drawing) await KillAtAsync(table, drawing);
        Assert.Equal(DrawingStatus.Completed, await StatusAsync(drawing));

        var proof = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof");
        Assert.Equal(manifest, proof.GetProperty("manifestHash").GetString());
        var verdict = DrawingVerifier.Verify(proof, await anonymous.GetJsonAsync("/.well-known/draw-keys.json"));
        Assert.True(verdict.Outcome == Outcome.NotIndependent, $"{verdict.Summary}: {string.Join("; ", verdict.Reasons)}");
        await AssertOnceAsync(drawing);
    }

    private async Task<Guid> SoldOutAsync()
    {
        var now = _fixture.Clock.Now;
        var prizes = new[] { new { rank = 1, name = "Watch", valueCents = 20_000, quantity = 2, kind = "physical" } };
        var drawing = await _fixture.NewDrawingAsync(changes: [("salesCloseAt", now.AddMinutes(1)), ("drawAt", now.AddMinutes(2)), ("prizes", prizes), ("alternates", 1)]);
        for (var quantity = 1; quantity <= 6; quantity++)
        {
            using var member = await _fixture.NewMemberAsync(points: 1000);
            (await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity })).EnsureSuccessStatusCode();
        }

        return drawing;
    }

    /// <summary>Whoever changes a drawing passes through a table of its own while it commits.</summary>
    private async Task MakeTurnstileAsync()
    {
        await using var db = _fixture.OpenDb();
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TABLE commit_turnstile (passed integer);
            CREATE FUNCTION pass_turnstile() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO commit_turnstile VALUES (1); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER pass_turnstile AFTER UPDATE OF status ON drawings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pass_turnstile();
            """,
            Ct);
    }

    private async Task KillAtAsync(string table, Guid drawing)
    {
        await using var db = _fixture.OpenDb();
        var before = await StatusAsync(drawing);
        // The claim of the one that was killed has run out.
        await db.Database.ExecuteSqlRawAsync("UPDATE drawings SET lease_until = NULL", Ct);
        await using (var transaction = await db.Database.BeginTransactionAsync(Ct))
        {
            await db.Database.ExecuteSqlRawAsync(string.Concat("LOCK TABLE ", table, " IN SHARE MODE"), Ct);
            var worker = _workers.Start(_fixture.Factory.Settings);
            await _fixture.UntilSomebodyWaitsForAsync(table);
            await WorkerProcesses.KillAsync(worker, Ct);
            await transaction.RollbackAsync(Ct);
        }

        // What the dead one's connection was about to do has been done, or not.
        await using (await db.Database.BeginTransactionAsync(Ct))
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE drawings, drawing_gates, commit_turnstile IN ACCESS EXCLUSIVE MODE", Ct);
        Assert.Equal(table == "commit_turnstile", before != await StatusAsync(drawing));
    }

    private async Task<DrawingStatus> StatusAsync(Guid drawing)
    {
        await using var db = _fixture.OpenDb();
        return await db.Set<Drawing>().Where(d => d.Id == drawing).Select(d => d.Status).SingleAsync(Ct);
    }

    private async Task AssertOnceAsync(Guid drawing)
    {
        await using var db = _fixture.OpenDb();
        var numbers = await db.Set<NumberedTicket>().Where(n => n.DrawingId == drawing).Select(n => n.TicketNumber).Order().ToListAsync(Ct);
        Assert.Equal(Enumerable.Range(1, Tickets), numbers);
        Assert.Equal(3, await db.Set<DrawingPick>().CountAsync(p => p.DrawingId == drawing, Ct));
        Assert.Equal(2, await db.Set<Fulfillment>().CountAsync(f => f.DrawingId == drawing, Ct));
        foreach (var action in new[] { "drawing.close", "drawing.execute" })
            Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.SubjectId == drawing.ToString() && a.Action == action, Ct));
        foreach (var mail in new[] { MailTypes.DrawingClosed, MailTypes.DrawingCompleted })
            Assert.Equal(6, await db.Set<OutboxMessage>().CountAsync(m => m.MessageType == mail, Ct));
        await using var scope = _fixture.Factory.NewScope();
        Assert.True((await scope.ServiceProvider.GetRequiredService<LedgerVerifier>().VerifyAsync(null, Ct)).IsIntact);
    }
}
