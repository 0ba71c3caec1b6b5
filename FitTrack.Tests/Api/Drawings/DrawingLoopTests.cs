using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Drawings.Verification;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>From the administrator's form to a result that anyone can check, by the Worker's pass alone.</summary>
public sealed class DrawingLoopTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    [Scenario("5", "Drawing transitions from scheduled to open")]
    [Scenario("5", "Drawing transitions from open to closed")]
    [Scenario("5", "Drawing transitions from closed to completed (after execution)")]
    [Scenario("5", "Drawing executes and selects winner via CSPRNG")]
    [Scenario("5", "Drawing with multiple prizes selects multiple winners")]
    [Scenario("5", "Drawing results are published")]
    public async Task Pass_OverADrawingsLife_OpensClosesDrawsAndPublishesAProofThatVerifies()
    {
        var opensAt = fixture.Clock.Now.AddHours(1);
        var prizes = new object[]
        {
            new { rank = 1, name = "Fitness watch", valueCents = 25_000, kind = "physical" },
            new { rank = 2, name = "Gift card", valueCents = 5_000, quantity = 2, kind = "digital", codes = new[] { "AMZN-1", "AMZN-2" } },
        };
        var drawing = await fixture.NewDrawingAsync(
            "scheduled", ("opensAt", opensAt), ("salesCloseAt", opensAt.AddMinutes(55)), ("drawAt", opensAt.AddHours(1)), ("prizes", prizes), ("alternates", 2));
        var members = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.NewMemberAsync(points: 5_000)));
        using var anonymous = fixture.Anonymous();
        Assert.Equal(0, (await fixture.RunDueAsync()).Opened);

        fixture.Clock.MoveTo(opensAt);
        Assert.Equal(1, (await fixture.RunDueAsync()).Opened);
        foreach (var (member, i) in members.Select((m, i) => (m, i))) await BuyAsync(member, drawing, (i * 3) + 1);
        (await members[0].Client.PostJsonAsync($"/api/v1/drawings/{drawing}/free-entry", null)).EnsureSuccessStatusCode();
        await AssertNoProofAsync(anonymous, drawing);

        fixture.Clock.MoveTo(opensAt.AddMinutes(55));
        Assert.Equal(1, (await fixture.RunDueAsync()).Closed);
        var closed = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof");
        Assert.False(closed.TryGetProperty("entropy", out _));
        Assert.Equal(Outcome.Invalid, DrawingVerifier.Verify(closed, null).Outcome);

        fixture.Clock.MoveTo(opensAt.AddHours(1));
        Assert.Equal(1, (await fixture.RunDueAsync()).Drawn);
        Assert.False((await fixture.RunDueAsync()).DidSomething);

        var proof = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof");
        var keys = await anonymous.GetJsonAsync("/.well-known/draw-keys.json");
        var verdict = DrawingVerifier.Verify(proof, keys);
        Assert.True(verdict.Outcome == Outcome.NotIndependent, $"{verdict.Summary}: {string.Join("; ", verdict.Reasons)}");
        Assert.Contains(verdict.Reasons, r => r.StartsWith("commit drawing", StringComparison.Ordinal));
        Assert.Equal(52, proof.GetProperty("tickets").GetArrayLength());
        Assert.Equal(closed.GetProperty("manifestHash").GetString(), proof.GetProperty("manifestHash").GetString());

        await AssertResultsAsync(anonymous, drawing, proof);
        await AssertFulfilledAsync(drawing);
        foreach (var member in members)
        {
            await AssertOwnTicketsWereInAsync(member, drawing, proof);
            member.Dispose();
        }
    }

    [Fact]
    public async Task Execute_WithoutTickets_CompletesWithNothingAwarded()
    {
        var drawing = await fixture.NewDrawingAsync();
        await fixture.StepAsync(drawing, "close");

        var completed = await fixture.StepAsync(drawing, "execute");

        Assert.Equal("completed", completed.GetProperty("status").GetString());
        using var anonymous = fixture.Anonymous();
        var results = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/results");
        Assert.Empty(results.GetProperty("winners").EnumerateArray());
        Assert.Equal(1, results.GetProperty("unawarded")[0].GetProperty("quantity").GetInt32());
        Assert.Equal(Outcome.NotIndependent, DrawingVerifier.Verify(await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof"), null).Outcome);
    }

    [Fact]
    [Scenario("5", "Drawing execution is idempotent")]
    public async Task Execute_Twice_DrawsOnce()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        await BuyAsync(member, drawing, 3);
        await fixture.StepAsync(drawing, "close");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/execute", null)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(3, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        await using var db = fixture.OpenDb();
        Assert.Equal(1, await db.Set<Fulfillment>().CountAsync(f => f.DrawingId == drawing, Ct));
        Assert.Equal(1, await db.Set<DrawingPick>().CountAsync(p => p.DrawingId == drawing, Ct));
    }

    [Theory]
    [InlineData("UPDATE drawings SET ticket_price = ticket_price + 1, alternates = 1 WHERE id = {0}", "manifest")]
    [InlineData("DELETE FROM numbered_tickets WHERE drawing_id = {0} AND ticket_number = 3", "manifest")]
    [InlineData("UPDATE drawing_proofs SET signature = 'AAAA' || substr(signature, 5) WHERE drawing_id = {0}", "signature")]
    public async Task Execute_WhenSomethingWasChangedUnderneath_AwardsNobodyAndSaysWhy(string sql, string reason)
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        await BuyAsync(member, drawing, 3);
        await fixture.StepAsync(drawing, "close");
        await fixture.TamperAsync(sql, drawing);
        await using var db = fixture.OpenDb();

        using var response = await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/drawings/{drawing}/execute", null);

        Assert.Contains(reason, (await response.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        var shown = await fixture.Admin.Client.GetJsonAsync($"/api/v1/admin/drawings/{drawing}");
        Assert.Equal("closed", shown.GetProperty("status").GetString());
        Assert.Contains(reason, shown.GetProperty("heldUpBy").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await db.Set<DrawingPick>().CountAsync(p => p.DrawingId == drawing, Ct));
    }

    [Fact]
    public async Task Verify_ABundleChangedOnItsWay_IsInvalid()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var drawing = await fixture.NewDrawingAsync();
        await BuyAsync(member, drawing, 4);
        await fixture.StepAsync(drawing, "close");
        await fixture.StepAsync(drawing, "execute");
        using var anonymous = fixture.Anonymous();
        var proof = (await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/proof")).ToString();

        Assert.Equal("entropy", StepOf(proof, b => b["entropy"]!["seed"] = new string('0', 64)));
        Assert.Equal("root", StepOf(proof, b => b["tickets"]![0]!["holder"] = new string('0', 64)));
        Assert.Equal("picks", StepOf(proof, b => b["picks"]![0]!["ticket"] = (b["picks"]![0]!["ticket"]!.GetValue<int>() % 4) + 1));
        Assert.Equal("manifest hash", StepOf(proof, b => b["manifest"]!["rules"] = new string('0', 64)));

        static string? StepOf(string proof, Action<JsonNode> change)
        {
            var bundle = JsonNode.Parse(proof)!;
            change(bundle);
            return DrawingVerifier.Verify(JsonElement.Parse(bundle.ToJsonString()), null).FailedStep;
        }
    }

    private static async Task BuyAsync(Entrant member, Guid drawing, int quantity)
    {
        using var response = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity });
        await response.ReadJsonAsync(HttpStatusCode.Created);
    }

    private static async Task AssertNoProofAsync(HttpClient anonymous, Guid drawing)
    {
        foreach (var part in new[] { "proof", "results", "tickets/1/proof" })
        {
            using var response = await anonymous.GetAsync($"/api/v1/drawings/{drawing}/{part}", Ct);
            await response.ReadProblemAsync(HttpStatusCode.NotFound);
        }
    }

    private async Task AssertResultsAsync(HttpClient anonymous, Guid drawing, JsonElement proof)
    {
        var results = await anonymous.GetJsonAsync($"/api/v1/drawings/{drawing}/results");
        var winners = results.GetProperty("winners").EnumerateArray().ToList();
        var picks = proof.GetProperty("picks").EnumerateArray().ToList();
        Assert.Equal(3, winners.Count);
        Assert.Equal(5, picks.Count);
        Assert.Equal(picks.Take(3).Select(p => p.GetProperty("ticket").GetInt32()), winners.Select(w => w.GetProperty("ticketNumber").GetInt32()));
        Assert.All(winners, w => Assert.StartsWith("Member ", w.GetProperty("displayName").GetString(), StringComparison.Ordinal));
        Assert.Equal(52, results.GetProperty("ticketsSold").GetInt64());
        await using var db = fixture.OpenDb();
        Assert.Equal(DrawingStatus.Completed, (await db.Set<Drawing>().SingleAsync(d => d.Id == drawing, Ct)).Status);
    }

    private async Task AssertFulfilledAsync(Guid drawing)
    {
        await using var db = fixture.OpenDb();
        var prizes = await db.Set<Fulfillment>().Where(f => f.DrawingId == drawing).OrderBy(f => f.Rank).ThenBy(f => f.Slot).ToListAsync(Ct);
        Assert.Equal([FulfillmentStatus.WinnerNotified, FulfillmentStatus.Delivered, FulfillmentStatus.Delivered], prizes.Select(f => f.Status));
        Assert.Equal(2, await db.Set<PrizeCode>().CountAsync(c => c.GivenAt != null && db.Set<DrawingPrize>().Any(p => p.Id == c.PrizeId && p.DrawingId == drawing), Ct));
        var mails = await db.Set<OutboxMessage>().Where(m => m.DedupeKey.Contains(drawing.ToString())).GroupBy(m => m.MessageType).ToDictionaryAsync(g => g.Key, g => g.Count(), Ct);
        Assert.Equal((1, 2, 6, 6), (mails[MailTypes.DrawingWon], mails[MailTypes.PrizeDelivered], mails[MailTypes.DrawingClosed], mails[MailTypes.DrawingCompleted]));
    }

    /// <summary>What a holder can do alone: from the own salt to the leaf, and up the path to the root that was signed.</summary>
    private static async Task AssertOwnTicketsWereInAsync(Entrant member, Guid drawing, JsonElement proof)
    {
        var entry = await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}/entry");
        var holder = Convert.ToHexStringLower(Pseudonym.Holder(Convert.FromHexString(entry.GetProperty("salt").GetString()!), member.Id.ToString()));
        var tickets = await member.Client.GetJsonAsync($"/api/v1/tickets?filter[drawing_id]={drawing}&per_page=100");
        foreach (var ticket in tickets.GetProperty("items").EnumerateArray())
        {
            var number = ticket.GetProperty("number").GetInt32();
            var inclusion = await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}/tickets/{number}/proof");

            Assert.Equal(ticket.GetProperty("id").GetGuid(), inclusion.GetProperty("ticketId").GetGuid());
            Assert.Equal(holder, inclusion.GetProperty("holder").GetString());
            var path = inclusion.GetProperty("path").EnumerateArray().Select(h => Convert.FromHexString(h.GetString()!)).ToList();
            var leaf = Convert.FromHexString(inclusion.GetProperty("leaf").GetString()!);
            var root = Convert.FromHexString(proof.GetProperty("manifest").GetProperty("root").GetString()!);
            Assert.True(MerkleTree.VerifyInclusion(root, leaf, number - 1, inclusion.GetProperty("tickets").GetInt64(), path));
        }
    }
}
