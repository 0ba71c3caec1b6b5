using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Fulfillments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Api.Fulfillments;

/// <summary>Reminder, forfeit and the next alternate, by the Worker's pass alone and to the instant.</summary>
public sealed class DueFulfillmentTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly object Address = new { name = "Ana Runner", line1 = "1 Main Street", city = "Austin", state = "TX", postalCode = "78701" };
    private static readonly object Watch = new { rank = 1, name = "Fitness watch", valueCents = 25_000, kind = "physical" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("5", "Winner receives reminder at 7 days")]
    public async Task Pass_SevenDaysAfterTheNotice_RemindsOnce()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(winner, Watch);
        var notified = fixture.Clock.Now;

        fixture.Clock.MoveTo(notified + TimeSpan.FromDays(7) - TimeSpan.FromMicroseconds(1));
        await RunAsync();
        Assert.Null((await FindAsync(id)).RemindedAt);
        fixture.Clock.MoveTo(notified + TimeSpan.FromDays(7));
        var logs = await WorkAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        await RunAsync();

        Assert.Contains(logs.Lines, l => l.Text.Contains("winners reminded", StringComparison.Ordinal));

        var prize = await FindAsync(id);
        Assert.Equal((FulfillmentStatus.WinnerNotified, notified + TimeSpan.FromDays(7)), (prize.Status, prize.RemindedAt));
        Assert.Equal([FulfillmentEventKind.Created, FulfillmentEventKind.WinnerNotified, FulfillmentEventKind.Reminded], await HistoryAsync(id));
        Assert.Contains("\"respondBy\":\"" + (notified + TimeSpan.FromDays(14)).ToString("yyyy-MM-dd'T'HH:mm:ss", null), await MailAsync($"reminder:{id}"), StringComparison.Ordinal);
    }

    [Fact]
    [Scenario("5", "Winner does not respond within 14 days")]
    public async Task Pass_FourteenDaysAfterTheNotice_ForfeitsAndGivesThePrizeToTheNextAlternate()
    {
        var (drawing, members) = await DrawAsync(prizes: 1, alternates: 1, entrants: 3);
        var won = Assert.Single(await PrizesAsync(drawing));
        var alternate = Assert.Single(await AlternatesAsync(drawing));
        var winner = members.Single(m => m.Id == won.UserId);
        var deadline = won.NotifiedAt!.Value + TimeSpan.FromDays(14);

        fixture.Clock.MoveTo(deadline - TimeSpan.FromMicroseconds(1));
        await RunAsync();
        Assert.Equal(FulfillmentStatus.WinnerNotified, (await FindAsync(won.Id)).Status);
        fixture.Clock.MoveTo(deadline);
        using var late = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{won.Id}/address", Address);
        await RunAsync();

        Assert.Contains("14 days", (await late.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        var prizes = await PrizesAsync(drawing);
        Assert.Equal([(FulfillmentStatus.Forfeited, 0, won.UserId), (FulfillmentStatus.WinnerNotified, 1, alternate)], prizes.Select(f => (f.Status, f.Attempt, f.UserId)));
        Assert.Equal((deadline, deadline), (prizes[0].ForfeitedAt, prizes[1].NotifiedAt));
        Assert.Contains("No address was given within 14 days", await MailAsync($"forfeited:{won.Id}"), StringComparison.Ordinal);
        Assert.Contains("\"isAlternate\":true", await MailAsync($"winner:{drawing}:1:0:1"), StringComparison.Ordinal);
        using var confirmed = await members.Single(m => m.Id == alternate).Client.PutJsonAsync($"/api/v1/fulfillments/{prizes[1].Id}/address", Address);
        Assert.Equal("address_confirmed", (await confirmed.ReadJsonAsync()).GetProperty("status").GetString());
        DisposeAll(members);
    }

    [Fact]
    public async Task Pass_WhenManyForfeit_GoesThroughTheAlternatesInOrderAndThenToTheSponsor()
    {
        var (drawing, members) = await DrawAsync(prizes: 2, alternates: 4, entrants: 7);
        var alternates = await AlternatesAsync(drawing);
        Assert.Equal(4, alternates.Count);
        await SuspendAsync(alternates[0]);

        await ForfeitAllAsync(drawing);
        Assert.Equal([alternates[1], alternates[2]], (await PrizesAsync(drawing)).Where(f => f.Attempt == 1).OrderBy(f => f.Slot).Select(f => f.UserId));
        await ForfeitAllAsync(drawing);

        var last = (await PrizesAsync(drawing)).OrderBy(f => f.Attempt).ThenBy(f => f.Slot).ToList();
        Assert.Equal(5, last.Count);
        Assert.Equal((alternates[3], FulfillmentStatus.WinnerNotified, 2), (last[4].UserId, last[4].Status, last[4].Attempt));
        Assert.Equal([FulfillmentStatus.Forfeited, FulfillmentStatus.Forfeited, FulfillmentStatus.Forfeited, FulfillmentStatus.ReturnedToSponsor], last.Take(4).Select(f => f.Status));
        Assert.Equal((last[3].ForfeitedAt, true), (last[3].ReturnedAt, last[3].ForfeitedAt is not null));
        Assert.Contains(last[3].Id.ToString(), await MailAsync($"returned:{last[3].Id}:{fixture.Admin.Id}"), StringComparison.Ordinal);
        Assert.Equal(5, last.Select(f => f.UserId).Distinct().Count());
        DisposeAll(members);
    }

    [Fact]
    public async Task Passes_ByManyWorkersAtOnce_ForfeitOnce()
    {
        var (drawing, members) = await DrawAsync(prizes: 1, alternates: 2, entrants: 3);
        fixture.Clock.Advance(TimeSpan.FromDays(14));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync()));

        Assert.Equal([(0, FulfillmentStatus.Forfeited), (1, FulfillmentStatus.WinnerNotified)], (await PrizesAsync(drawing)).Select(f => (f.Attempt, f.Status)));
        DisposeAll(members);
    }

    [Theory]
    [InlineData("fulfillments", "attempt = 1")]
    [InlineData("fulfillment_events", "kind = 'forfeited'")]
    [InlineData("outbox_messages", "message_type = 'drawing_won'")]
    public async Task Pass_WhenItBreaksOffHalfway_HasDoneNothingAndTheNextDoesIt(string table, string row)
    {
        var (drawing, members) = await DrawAsync(prizes: 1, alternates: 1, entrants: 2);
        fixture.Clock.Advance(TimeSpan.FromDays(14));
        await using var db = fixture.OpenDb();
        var create = $"CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''broken off''; END'; CREATE TRIGGER break_off BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.{row}) EXECUTE FUNCTION break_off()";
        await db.Database.ExecuteSqlRawAsync(create, Ct);

        var broken = await RunAsync();
        var untouched = Assert.Single(await PrizesAsync(drawing));
        await db.Database.ExecuteSqlRawAsync("DROP FUNCTION break_off() CASCADE", Ct);
        await RunAsync();

        // Prizes of other tests may break off as well.
        Assert.NotEqual(0, broken.Failed);
        Assert.Equal(FulfillmentStatus.WinnerNotified, untouched.Status);
        Assert.Equal([(0, FulfillmentStatus.Forfeited), (1, FulfillmentStatus.WinnerNotified)], (await PrizesAsync(drawing)).Select(f => (f.Attempt, f.Status)));
        DisposeAll(members);
    }

    [Fact]
    public async Task Pass_WhenAnotherProcessDiedWithTheLease_WaitsForItsEnd()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(winner, Watch);
        fixture.Clock.Advance(TimeSpan.FromDays(7));
        await RunAsync();
        fixture.Clock.Advance(TimeSpan.FromDays(7));
        await using var db = fixture.OpenDb();
        var until = fixture.Clock.Now.AddMinutes(2);
        await db.Set<Lease>().Where(l => l.Name == RunDueFulfillments.LeaseName).ExecuteUpdateAsync(s => s.SetProperty(l => l.Owner, "gone").SetProperty(l => l.ExpiresAt, until), Ct);

        var waited = await RunAsync();
        fixture.Clock.MoveTo(until.AddSeconds(1));
        await RunAsync();

        Assert.Equal(0, waited.Total);
        Assert.Equal(FulfillmentStatus.ReturnedToSponsor, (await FindAsync(id)).Status);
    }

    [Fact]
    public async Task Forfeit_ByAnAdministrator_PassesThePrizeOnWithTheReason()
    {
        var (drawing, members) = await DrawAsync(prizes: 1, alternates: 1, entrants: 2);
        var won = Assert.Single(await PrizesAsync(drawing));
        var winner = members.Single(m => m.Id == won.UserId);
        (await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{won.Id}/address", Address)).EnsureSuccessStatusCode();

        using var bare = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/forfeit", new { reason = " " });
        using var done = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/forfeit", new { reason = "Declined by telephone" });
        using var again = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/forfeit", new { reason = "Twice" });
        using var returned = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/return", new { reason = "Twice" });

        await bare.ReadInvalidAsync("reason");
        var shown = await done.ReadJsonAsync();
        Assert.Equal(("forfeited", false), (shown.GetProperty("status").GetString(), shown.GetProperty("hasAddress").GetBoolean()));
        await again.ReadProblemAsync(HttpStatusCode.Conflict);
        await returned.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(2, (await PrizesAsync(drawing)).Count);
        var history = (await winner.Client.GetJsonAsync($"/api/v1/fulfillments/{won.Id}")).GetProperty("history").EnumerateArray().ToList();
        Assert.Equal("Declined by telephone", history.Single(h => h.GetProperty("kind").GetString() == "forfeited").GetProperty("note").GetString());
        // Who did it is the administrators' to know.
        Assert.All(history.Where(h => h.TryGetProperty("actorId", out var by) && by.ValueKind != JsonValueKind.Null), h => Assert.Equal(winner.Id, h.GetProperty("actorId").GetGuid()));
        DisposeAll(members);
    }

    [Fact]
    public async Task Forfeits_OfTwoPrizesAtOnce_GiveTheOneAlternateOnePrize()
    {
        var (drawing, members) = await DrawAsync(prizes: 2, alternates: 1, entrants: 3);
        var alternate = Assert.Single(await AlternatesAsync(drawing));
        var won = (await PrizesAsync(drawing)).ConvertAll(f => f.Id);

        var answers = await Task.WhenAll(won.Select(id => fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{id}/forfeit", new { reason = "Declined" })));
        // Who lost the race is told so, and asks again.
        foreach (var (answer, id) in answers.Zip(won).Where(a => a.First.StatusCode == HttpStatusCode.Conflict))
            (await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{id}/forfeit", new { reason = "Declined" })).EnsureSuccessStatusCode();

        var prizes = await PrizesAsync(drawing);
        Assert.Equal(alternate, Assert.Single(prizes, f => f.Attempt == 1).UserId);
        Assert.Equal([FulfillmentStatus.Forfeited, FulfillmentStatus.ReturnedToSponsor], prizes.Where(f => f.Attempt == 0).Select(f => f.Status).Order());
        DisposeAll(members);
    }

    [Fact]
    public async Task Return_OfAParcelThatCameBack_GoesToNoAlternate()
    {
        var (drawing, members) = await DrawAsync(prizes: 1, alternates: 1, entrants: 2);
        var won = Assert.Single(await PrizesAsync(drawing));
        (await members.Single(m => m.Id == won.UserId).Client.PutJsonAsync($"/api/v1/fulfillments/{won.Id}/address", Address)).EnsureSuccessStatusCode();
        (await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/ship", new { carrier = "UPS", trackingNumber = "1Z" })).EnsureSuccessStatusCode();

        using var done = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{won.Id}/return", new { reason = "Not deliverable" });

        Assert.Equal("returned_to_sponsor", (await done.ReadJsonAsync()).GetProperty("status").GetString());
        Assert.Single(await PrizesAsync(drawing));
        Assert.DoesNotContain("Not deliverable", await MailAsync($"returned:{won.Id}:{fixture.Admin.Id}"), StringComparison.Ordinal);
        Assert.Contains("Not deliverable", await MailAsync($"forfeited:{won.Id}"), StringComparison.Ordinal);
        DisposeAll(members);
    }

    private static void DisposeAll(List<Entrant> members) => members.ForEach(m => m.Dispose());

    private async Task<LogRecorder> WorkAsync()
    {
        var logs = new LogRecorder();
        using var loggers = new LoggerFactory([logs]);
        using var worker = new FulfillmentWorker(fixture.Factory.Services.GetRequiredService<IServiceScopeFactory>(), fixture.Clock, loggers.CreateLogger<FulfillmentWorker>());
        await worker.RunPassAsync(Ct);
        return logs;
    }

    private async Task<FulfillmentPass> RunAsync()
    {
        await using var scope = fixture.Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<RunDueFulfillments>().RunAsync(Ct);
    }

    private async Task<(Guid Drawing, List<Entrant> Members)> DrawAsync(int prizes, int alternates, int entrants)
    {
        var drawing = await fixture.NewDrawingAsync(changes: [("prizes", new[] { new { rank = 1, name = "Fitness watch", valueCents = 25_000, kind = "physical", quantity = prizes } }), ("alternates", alternates)]);
        var members = new List<Entrant>();
        for (var i = 0; i < entrants; i++)
        {
            members.Add(await fixture.NewMemberAsync(points: 1000));
            (await members[i].Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        }

        await fixture.StepAsync(drawing, "close");
        await fixture.StepAsync(drawing, "execute");
        return (drawing, members);
    }

    /// <summary>Nobody answers.</summary>
    private async Task ForfeitAllAsync(Guid drawing)
    {
        fixture.Clock.Advance(TimeSpan.FromDays(14));
        await RunAsync();
        Assert.DoesNotContain(await PrizesAsync(drawing), f => f.NotifiedAt < fixture.Clock.Now && f.Status == FulfillmentStatus.WinnerNotified);
    }

    private async Task SuspendAsync(Guid member)
    {
        await using var db = fixture.OpenDb();
        await db.Set<User>().Where(u => u.Id == member).ExecuteUpdateAsync(s => s.SetProperty(u => u.Status, UserStatus.Suspended), Ct);
    }

    private async Task<Fulfillment> FindAsync(Guid id)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<Fulfillment>().SingleAsync(f => f.Id == id, Ct);
    }

    private async Task<List<Fulfillment>> PrizesAsync(Guid drawing)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<Fulfillment>().Where(f => f.DrawingId == drawing).OrderBy(f => f.Slot).ThenBy(f => f.Attempt).ToListAsync(Ct);
    }

    private async Task<List<Guid>> AlternatesAsync(Guid drawing)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<DrawingPick>().Where(p => p.DrawingId == drawing && p.PrizeId == null).OrderBy(p => p.Slot).Select(p => p.UserId).ToListAsync(Ct);
    }

    private async Task<List<FulfillmentEventKind>> HistoryAsync(Guid id)
    {
        await using var db = fixture.OpenDb();
        var events = await db.Set<FulfillmentEvent>().Where(e => e.FulfillmentId == id).ToListAsync(Ct);
        return [.. events.OrderBy(e => e.HappenedAt).ThenBy(e => e.Kind).Select(e => e.Kind)];
    }

    /// <summary>The payload of the one mail with this key.</summary>
    private async Task<string> MailAsync(string key)
    {
        await using FitTrackDbContext db = fixture.OpenDb();
        return await db.Set<OutboxMessage>().Where(m => m.DedupeKey == key).Select(m => m.Payload).SingleAsync(Ct);
    }
}
