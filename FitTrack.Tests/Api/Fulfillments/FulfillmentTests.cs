using System.Net;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Fulfillments;

public sealed class FulfillmentTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly object Address = new { name = "Ana Runner", line1 = "1 Main Street", city = "Austin", state = "TX", postalCode = "78701" };

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    [Scenario("5", "Winner is notified and provides shipping address")]
    [Scenario("5", "Admin ships physical prize")]
    [Scenario("5", "Winner confirms delivery (or admin marks delivered)")]
    public async Task PhysicalPrize_FromNoticeToDelivery_MovesStepByStep()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        using var stranger = await fixture.NewMemberAsync();
        var id = await fixture.WinAsync(winner, new { rank = 1, name = "Fitness watch", valueCents = 25_000, kind = "physical" });
        var mine = Assert.Single((await winner.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items").EnumerateArray());
        Assert.Equal("winner_notified", mine.GetProperty("status").GetString());
        Assert.Equal(TimeSpan.FromDays(14), mine.GetProperty("respondBy").GetDateTimeOffset() - mine.GetProperty("notifiedAt").GetDateTimeOffset());

        using var early = await Admin.PostJsonAsync($"/api/v1/admin/fulfillments/{id}/ship", new { carrier = "USPS", trackingNumber = "9400" });
        using var stolen = await stranger.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address);
        using var bad = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", new { name = "Ana", line1 = "1 Main", city = "Austin", state = "XX", postalCode = "x" });
        using var confirmed = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address);
        using var corrected = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address);
        using var shipped = await Admin.PostJsonAsync($"/api/v1/admin/fulfillments/{id}/ship", new { carrier = "USPS", trackingNumber = "9400123456789" });
        using var late = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address);
        using var delivered = await Admin.PostJsonAsync($"/api/v1/admin/fulfillments/{id}/deliver", null);

        await early.ReadProblemAsync(HttpStatusCode.Conflict);
        await stolen.ReadProblemAsync(HttpStatusCode.NotFound);
        var problems = (await bad.ReadInvalidAsync("state", "postalCode")).Errors!;
        Assert.All(problems, p => Assert.DoesNotContain("regular expression", p.Message, StringComparison.Ordinal));
        Assert.Equal("address_confirmed", (await confirmed.ReadJsonAsync()).GetProperty("status").GetString());
        Assert.Equal("9400123456789", (await shipped.ReadJsonAsync()).GetProperty("trackingNumber").GetString());
        await late.ReadProblemAsync(HttpStatusCode.Conflict);
        var end = await delivered.ReadJsonAsync();
        Assert.Equal(("delivered", fixture.Clock.Now, fixture.Clock.Now), (end.GetProperty("status").GetString(), end.GetProperty("shippedAt").GetDateTimeOffset(), end.GetProperty("deliveredAt").GetDateTimeOffset()));
        Assert.Equal([(MailTypes.PrizeToShip, fixture.Admin.Id)], await MailsAsync("to_ship", id));
        Assert.Equal([(MailTypes.PrizeShipped, winner.Id)], await MailsAsync("shipped", id));
        Assert.Equal([(MailTypes.PrizeArrived, winner.Id)], await MailsAsync("arrived", id));
    }

    [Fact]
    public async Task Address_IsUnreadableAtRestAndEachReadingIsNoted()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        using var stranger = await fixture.NewMemberAsync();
        var id = await fixture.WinAsync(winner, new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" });
        (await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address)).EnsureSuccessStatusCode();

        var shown = await Admin.GetJsonAsync($"/api/v1/admin/fulfillments/{id}");
        using var hidden = await stranger.Client.GetAsync($"/api/v1/fulfillments/{id}", TestContext.Current.CancellationToken);

        Assert.Equal("1 Main Street", shown.GetProperty("address").GetProperty("line1").GetString());
        await hidden.ReadProblemAsync(HttpStatusCode.NotFound);
        await using var db = fixture.OpenDb();
        var stored = await db.Set<Fulfillment>().SingleAsync(f => f.Id == id, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Main", stored.SealedAddress, StringComparison.Ordinal);
        Assert.Equal("address_read", shown.GetProperty("history").EnumerateArray().Last().GetProperty("kind").GetString());
        var log = await Admin.GetJsonAsync($"/api/v1/admin/audit?filter[subject_id]={id}&filter[action]=fulfillment.read");
        Assert.Equal(fixture.Admin.Id, Assert.Single(log.GetProperty("items").EnumerateArray()).GetProperty("actorId").GetGuid());
        var reading = await db.Set<FulfillmentEvent>().SingleAsync(e => e.FulfillmentId == id && e.Kind == FulfillmentEventKind.AddressRead, TestContext.Current.CancellationToken);
        Assert.Equal(fixture.Admin.Id, reading.ActorId);
    }

    [Fact]
    [Scenario("5", "Winner receives digital prize immediately")]
    public async Task DigitalPrize_IsDeliveredAtOnceWithItsCode()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(winner, new { rank = 1, name = "$50 Amazon Gift Card", valueCents = 5_000, codes = new[] { "AMZN-7Q" } });

        var prize = await winner.Client.GetJsonAsync($"/api/v1/fulfillments/{id}");

        Assert.Equal("delivered", prize.GetProperty("prize").GetProperty("status").GetString());
        Assert.Equal("AMZN-7Q", prize.GetProperty("code").GetString());
        using var address = await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", Address);
        await address.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task DigitalPrize_WithoutACodeOfTheSponsors_GetsAClaimCode()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(winner, new { rank = 1, name = "Month of premium", valueCents = 999 });

        Assert.Matches("^FT-[A-Z2-9]{16}$", (await winner.Client.GetJsonAsync($"/api/v1/fulfillments/{id}")).GetProperty("code").GetString());
    }

    private async Task<List<(string, Guid?)>> MailsAsync(string occasion, Guid id)
    {
        await using var db = fixture.OpenDb();
        var mails = await db.Set<OutboxMessage>().Where(m => m.DedupeKey.StartsWith($"{occasion}:{id}")).ToListAsync(TestContext.Current.CancellationToken);
        return mails.ConvertAll(m => (m.MessageType, m.UserId));
    }
}
