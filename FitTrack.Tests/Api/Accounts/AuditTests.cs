using System.Net;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

/// <summary>Every change that an administrator can make leaves its line in the audit log, and what stands there stays.</summary>
public sealed class AuditTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static readonly object Address = new { name = "Ana Runner", line1 = "1 Main Street", city = "Austin", state = "TX", postalCode = "78701" };

    private readonly List<(string Operation, string Action)> _audited = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryChangeByAnAdministrator_IsInTheLog()
    {
        await ChangeMembersAsync();
        await ChangeSponsorsAsync();
        await ChangeDrawingsAsync();
        await DecideReviewsAsync();

        var changes = Admissions.All.Where(a => a.Value == Admission.Admins && !a.Key.StartsWith("GET ", StringComparison.Ordinal)).Select(a => a.Key).ToList();
        Assert.True(changes.Count > 10, "Too few changes: the test does not see the operations.");
        Assert.Empty(changes.Except(_audited.Select(a => a.Operation), StringComparer.Ordinal));
        await using var scope = fixture.Factory.NewScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<AuditLog>().FirstBrokenAsync(Ct));
    }

    [Fact]
    public async Task List_WhenFiltered_ShowsWhoDidWhatWhenAndFromWhere()
    {
        using var member = await fixture.NewMemberAsync();
        (await fixture.Admin.Client.PutJsonAsync($"/api/v1/admin/users/{member.Id}", new { state = "CO" })).EnsureSuccessStatusCode();

        var list = await fixture.Admin.Client.GetJsonAsync($"/api/v1/admin/audit?filter[subject_id]={member.Id}&filter[actor_id]={fixture.Admin.Id}&filter[action]=user.update");

        var entry = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(fixture.Clock.Now, entry.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(RemoteAddress.Usual, entry.GetProperty("ipAddress").GetString());
        Assert.Equal("CA", JsonElement.Parse(entry.GetProperty("before").GetString()!).GetProperty("state").GetString());
        Assert.Equal("CO", JsonElement.Parse(entry.GetProperty("after").GetString()!).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("UPDATE audit_log SET action = 'user.nothing'")]
    [InlineData("UPDATE audit_log SET after_state = 'nothing'")]
    [InlineData("UPDATE audit_log SET ip_address = '192.0.2.1'")]
    [InlineData("UPDATE audit_log SET actor_id = NULL")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    public async Task Log_WhenSomebodyWritesToTheTable_TheDatabaseRefuses(string sql)
    {
        using var member = await fixture.NewMemberAsync();
        (await fixture.Admin.Client.PutJsonAsync($"/api/v1/admin/users/{member.Id}", new { state = "CO" })).EnsureSuccessStatusCode();
        await using var db = fixture.OpenDb();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => db.Database.ExecuteSqlRawAsync(sql, Ct));

        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    private async Task ChangeMembersAsync()
    {
        using var one = await fixture.NewMemberAsync();
        using var other = await fixture.NewMemberAsync();
        foreach (var (member, path) in new[] { (one, "/api/v1/users"), (other, "/api/v1/admin/users") })
        {
            await DoAsync("PUT", path + "/{id}", member.Id, new { role = "premium" }, "user.update", member.Id);
            await DoAsync("DELETE", path + "/{id}", member.Id, null, "user.delete", member.Id);
        }

        using var third = await fixture.NewMemberAsync();
        await DoAsync("POST", "/api/v1/admin/points/adjust", default, new { userId = third.Id, points = 50, reason = "A gift" }, "points.adjust", third.Id);
        await DoAsync("POST", "/api/v1/admin/leaderboards/clear", default, null, "leaderboards.clear", null);
    }

    private async Task ChangeSponsorsAsync()
    {
        var id = (await DoAsync("POST", "/api/v1/admin/sponsors", default, new { name = "Acme" }, "sponsor.create", null)).GetProperty("id").GetGuid();
        await DoAsync("PUT", "/api/v1/admin/sponsors/{id}", id, new { name = "Acme Sports" }, "sponsor.update", id);
        await DoAsync("DELETE", "/api/v1/admin/sponsors/{id}", id, null, "sponsor.delete", id);
    }

    private async Task ChangeDrawingsAsync()
    {
        var rules = (await fixture.Admin.Client.GetJsonAsync("/api/v1/drawings/rules")).GetProperty("items")[0].GetProperty("version").GetInt32();
        await DoAsync("POST", "/api/v1/admin/drawings/rules", default, new { text = "Other rules.", replaces = rules }, "drawing_rules.publish", null);
        var template = new { name = "Daily", type = "daily", drawTime = "16:00", prizes = new[] { new { rank = 1, name = "Card", valueCents = 100 } } };
        var made = (await DoAsync("POST", "/api/v1/admin/drawing-templates", default, template, "drawing_template.create", null)).GetProperty("id").GetGuid();
        await DoAsync("PUT", "/api/v1/admin/drawing-templates/{id}", made, template, "drawing_template.update", made);
        await DoAsync("DELETE", "/api/v1/admin/drawing-templates/{id}", made, null, "drawing_template.delete", made);
        var prizes = new[] { new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" } };
        var id = (await DoAsync("POST", "/api/v1/admin/drawings", default, fixture.Terms(("prizes", prizes)), "drawing.create", null)).GetProperty("id").GetGuid();
        await DoAsync("PUT", "/api/v1/admin/drawings/{id}", id, fixture.Terms(("prizes", prizes), ("name", "Renamed")), "drawing.edit", id);
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/schedule", id, null, "drawing.schedule", id);
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/open", id, null, "drawing.open", id);
        using var winner = await fixture.NewMemberAsync(points: 1000);
        (await winner.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/free-entries", id, new { memberId = winner.Id }, "drawing.mailed_entry", id);
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/close", id, null, "drawing.close", id);
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/execute", id, null, "drawing.execute", id);
        var prize = (await winner.Client.GetJsonAsync("/api/v1/fulfillments")).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{prize}/address", Address)).EnsureSuccessStatusCode();
        await DoAsync("POST", "/api/v1/admin/fulfillments/{id}/ship", prize, new { carrier = "USPS", trackingNumber = "9400" }, "fulfillment.shipped", prize);
        await DoAsync("POST", "/api/v1/admin/fulfillments/{id}/deliver", prize, null, "fulfillment.delivered", prize);
        await ForfeitAsync();
        var other = await fixture.NewDrawingAsync();
        await DoAsync("POST", "/api/v1/admin/drawings/{id}/cancel", other, new { reason = "Rain" }, "drawing.cancel", other);
    }

    private async Task ForfeitAsync()
    {
        using var winner = await fixture.NewMemberAsync(points: 1000);
        foreach (var (step, action) in new[] { ("forfeit", "fulfillment.forfeited"), ("return", "fulfillment.returned_to_sponsor") })
        {
            var prize = await fixture.WinAsync(winner, new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" });
            await DoAsync("POST", $"/api/v1/admin/fulfillments/{{id}}/{step}", prize, new { reason = "Moved abroad" }, action, prize);
        }

        var many = await fixture.WinAsync(winner, new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" });
        (await winner.Client.PutJsonAsync($"/api/v1/fulfillments/{many}/address", Address)).EnsureSuccessStatusCode();
        await DoAsync("POST", "/api/v1/admin/fulfillments/ship", default, new { items = new[] { new { id = many, carrier = "USPS", trackingNumber = "9400" } } }, "fulfillment.shipped", many);
        await DoAsync("POST", "/api/v1/admin/fulfillments/deliver", default, new { ids = new[] { many } }, "fulfillment.delivered", many);
    }

    private async Task DecideReviewsAsync()
    {
        using var member = await fixture.NewMemberAsync();
        using var typedIn = await member.Client.PostJsonAsync("/api/v1/activities", new { sport = "running", startedAt = fixture.Clock.Now.AddHours(-2), durationSeconds = 1800 });
        var activity = (await typedIn.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("activity").GetProperty("id").GetGuid();
        await using var db = fixture.OpenDb();
        var review = db.Add(ActivityReview.Open(activity, 1, member.Id, Plausibility.Rule, "{}", fixture.Clock.Now)).Entity;
        var day = db.Add(PointDay.Begin(member.Id, new DateOnly(2026, 11, 18), "OPEN", new RateVersion(), fixture.Clock.Now)).Entity;
        day.Hold(-5, fixture.Clock.Now);
        await db.SaveChangesAsync(Ct);

        await DoAsync("POST", "/api/v1/admin/reviews/{id}/decision", review.Id, new { decision = "reject", reason = "Not plausible" }, "review.decide", review.Id);
        await DoAsync("POST", "/api/v1/admin/reviews/corrections/{userId}/{day}/release", member.Id, new { reason = "Not a person's steps" }, "points.clawback", member.Id);
    }

    /// <summary>Does it, and looks whether the newest line of the log says so.</summary>
    private async Task<JsonElement> DoAsync(string method, string path, Guid id, object? body, string action, Guid? subject)
    {
        using var response = await fixture.Admin.Client.SendJsonAsync(new HttpMethod(method), Admissions.Fill(path, id), body);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {text}");
        await using var db = fixture.OpenDb();
        var entry = await db.Set<AuditEntry>().OrderByDescending(e => e.Seq).FirstAsync(Ct);
        Assert.Equal((action, (Guid?)fixture.Admin.Id, RemoteAddress.Usual), (entry.Action, entry.ActorId, entry.IpAddress));
        if (subject is not null)
            Assert.Equal(subject.ToString(), entry.SubjectId);
        Assert.True(entry.BeforeState is not null || entry.AfterState is not null, $"{action} tells neither before nor after.");
        _audited.Add(($"{method} {path}", action));
        return response.StatusCode == HttpStatusCode.NoContent ? default : JsonElement.Parse(text);
    }
}
