using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Drawings;
using FitTrack.Core.Notifications;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>The year's prize value, the official rules of each drawing, and what entries accepted.</summary>
public sealed class ComplianceTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    public async Task PrizeValue_FromScheduleToCancel_CountsTheYearAndWarnsOnceALevel()
    {
        // A year that no other test draws in.
        var drawAt = new DateTimeOffset(2031, 6, 15, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal((0, "below"), await YearAsync(2031));
        var first = await ScheduleAsync(drawAt, 399_999);
        Assert.Equal((399_999, "below"), await YearAsync(2031));
        var second = await ScheduleAsync(drawAt, 1);
        Assert.Equal((400_000, "near"), await YearAsync(2031));
        // Midnight of New Year's Eve is that of the competition time zone.
        await ScheduleAsync(new DateTimeOffset(2032, 1, 1, 4, 59, 0, TimeSpan.Zero), 99_999);
        Assert.Equal((499_999, "near"), await YearAsync(2031));

        (await Admin.PutJsonAsync($"/api/v1/admin/drawings/{second}", Terms(drawAt, 2))).EnsureSuccessStatusCode();
        Assert.Equal((500_000, "reached"), await YearAsync(2031));
        await fixture.StepAsync(first, "cancel", new { reason = "Too much" });
        Assert.Equal((100_001, "below"), await YearAsync(2031));

        var year = await Admin.GetJsonAsync("/api/v1/admin/drawings/prize-value?year=2031");
        Assert.Equal(500_000, year.GetProperty("thresholdCents").GetInt64());
        Assert.Equal([99_999L, 2L], year.GetProperty("drawings").EnumerateArray().Select(d => d.GetProperty("valueCents").GetInt64()));
        await using var db = fixture.OpenDb();
        var mails = await db.Set<OutboxMessage>().Where(m => m.MessageType == MailTypes.PrizeValue && m.UserId == fixture.Admin.Id).OrderBy(m => m.Id).Select(m => m.Payload).ToListAsync(Ct);
        Assert.Equal([400_000L, 500_000L], mails.Select(m => JsonElement.Parse(m)).Where(m => m.GetProperty("year").GetInt32() == 2031).Select(m => m.GetProperty("valueCents").GetInt64()).Order());
        using var wrong = await Admin.GetAsync("/api/v1/admin/drawings/prize-value?year=next", Ct);
        await wrong.ReadInvalidAsync("year");
    }

    [Fact]
    public async Task Rules_OfADrawing_AreThoseThatItsManifestIsBoundToAndEntriesAccepted()
    {
        using var member = await fixture.NewMemberAsync(points: 1000);
        using var anonymous = fixture.Anonymous();
        var draft = await fixture.NewDrawingAsync("draft");
        var id = await fixture.NewDrawingAsync();
        var open = await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/rules");
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/tickets", new { quantity = 1 })).EnsureSuccessStatusCode();
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{id}/free-entry", null)).EnsureSuccessStatusCode();
        await fixture.StepAsync(id, "close");
        // A later version of the rules is none of a closed drawing's business.
        await using var db = fixture.OpenDb();
        db.Add(DrawingRules.Create(open.GetProperty("version").GetInt32() + 1, "Other rules.", fixture.Clock.Now));
        await db.SaveChangesAsync(Ct);

        var closed = await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/rules");
        var proof = await anonymous.GetJsonAsync($"/api/v1/drawings/{id}/proof");
        var entry = await member.Client.GetJsonAsync($"/api/v1/drawings/{id}/entry");
        using var hidden = await anonymous.GetAsync($"/api/v1/drawings/{draft}/rules", Ct);

        var text = closed.GetProperty("text").GetString()!;
        Assert.Equal(open.GetProperty("text").GetString(), text);
        Assert.StartsWith("NO PURCHASE NECESSARY", text, StringComparison.Ordinal);
        Assert.Contains("Prize 1: 1 x $50 Amazon Gift Card (digital, value 50.00 USD each)", text, StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), closed.GetProperty("sha256").GetString());
        Assert.Equal(closed.GetProperty("sha256").GetString(), proof.GetProperty("manifest").GetProperty("rules").GetString());
        Assert.Equal(closed.GetProperty("version").GetInt32(), entry.GetProperty("rulesVersion").GetInt32());
        await hidden.ReadProblemAsync(System.Net.HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task PrizeValue_WhenTwoDrawingsAreScheduledAtOnce_WarnsOfTheirSum()
    {
        var drawAt = new DateTimeOffset(2041, 6, 15, 12, 0, 0, TimeSpan.Zero);
        Guid[] drafts = [await DraftAsync(), await DraftAsync()];
        await using var db = fixture.OpenDb();
        Task<JsonElement>[] steps;
        await using (var held = await db.Database.BeginTransactionAsync(Ct))
        {
            // Both have written their prizes' worth, or wait to, before either commits.
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE audit_log IN SHARE MODE", Ct);
            steps = [.. drafts.Select(id => fixture.StepAsync(id, "schedule"))];
            await Until.HoldsAsync("both to wait", WaitingAsync, waiting => waiting == 2);
            await held.RollbackAsync(Ct);
        }

        await Task.WhenAll(steps);

        Assert.Equal((400_000, "near"), await YearAsync(2041));
        var mails = await db.Set<OutboxMessage>().Where(m => m.MessageType == MailTypes.PrizeValue && m.UserId == fixture.Admin.Id).Select(m => m.Payload).ToListAsync(Ct);
        var mail = Assert.Single(mails.Select(m => JsonElement.Parse(m)), m => m.GetProperty("year").GetInt32() == 2041);
        Assert.Equal(400_000, mail.GetProperty("valueCents").GetInt64());

        Task<Guid> DraftAsync() => fixture.NewDrawingAsync("draft", [.. Terms(drawAt, 200_000).Select(t => (t.Key, t.Value))]);

        async Task<int> WaitingAsync()
        {
            await using var other = fixture.OpenDb();
            return await other.Database.SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").SingleAsync(Ct);
        }
    }

    private async Task<(long Cents, string? Level)> YearAsync(int year)
    {
        var shown = await Admin.GetJsonAsync($"/api/v1/admin/drawings/prize-value?year={year}");
        return (shown.GetProperty("valueCents").GetInt64(), shown.GetProperty("level").GetString());
    }

    private Task<Guid> ScheduleAsync(DateTimeOffset drawAt, long cents) => fixture.NewDrawingAsync("scheduled", [.. Terms(drawAt, cents).Select(t => (t.Key, t.Value))]);

    private Dictionary<string, object?> Terms(DateTimeOffset drawAt, long cents) =>
        fixture.Terms(("drawAt", drawAt), ("salesCloseAt", drawAt.AddMinutes(-5)), ("prizes", new[] { new { rank = 1, name = "Watch", valueCents = cents } }));
}
