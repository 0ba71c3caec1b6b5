using System.Net;
using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

public sealed class AdminDrawingTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    [Scenario("5", "Admin creates daily drawing")]
    public async Task Create_ADailyDrawing_MakesADraftWithItsPrizesAndDefaults()
    {
        var terms = fixture.Terms(("eligibility", new { userType = "all", minAccountAgeDays = 7 }));
        foreach (var defaulted in new[] { "ticketPrice", "salesCloseAt", "opensAt" }) terms.Remove(defaulted);

        using var response = await Admin.PostJsonAsync("/api/v1/admin/drawings", terms);

        var drawing = await response.ReadJsonAsync(HttpStatusCode.Created);
        Assert.Equal("draft", drawing.GetProperty("status").GetString());
        Assert.Equal(100, drawing.GetProperty("ticketPrice").GetInt32());
        Assert.Equal(TimeSpan.FromMinutes(5), drawing.GetProperty("drawAt").GetDateTimeOffset() - drawing.GetProperty("salesCloseAt").GetDateTimeOffset());
        Assert.Equal("commit", drawing.GetProperty("entropy").GetString());
        Assert.Equal(5000, Assert.Single(drawing.GetProperty("prizes").EnumerateArray()).GetProperty("valueCents").GetInt64());
        using var member = await fixture.NewMemberAsync();
        using var hidden = await member.Client.GetAsync($"/api/v1/drawings/{drawing.GetProperty("id").GetGuid()}", Ct);
        await hidden.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    [Scenario("5", "Admin cannot create drawing with invalid dates")]
    public async Task Create_WithSalesClosingAfterTheDraw_IsInvalid()
    {
        using var response = await Admin.PostJsonAsync("/api/v1/admin/drawings", fixture.Terms(("salesCloseAt", fixture.Clock.Now.AddHours(3))));

        var problem = await response.ReadInvalidAsync("salesCloseAt");
        Assert.Equal("Sales close time must be before drawing time", Assert.Single(problem.Errors!).Message);
    }

    [Fact]
    public async Task Create_WithoutWhatIsRequired_NamesTheFields()
    {
        using var response = await Admin.PostJsonAsync("/api/v1/admin/drawings", new { description = "nothing else" });

        await response.ReadInvalidAsync("name", "type", "drawAt", "prizes");
    }

    [Fact]
    public async Task Create_NamingAnUnknownSponsor_IsInvalid()
    {
        var prizes = new[] { new { rank = 1, name = "Card", valueCents = 100, sponsorId = Guid.NewGuid() } };

        using var response = await Admin.PostJsonAsync("/api/v1/admin/drawings", fixture.Terms(("prizes", prizes)));

        await response.ReadInvalidAsync("prizes[0].sponsorId");
    }

    [Fact]
    public async Task Create_AsAMember_IsForbidden()
    {
        using var member = await fixture.NewMemberAsync();

        using var response = await member.Client.PostJsonAsync("/api/v1/admin/drawings", fixture.Terms());

        await response.ReadProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    [Scenario("5", "Admin approves drawing (draft → scheduled)")]
    public async Task Schedule_ADraft_FreezesItsEntropyAndMakesItPublic()
    {
        var id = await fixture.NewDrawingAsync("scheduled");

        using var anonymous = fixture.Anonymous();
        var drawing = await anonymous.GetJsonAsync($"/api/v1/drawings/{id}");

        Assert.Equal("scheduled", drawing.GetProperty("status").GetString());
        Assert.Equal(64, drawing.GetProperty("commitment").GetProperty("commitment").GetString()!.Length);
        Assert.True(drawing.GetProperty("commitment").GetProperty("isWeak").GetBoolean());
        Assert.Equal("opens", drawing.GetProperty("countdown").GetProperty("next").GetString());
        Assert.Contains("NO PURCHASE NECESSARY", drawing.GetProperty("rules").GetProperty("text").GetString(), StringComparison.Ordinal);
        using var moved = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("drawAt", fixture.Clock.Now.AddHours(9))));
        await moved.ReadInvalidAsync("drawAt");
    }

    [Theory]
    [InlineData("draft", "open")]
    [InlineData("draft", "close")]
    [InlineData("draft", "execute")]
    [InlineData("scheduled", "schedule")]
    [InlineData("scheduled", "close")]
    [InlineData("open", "open")]
    [InlineData("open", "execute")]
    [InlineData("open", "schedule")]
    public async Task Step_ThatTheStateDoesNotAllow_IsAConflict(string state, string step)
    {
        var id = await fixture.NewDrawingAsync(state);

        using var response = await Admin.PostJsonAsync($"/api/v1/admin/drawings/{id}/{step}", null);

        await response.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(state, (await Admin.GetJsonAsync($"/api/v1/admin/drawings/{id}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Step_OnADrawingThatIsNotThere_IsNotFound()
    {
        foreach (var step in new[] { "schedule", "open", "close", "execute" })
        {
            using var response = await Admin.PostJsonAsync($"/api/v1/admin/drawings/{Guid.NewGuid()}/{step}", null);
            await response.ReadProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Edit_ADraft_ReplacesTermsPrizesAndCodes()
    {
        var codes = new[] { new { rank = 1, name = "Card", valueCents = 100, codes = new[] { "A" } } };
        var id = await fixture.NewDrawingAsync("draft", ("prizes", codes));
        var prizes = new object[] { new { rank = 1, name = "Other card", valueCents = 200 }, new { rank = 2, name = "Shirt", valueCents = 300, kind = "physical" } };

        using var response = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("name", "Renamed"), ("prizes", prizes)));

        var drawing = await response.ReadJsonAsync();
        Assert.Equal("Renamed", drawing.GetProperty("name").GetString());
        Assert.Equal(["Other card", "Shirt"], drawing.GetProperty("prizes").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Edit_WithoutCodes_KeepsThoseOfUnchangedPrizes()
    {
        object[] prizes = [Card(1, "Same", "S1", "S2"), Card(2, "Renamed", "R1"), Card(3, "Retyped", "T1"), Card(4, "Emptied", "E1")];
        var id = await fixture.NewDrawingAsync("scheduled", ("prizes", prizes));

        object[] changed = [new { rank = 1, name = "Another", valueCents = 700, quantity = 2 }, Card(2, "Retyped", "T2"), new { rank = 3, name = "Same", valueCents = 700, quantity = 2, description = "As before" }, Card(4, "Emptied")];
        using var edited = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("name", "Moved"), ("prizes", changed)));
        using var again = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("prizes", changed.Take(3))));

        await edited.ReadJsonAsync();
        Assert.DoesNotContain("S1", (await again.ReadJsonAsync()).GetRawText(), StringComparison.Ordinal);
        await using var db = fixture.OpenDb();
        var ranks = await db.Set<DrawingPrize>().Where(p => p.DrawingId == id).ToDictionaryAsync(p => p.Id, p => p.Rank, Ct);
        var codes = await db.Set<PrizeCode>().Where(c => ranks.Keys.Contains(c.PrizeId)).ToListAsync(Ct);
        await using var scope = fixture.Factory.NewScope();
        var secrets = scope.ServiceProvider.GetRequiredService<DrawingSecrets>();
        Assert.Equal([(2, "T2"), (3, "S1"), (3, "S2")], codes.Select(c => (ranks[c.PrizeId], secrets.OpenCode(c.SealedCode))).Order());

        static object Card(int rank, string name, params string[] codes) => new { rank, name, valueCents = 700, quantity = 2, codes };
    }

    [Fact]
    public async Task Edit_UnderAnOldVersion_IsRefused()
    {
        var id = await fixture.NewDrawingAsync("draft");
        using var shown = await Admin.GetAsync($"/api/v1/admin/drawings/{id}", Ct);
        var tag = shown.Headers.ETag!.ToString();

        using var first = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("name", "First")), ("If-Match", tag));
        using var second = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", fixture.Terms(("name", "Second")), ("If-Match", tag));
        using var step = await Admin.PostJsonAsync($"/api/v1/admin/drawings/{id}/schedule", null, ("If-Match", tag));

        await first.ReadJsonAsync();
        await second.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
        await step.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Edit_OnceOpenOrCompleted_IsAConflict()
    {
        var open = await fixture.NewDrawingAsync();
        var completed = await fixture.NewDrawingAsync();
        await fixture.StepAsync(completed, "close");
        await fixture.StepAsync(completed, "execute");

        foreach (var id in new[] { open, completed })
        {
            var shown = await Admin.GetJsonAsync($"/api/v1/admin/drawings/{id}");
            var drawAt = shown.GetProperty("drawAt").GetDateTimeOffset();
            foreach (var terms in new[] { fixture.Terms(("name", "Too late"), ("drawAt", drawAt)), fixture.Terms(("drawAt", drawAt.AddHours(9))) })
            {
                using var response = await Admin.PutJsonAsync($"/api/v1/admin/drawings/{id}", terms);
                await response.ReadProblemAsync(HttpStatusCode.Conflict);
            }
        }
    }

    [Fact]
    public async Task Cancel_AnOpenDrawing_RefundsEveryTicketOnce()
    {
        using var buyer = await fixture.NewMemberAsync(points: 1000);
        using var other = await fixture.NewMemberAsync(points: 300);
        var id = await fixture.NewDrawingAsync();
        foreach (var (member, quantity) in new[] { (buyer, 4), (buyer, 2), (other, 3) })
            (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity })).EnsureSuccessStatusCode();

        var cancelled = await fixture.StepAsync(id, "cancel", new { reason = "The sponsor withdrew" });
        using var again = await Admin.PostJsonAsync($"/api/v1/admin/drawings/{id}/cancel", new { reason = "Again" });
        await fixture.RunDueAsync();

        Assert.Equal("The sponsor withdrew", cancelled.GetProperty("cancelReason").GetString());
        await again.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal((1000, 300), (await fixture.BalanceAsync(buyer.Id), await fixture.BalanceAsync(other.Id)));
        await using var db = fixture.OpenDb();
        Assert.Equal([600L, 300L], (await db.Set<PointTransaction>().Where(t => t.Type == PointTransactionType.Refund && t.ReferenceKey == id.ToString()).Select(t => t.Amount).ToListAsync(Ct)).OrderDescending());
        Assert.Equal(0, await db.Set<PrizeValue>().Where(v => v.DrawingId == id).Select(v => v.ValueCents).SingleAsync(Ct));
    }

    [Fact]
    public async Task Cancel_WithoutAReason_IsInvalid()
    {
        var id = await fixture.NewDrawingAsync();

        using var response = await Admin.PostJsonAsync($"/api/v1/admin/drawings/{id}/cancel", new { });

        await response.ReadInvalidAsync("reason");
    }

    [Fact]
    public async Task Steps_AreInTheAuditLog()
    {
        var id = await fixture.NewDrawingAsync();
        await fixture.StepAsync(id, "close");
        await fixture.StepAsync(id, "execute");

        await using var db = fixture.OpenDb();
        var entries = await db.Set<AuditEntry>().Where(e => e.SubjectId == id.ToString()).OrderBy(e => e.Seq).ToListAsync(Ct);

        Assert.Equal(["drawing.create", "drawing.schedule", "drawing.open", "drawing.close", "drawing.execute"], entries.Select(e => e.Action));
        Assert.All(entries, e => Assert.Equal(fixture.Admin.Id, e.ActorId));
        var hash = await db.Set<DrawingProof>().Where(p => p.DrawingId == id).Select(p => p.ManifestHash).SingleAsync(Ct);
        Assert.Contains(hash, entries[3].AfterState, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByStatus_ShowsPublicDrawingsOnly()
    {
        var (draft, open) = (await fixture.NewDrawingAsync("draft"), await fixture.NewDrawingAsync());
        using var anonymous = fixture.Anonymous();

        var listed = await anonymous.GetJsonAsync("/api/v1/drawings?filter[status]=open&sort=draw_at&per_page=100");
        var drafts = await anonymous.GetJsonAsync("/api/v1/drawings?filter[status]=draft");
        using var unknown = await anonymous.GetAsync("/api/v1/drawings?filter[colour]=red", Ct);

        Assert.Contains(open, listed.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid()));
        Assert.Empty(drafts.GetProperty("items").EnumerateArray());
        await unknown.ReadInvalidAsync("filter[colour]");
        var all = await Admin.GetJsonAsync("/api/v1/admin/drawings?filter[status]=draft&per_page=100");
        Assert.Contains(draft, all.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task Sponsors_AreAddedChangedAndRemoved()
    {
        using var created = await Admin.PostJsonAsync("/api/v1/admin/sponsors", new { name = "Acme", contactEmail = "prizes@acme.example", websiteUrl = "https://acme.example" });
        var id = (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var twice = await Admin.PostJsonAsync("/api/v1/admin/sponsors", new { name = "Acme" });
        using var changed = await Admin.PutJsonAsync($"/api/v1/admin/sponsors/{id}", new { name = "Acme Inc." });
        await fixture.NewDrawingAsync("draft", ("prizes", new[] { new { rank = 1, name = "Card", valueCents = 100, sponsorId = id } }));
        using var inUse = await Admin.DeleteAsync($"/api/v1/admin/sponsors/{id}", Ct);
        using var bad = await Admin.PostJsonAsync("/api/v1/admin/sponsors", new { name = "", contactEmail = "nobody" });

        await twice.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("Acme Inc.", (await changed.ReadJsonAsync()).GetProperty("name").GetString());
        await inUse.ReadProblemAsync(HttpStatusCode.Conflict);
        await bad.ReadInvalidAsync("name", "contactEmail");
        using var unused = await Admin.PostJsonAsync("/api/v1/admin/sponsors", new { name = "Gone soon" });
        using var removed = await Admin.DeleteAsync($"/api/v1/admin/sponsors/{(await unused.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()}", Ct);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }
}
