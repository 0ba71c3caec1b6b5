using System.Net;
using System.Text.Json;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Versions of the official rules, and what they mean to drawings before and after they open.</summary>
public sealed class RulesVersionTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private const string Url = "/api/v1/admin/drawings/rules";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    public async Task Publish_ANewVersion_HoldsForDrawingsThatHaveNotOpened()
    {
        using var member = await fixture.NewMemberAsync(points: 10_000);
        var (draft, scheduled, open) = (await fixture.NewDrawingAsync("draft"), await fixture.NewDrawingAsync("scheduled"), await fixture.NewDrawingAsync());
        await EnterAsync(member, open, null);
        var (old, text) = (await CurrentAsync(), $"Rules of {Guid.NewGuid()}.");

        var added = await PublishAsync(text + "\r\nSecond line.\r\n", old);

        Assert.Equal((old + 1, text + "\nSecond line.", fixture.Clock.Now), (added.GetProperty("version").GetInt32(), added.GetProperty("text").GetString(), added.GetProperty("publishedAt").GetDateTimeOffset()));
        await fixture.StepAsync(draft, "schedule");
        foreach (var (drawing, version) in new[] { (draft, old + 1), (scheduled, old + 1), (open, old) })
            Assert.Equal(version, (await Admin.GetJsonAsync($"/api/v1/admin/drawings/{drawing}")).GetProperty("rulesVersion").GetInt32());
        await fixture.StepAsync(scheduled, "open");
        await EnterAsync(member, open, null);
        await EnterAsync(member, scheduled, old + 1);
        Assert.Equal(old, (await member.Client.GetJsonAsync($"/api/v1/drawings/{open}/entry")).GetProperty("rulesVersion").GetInt32());
        Assert.Equal(old + 1, (await member.Client.GetJsonAsync($"/api/v1/drawings/{scheduled}/entry")).GetProperty("rulesVersion").GetInt32());
        Assert.StartsWith(text, (await member.Client.GetJsonAsync($"/api/v1/drawings/{scheduled}/rules")).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(text, (await member.Client.GetJsonAsync($"/api/v1/drawings/{open}/rules")).GetProperty("text").GetString(), StringComparison.Ordinal);
        await using var db = fixture.OpenDb();
        Assert.Equal([old, old], await db.Set<Ticket>().Where(t => t.DrawingId == open).Select(t => t.RulesVersion).ToListAsync(Ct));
    }

    [Fact]
    public async Task Versions_OldAndNew_AreReadByEverybody()
    {
        await fixture.NewDrawingAsync("draft");
        var old = await CurrentAsync();
        await PublishAsync($"Rules of {Guid.NewGuid()}.", old);
        using var anonymous = fixture.Anonymous();

        var list = await anonymous.GetJsonAsync("/api/v1/drawings/rules?per_page=2");
        var first = await anonymous.GetJsonAsync("/api/v1/drawings/rules/1");
        using var missing = await anonymous.GetAsync($"/api/v1/drawings/rules/{old + 100}", Ct);

        Assert.Equal([old + 1, old], list.GetProperty("items").EnumerateArray().Select(v => v.GetProperty("version").GetInt32()));
        Assert.StartsWith("NO PURCHASE NECESSARY", first.GetProperty("text").GetString(), StringComparison.Ordinal);
        await missing.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Enter_HavingReadOtherRules_IsToldThatTheyChanged()
    {
        using var member = await fixture.NewMemberAsync(points: 1_000);
        var drawing = await fixture.NewDrawingAsync("scheduled");
        var read = (await member.Client.GetJsonAsync($"/api/v1/drawings/{drawing}")).GetProperty("rules").GetProperty("version").GetInt32();
        await PublishAsync($"Rules of {Guid.NewGuid()}.", read);
        await fixture.StepAsync(drawing, "open");

        foreach (var (path, body) in new (string, object)[] { ($"drawings/{drawing}/tickets", new { quantity = 1, rulesVersion = read }), ("tickets", new { drawingId = drawing, quantity = 1, rulesVersion = read }), ($"drawings/{drawing}/free-entry", new { rulesVersion = read }) })
        {
            using var refused = await member.Client.PostJsonAsync("/api/v1/" + path, body, ("Idempotency-Key", "rules-" + path));
            Assert.StartsWith($"The official rules changed: version {read + 1} holds", (await refused.ReadProblemAsync(HttpStatusCode.Conflict)).Detail, StringComparison.Ordinal);
        }

        Assert.Equal(1_000, await fixture.BalanceAsync(member.Id));
        // Under the same key, since nothing was bought: now they were read.
        using var bought = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1, rulesVersion = read + 1 }, ("Idempotency-Key", $"rules-drawings/{drawing}/tickets"));
        await bought.ReadJsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Publish_WhatCannotBe_IsRefused()
    {
        await fixture.NewDrawingAsync("draft");
        var old = await CurrentAsync();
        using var member = await fixture.NewMemberAsync();
        var same = (await member.Client.GetJsonAsync($"/api/v1/drawings/rules/{old}")).GetProperty("text").GetString();

        foreach (var text in new[] { "", " \n ", new string('x', DrawingRules.MaxText + 1), same })
        {
            using var invalid = await Admin.PostJsonAsync(Url, new { text, replaces = old });
            await invalid.ReadInvalidAsync("text");
        }

        using var incomplete = await Admin.PostJsonAsync(Url, new { });
        using var stale = await Admin.PostJsonAsync(Url, new { text = "Other.", replaces = old - 1 });
        using var foreign = await member.Client.PostJsonAsync(Url, new { text = "Mine.", replaces = old });
        await incomplete.ReadInvalidAsync("text", "replaces");
        await stale.ReadProblemAsync(HttpStatusCode.Conflict);
        await foreign.ReadProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(old, await CurrentAsync());
    }

    [Fact]
    public async Task Publish_ManyAtOnce_AddsOneVersion()
    {
        await fixture.NewDrawingAsync("draft");
        var old = await CurrentAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var answer = await Admin.PostJsonAsync(Url, new { text = $"Rules {i} of {Guid.NewGuid()}.", replaces = old });
            return answer.StatusCode;
        }));

        Assert.Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)], answers.Order());
        Assert.Equal(old + 1, await CurrentAsync());
    }

    private async Task<int> CurrentAsync() => (await Admin.GetJsonAsync("/api/v1/drawings/rules")).GetProperty("items")[0].GetProperty("version").GetInt32();

    private async Task<JsonElement> PublishAsync(string text, int replaces)
    {
        using var answer = await Admin.PostJsonAsync(Url, new { text, replaces });
        return await answer.ReadJsonAsync(HttpStatusCode.Created);
    }

    private static async Task EnterAsync(Entrant member, Guid drawing, int? rulesVersion)
    {
        using var answer = await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/tickets", new { quantity = 1, rulesVersion });
        await answer.ReadJsonAsync(HttpStatusCode.Created);
    }
}
