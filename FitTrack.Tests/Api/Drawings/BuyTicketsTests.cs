using System.Net;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static FitTrack.Tests.Api.Drawings.Purchases;

namespace FitTrack.Tests.Api.Drawings;

public sealed class BuyTicketsTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    [Fact]
    [Scenario("5", "User purchases tickets with sufficient points")]
    public async Task Buy_WithEnoughPoints_GivesTicketsAndTakesThePoints()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();

        using var response = await BuyAsync(member, drawing, 5);

        var receipt = await response.ReadJsonAsync(HttpStatusCode.Created);
        Assert.Equal(500, receipt.GetProperty("balance").GetInt64());
        Assert.Equal(500, receipt.GetProperty("pointsSpent").GetInt64());
        Assert.Equal(5, receipt.GetProperty("tickets").GetArrayLength());
        Assert.Equal(500, await fixture.BalanceAsync(member.Id));
        Assert.Equal(5, (await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}")).GetProperty("ticketsSold").GetInt64());
        await using var db = fixture.OpenDb();
        var spent = await db.Set<PointTransaction>().SingleAsync(t => t.UserId == member.Id && t.Type == PointTransactionType.Spend);
        Assert.Equal((-500, 500, "purchase"), (spent.Amount, spent.BalanceAfter, spent.ReferenceKind));
        Assert.Equal(5, await db.Set<Ticket>().CountAsync(t => t.DrawingId == drawing && t.UserId == member.Id && t.Kind == TicketKind.Paid && t.PricePaid == 100));
    }

    [Fact]
    [Scenario("5", "Ticket purchases are final (no refunds)")]
    public async Task Ticket_OnceBought_CannotBeGivenBack()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        using var bought = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 2 });
        var ticket = (await bought.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("tickets")[0].GetProperty("id").GetGuid();

        foreach (var path in new[] { $"tickets/{ticket}", "tickets", $"drawings/{drawing}/tickets", $"drawings/{drawing}/tickets/{ticket}" })
        {
            using var response = await member.Client.DeleteAsync($"/api/v1/{path}", TestContext.Current.CancellationToken);
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed });
        }

        Assert.Equal(800, await fixture.BalanceAsync(member.Id));
        var own = await member.Client.GetJsonAsync($"/api/v1/tickets?filter[drawing_id]={drawing}");
        Assert.Equal(2, own.GetProperty("items").GetArrayLength());
        var page = (await member.Client.GetJsonAsync($"/api/v1/tickets?filter[drawing_id]={drawing}&per_page=1")).GetProperty("items");
        Assert.Equal((2, 200), (Assert.Single(page.EnumerateArray()).GetProperty("ticketsInDrawing").GetInt32(), page[0].GetProperty("spentInDrawing").GetInt32()));
    }

    [Fact]
    public async Task Buy_ThroughTheTicketsAddress_IsTheSame()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();

        using var response = await member.Client.PostJsonAsync("/api/v1/tickets", new { drawingId = drawing, quantity = 2 });

        Assert.Equal(800, (await response.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("balance").GetInt64());
    }

    /// <summary>A database that was set up anew under running programs.</summary>
    [Fact]
    public async Task Buy_WhenAnEntryIsRememberedThatTheDatabaseDoesNotHave_CountsItAsTheFirst()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        EntryCounters.Remember(drawing, member.Id);

        using var response = await BuyAsync(member, drawing, 2);

        Assert.Equal(800, (await response.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("balance").GetInt64());
        await using var db = fixture.OpenDb();
        Assert.Equal(2, (await db.Set<DrawingEntrant>().SingleAsync(e => e.DrawingId == drawing)).PaidTickets);
    }

    [Fact]
    [Scenario("5", "User cannot purchase tickets with insufficient points")]
    public async Task Buy_WithTooFewPoints_IsRefusedAndChangesNothing()
    {
        using var member = await fixture.NewMemberAsync(points: 50);
        var drawing = await fixture.NewDrawingAsync();

        using var response = await BuyAsync(member, drawing, 1);

        Assert.Contains("Insufficient points", (await response.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        Assert.Equal(50, await fixture.BalanceAsync(member.Id));
        Assert.Equal(0, await SoldAsync(drawing));
    }

    [Fact]
    public async Task Buy_BeyondTheLimitAMember_IsRefused()
    {
        using var member = await fixture.NewMemberAsync(points: 10_000);
        var drawing = await fixture.NewDrawingAsync(changes: ("maxTicketsPerMember", 7));

        using var first = await BuyAsync(member, drawing, 5);
        using var beyond = await BuyAsync(member, drawing, 3);
        using var rest = await BuyAsync(member, drawing, 2);

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Contains("limit", (await beyond.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
        Assert.Equal(7, await SoldAsync(drawing));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("101")]
    [InlineData("1000000000")]
    public async Task Buy_WithAnImpossibleQuantity_IsInvalid(string quantity)
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();

        using var response = await member.Client.PostAsync($"/api/v1/drawings/{drawing}/tickets", JsonHelpers.Body($$"""{"quantity":{{quantity}}}"""), TestContext.Current.CancellationToken);

        await response.ReadInvalidAsync("quantity");
    }

    [Fact]
    public async Task Buy_WithoutQuantity_IsInvalid()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);

        using var response = await member.Client.PostJsonAsync($"/api/v1/drawings/{Guid.NewGuid()}/tickets", new { });

        await response.ReadInvalidAsync("quantity");
    }

    [Fact]
    public async Task Buy_WhenThereIsNoSuchDrawing_IsNotFound()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var draft = await fixture.NewDrawingAsync("draft");

        using var unknown = await BuyAsync(member, Guid.NewGuid(), 1);
        using var hidden = await BuyAsync(member, draft, 1);

        await unknown.ReadProblemAsync(HttpStatusCode.NotFound);
        await hidden.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Buy_WithoutSignIn_IsUnauthorized()
    {
        var drawing = await fixture.NewDrawingAsync();
        using var anonymous = fixture.Anonymous();

        using var response = await anonymous.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1 });

        await response.ReadProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("scheduled", "not opened yet")]
    [InlineData("closed", "Ticket sales closed")]
    [InlineData("cancelled", "cancelled")]
    [InlineData("completed", "Ticket sales closed")]
    [Scenario("5", "User cannot purchase tickets for closed drawing")]
    public async Task Buy_WhenTheDrawingIsNotOpen_IsForbidden(string state, string reason)
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync(state == "scheduled" ? "scheduled" : "open");
        if (state == "cancelled") await fixture.StepAsync(drawing, "cancel", new { reason = "Called off" });
        if (state is "closed" or "completed") await fixture.StepAsync(drawing, "close");
        if (state == "completed") await fixture.StepAsync(drawing, "execute");

        using var response = await BuyAsync(member, drawing, 1);

        Assert.Contains(reason, (await response.ReadProblemAsync(HttpStatusCode.Forbidden)).Detail, StringComparison.Ordinal);
        Assert.Equal(1000, await fixture.BalanceAsync(member.Id));
    }

    [Fact]
    public async Task Buy_AgainUnderTheSameKey_AnswersTheSameAndBuysOnce()
    {
        using var member = await fixture.NewMemberAsync(points: 500);
        var drawing = await fixture.NewDrawingAsync();

        using var first = await BuyAsync(member, drawing, 5, "order-1");
        using var again = await BuyAsync(member, drawing, 5, "order-1");
        using var different = await BuyAsync(member, drawing, 4, "order-1");
        await fixture.StepAsync(drawing, "close");
        using var afterClose = await BuyAsync(member, drawing, 5, "order-1");

        var receipt = await first.ReadJsonAsync(HttpStatusCode.Created);
        Assert.Equal(receipt.ToString(), (await again.ReadJsonAsync(HttpStatusCode.Created)).ToString());
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(receipt.ToString(), (await afterClose.ReadJsonAsync(HttpStatusCode.Created)).ToString());
        await different.ReadProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(0, await fixture.BalanceAsync(member.Id));
        Assert.Equal(5, await SoldAsync(drawing));
    }

    [Fact]
    public async Task Buy_UnderAnotherMembersKey_IsAPurchaseOfItsOwn()
    {
        using var one = await fixture.NewMemberAsync(points: 500);
        using var other = await fixture.NewMemberAsync(points: 500);
        var drawing = await fixture.NewDrawingAsync();

        using var first = await BuyAsync(one, drawing, 1, "shared-key");
        using var second = await BuyAsync(other, drawing, 1, "shared-key");

        Assert.NotEqual(
            (await first.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("purchaseId").GetGuid(),
            (await second.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("purchaseId").GetGuid());
        Assert.Equal(2, await SoldAsync(drawing));
    }

    [Fact]
    public async Task Buy_AMomentAfterSalesClosed_IsForbiddenThoughNoJobHasRun()
    {
        using var member = await fixture.NewMemberAsync(points: 500);
        var drawing = await fixture.NewDrawingAsync(changes: [("salesCloseAt", fixture.Clock.Now.AddMinutes(1)), ("drawAt", fixture.Clock.Now.AddMinutes(2))]);
        using var before = await BuyAsync(member, drawing, 1);

        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        await AssertRefusedAsync(member, drawing, "Ticket sales closed");

        Assert.Equal(HttpStatusCode.Created, before.StatusCode);
    }

    [Fact]
    public async Task EnterFree_Once_GivesATicketWithoutPoints()
    {
        using var member = await fixture.NewMemberAsync();
        var drawing = await fixture.NewDrawingAsync();

        using var first = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/free-entry", null);
        using var second = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/free-entry", null);

        var receipt = await first.ReadJsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, receipt.GetProperty("pointsSpent").GetInt64());
        Assert.Contains("Free entry limit", (await second.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        var tickets = await member.Client.GetJsonAsync($"/api/v1/tickets?filter[drawing_id]={drawing}");
        Assert.Equal("free", Assert.Single(tickets.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    [Scenario("5", "User sees current odds when purchasing")]
    public async Task Show_BeforeAndAfterBuying_TellsTheOdds()
    {
        using var crowd = await fixture.NewMemberAsync(points: 100_000);
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        for (var i = 0; i < 10; i++) (await BuyAsync(crowd, drawing, 100)).Dispose();

        var before = (await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}")).GetProperty("odds");
        (await BuyAsync(member, drawing, 10)).Dispose();
        var after = (await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}")).GetProperty("odds");

        Assert.Equal("1 in 1001", before.GetProperty("afterBuying")[0].GetProperty("odds").GetString());
        Assert.Equal("1 in 101", after.GetProperty("now").GetString());
    }

    private async Task<long> SoldAsync(Guid drawing)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<DrawingGate>().Where(g => g.DrawingId == drawing).SumAsync(g => g.Sold, TestContext.Current.CancellationToken);
    }
}
