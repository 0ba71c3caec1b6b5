using System.Globalization;
using System.Net;
using System.Text.Json;
using CsvHelper;
using FitTrack.Core.Accounts;
using FitTrack.Core.Fulfillments;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Fulfillments;

/// <summary>The administrators' queue, actions on many prizes at once, the winners as a file, and the public list.</summary>
public sealed class FulfillmentQueueTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly object Shirt = new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    public async Task Queue_WhenFilteredAndSorted_ShowsWhatIsWaitingAndForWhom()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var waiting = await WinAsync(member, 5_000);
        var ready = await WinAsync(member, 9_000);
        await ConfirmAsync(member, ready);
        var code = await fixture.WinAsync(member, new { rank = 1, name = "Gift card", valueCents = 1_000, codes = new[] { "AMZN-1" } });
        var mine = $"filter[user_id]={member.Id}";

        Assert.Equal([code, waiting, ready], await IdsAsync($"{mine}&sort=value_cents"));
        Assert.Equal([ready], await IdsAsync($"{mine}&filter[status]=address_confirmed"));
        Assert.Equal([code], await IdsAsync($"{mine}&filter[kind]=digital"));
        Assert.Empty(await IdsAsync($"{mine}&filter[overdue]=true"));
        fixture.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMicroseconds(1));
        Assert.Empty(await IdsAsync($"{mine}&filter[overdue]=true"));
        fixture.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal([ready], await IdsAsync($"{mine}&filter[overdue]=true"));
        Assert.Equal([waiting, code], await IdsAsync($"{mine}&filter[overdue]=false&sort=-value_cents"));
        fixture.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal([waiting, ready], await IdsAsync($"{mine}&filter[overdue]=true&sort=value_cents"));

        var item = (await Admin.GetJsonAsync($"/api/v1/admin/fulfillments?{mine}&filter[status]=address_confirmed")).GetProperty("items")[0];
        Assert.Equal((member.Id, true, true), (item.GetProperty("userId").GetGuid(), item.GetProperty("isOverdue").GetBoolean(), item.GetProperty("prize").GetProperty("hasAddress").GetBoolean()));
        Assert.StartsWith("Member ", item.GetProperty("winner").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Main Street", item.GetRawText(), StringComparison.Ordinal);
        using var wrong = await Admin.GetAsync("/api/v1/admin/fulfillments?filter[overdue]=perhaps", Ct);
        await wrong.ReadInvalidAsync("filter[overdue]");
    }

    [Fact]
    public async Task Bulk_WhenSomeCannotBeDone_DoesTheOthersAndSaysWhichAndWhy()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        Guid[] prizes = [await fixture.WinAsync(member, Shirt), await fixture.WinAsync(member, Shirt), await fixture.WinAsync(member, Shirt)];
        await ConfirmAsync(member, prizes[0]);
        await ConfirmAsync(member, prizes[2]);
        Guid[] asked = [.. prizes, Guid.NewGuid()];

        using var shipped = await Admin.PostJsonAsync("/api/v1/admin/fulfillments/ship", new { items = asked.Select((id, n) => new { id, carrier = "UPS", trackingNumber = $"1Z{n}" }) });
        using var delivered = await Admin.PostJsonAsync("/api/v1/admin/fulfillments/deliver", new { ids = asked });
        using var none = await Admin.PostJsonAsync("/api/v1/admin/fulfillments/deliver", new { ids = Array.Empty<Guid>() });
        using var tooMany = await Admin.PostJsonAsync("/api/v1/admin/fulfillments/deliver", new { ids = Enumerable.Range(0, 101).Select(_ => Guid.NewGuid()) });
        using var incomplete = await Admin.PostJsonAsync("/api/v1/admin/fulfillments/ship", new { items = new[] { new { id = prizes[1], carrier = "UPS" } } });

        foreach (var (answer, status) in new[] { (shipped, "shipped"), (delivered, "delivered") })
        {
            var outcome = await answer.ReadJsonAsync();
            Assert.Equal((2, 2), (outcome.GetProperty("done").GetInt32(), outcome.GetProperty("refused").GetInt32()));
            var items = outcome.GetProperty("items").EnumerateArray().ToList();
            Assert.Equal(asked, items.Select(i => i.GetProperty("id").GetGuid()));
            Assert.Equal([200, 409, 200, 404], items.Select(i => i.GetProperty("status").GetInt32()));
            Assert.Equal(status, items[2].GetProperty("prize").GetProperty("status").GetString());
            Assert.Contains("winner_notified", items[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        }

        await none.ReadInvalidAsync("ids");
        await tooMany.ReadInvalidAsync("ids");
        await incomplete.ReadInvalidAsync("items[0].trackingNumber");
        foreach (var done in new[] { prizes[0], prizes[2] })
            Assert.Equal(["fulfillment.shipped", "fulfillment.delivered"], (await Admin.GetJsonAsync($"/api/v1/admin/audit?filter[subject_id]={done}&sort=seq")).GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Export_WithoutAddresses_IsCsvThatReadsNoneAndIsNoted()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(member, new { rank = 1, name = "=cmd|' /C calc'!A0, \"Shirt\"", valueCents = 2_050, kind = "physical" });
        await ConfirmAsync(member, id);

        using var answer = await Admin.GetAsync($"/api/v1/admin/fulfillments/export?filter[user_id]={member.Id}", Ct);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        var row = Assert.Single(await RowsAsync(answer));
        Assert.Equal(("'=cmd|' /C calc'!A0, \"Shirt\"", "20.50", "address_confirmed", id.ToString()), (row["prize"], row["value_usd"], row["status"], row["fulfillment_id"]));
        Assert.False(row.ContainsKey("line1"));
        Assert.Equal(0, await CountReadingsAsync(id));
        using var wrong = await Admin.GetAsync("/api/v1/admin/fulfillments/export?filter[nothing]=1&addresses=some", Ct);
        await wrong.ReadInvalidAsync("filter[nothing]", "addresses");
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1 555 0100", "'+1 555 0100")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a;b\r\n=2", "a;b\r\n=2")]
    public async Task Export_WithAddresses_NotesEachReadingAndStartsNoFormula(string given, string written)
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        var id = await fixture.WinAsync(member, Shirt);
        await ConfirmAsync(member, id, line2: given);

        using var answer = await Admin.GetAsync($"/api/v1/admin/fulfillments/export?addresses=true&filter[user_id]={member.Id}", Ct);

        var row = Assert.Single(await RowsAsync(answer));
        Assert.Equal(("1 Main Street", written, "78701"), (row["line1"], row["line2"], row["postal_code"]));
        Assert.Equal(1, await CountReadingsAsync(id));
        var entry = (await Admin.GetJsonAsync("/api/v1/admin/audit?filter[action]=fulfillment.export&sort=-seq")).GetProperty("items")[0];
        Assert.True(JsonElement.Parse(entry.GetProperty("after").GetString()!).GetProperty("withAddresses").GetBoolean());
    }

    [Fact]
    public async Task Winners_ForEverybody_NamesWhoShowsAndLeavesOutWhatWasForfeited()
    {
        using var shown = await fixture.NewMemberAsync(points: 1000);
        using var hidden = await fixture.NewMemberAsync(points: 1000);
        var (first, second, third) = (await fixture.WinAsync(shown, Shirt), await fixture.WinAsync(hidden, Shirt), await fixture.WinAsync(shown, Shirt));
        (await Admin.PostJsonAsync($"/api/v1/admin/fulfillments/{third}/return", new { reason = "Out of stock" })).EnsureSuccessStatusCode();
        await using var db = fixture.OpenDb();
        await db.Set<Profile>().Where(p => p.UserId == hidden.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.Visibility, ProfileVisibility.Hidden), Ct);
        using var anonymous = fixture.Anonymous();

        var names = new List<string?>();
        foreach (var prize in new[] { first, second, third })
        {
            var drawing = await db.Set<Fulfillment>().Where(f => f.Id == prize).Select(f => f.DrawingId).SingleAsync(Ct);
            names.AddRange((await anonymous.GetJsonAsync($"/api/v1/winners?filter[drawing_id]={drawing}")).GetProperty("items").EnumerateArray().Select(w => w.GetProperty("displayName").GetString()));
        }

        Assert.Equal(2, names.Count);
        Assert.StartsWith("Member ", names[0], StringComparison.Ordinal);
        Assert.Equal("Hidden member", names[1]);
    }

    private Task<Guid> WinAsync(Entrant member, int valueCents) => fixture.WinAsync(member, new { rank = 1, name = "Shirt", valueCents, kind = "physical" });

    private static async Task ConfirmAsync(Entrant member, Guid id, string? line2 = null)
    {
        var address = new { name = "Ana Runner", line1 = "1 Main Street", line2, city = "Austin", state = "TX", postalCode = "78701" };
        using var confirmed = await member.Client.PutJsonAsync($"/api/v1/fulfillments/{id}/address", address);
        await confirmed.ReadJsonAsync();
    }

    private async Task<List<Guid>> IdsAsync(string query) =>
        [.. (await Admin.GetJsonAsync($"/api/v1/admin/fulfillments?{query}")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("prize").GetProperty("id").GetGuid())];

    private static async Task<List<Dictionary<string, string>>> RowsAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var csv = new CsvReader(new StringReader(await answer.Content.ReadAsStringAsync(Ct)), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        csv.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (await csv.ReadAsync()) rows.Add(csv.HeaderRecord!.ToDictionary(h => h, h => csv.GetField(h)!, StringComparer.Ordinal));
        return rows;
    }

    private async Task<int> CountReadingsAsync(Guid id)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<FulfillmentEvent>().CountAsync(e => e.FulfillmentId == id && e.Kind == FulfillmentEventKind.AddressRead, Ct);
    }
}
