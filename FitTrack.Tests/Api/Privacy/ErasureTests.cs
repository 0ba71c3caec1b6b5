using System.Net;
using System.Text.RegularExpressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Points;
using FitTrack.Core.Privacy;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace FitTrack.Tests.Api.Privacy;

public sealed partial class ErasureTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_OfTheOwnAccount_IsGoneAtOnceButForTheExportThatItOffers()
    {
        using var member = await fixture.NewRichMemberAsync();
        using var anonymous = fixture.Anonymous();

        using var deleted = await member.Client.DeleteAsync("/api/v1/users/me", Ct);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        var link = ExportLink().Match(deleted.Headers.GetValues("Link").Single()).Groups["url"].Value;
        Assert.Equal(member.Street, Zips.Open(await anonymous.ExportAsync(link)).Rows("prizes")[0].GetProperty("address").GetProperty("line1").GetString());
        using var profile = await fixture.Admin.Client.GetAsync($"/api/v1/users/{member.Id}/public", Ct);
        await profile.ReadProblemAsync(HttpStatusCode.NotFound);
        using var account = await fixture.Admin.Client.GetAsync($"/api/v1/users/{member.Id}", Ct);
        await account.ReadProblemAsync(HttpStatusCode.NotFound);
        using var forged = await anonymous.GetAsync(link[..^4] + "AAAA", Ct);
        await forged.ReadProblemAsync(HttpStatusCode.NotFound);

        fixture.Clock.Advance(TimeSpan.FromDays(1));
        using var late = await anonymous.GetAsync(link, Ct);
        await late.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Erase_After30Days_LeavesNothingPersonalAndEverySumRight()
    {
        using var member = await fixture.NewRichMemberAsync();
        await LoseAPrizeAsync(member);
        string[] traces;
        await using (var db = fixture.OpenDb())
        {
            var user = await db.Set<User>().SingleAsync(u => u.Id == member.Id, Ct);
            var name = await db.Set<Profile>().Where(p => p.UserId == member.Id).Select(p => p.DisplayName).SingleAsync(Ct);
            traces = [user.Email, name, member.Mark];
        }

        Assert.NotEmpty(await FindAsync(traces[0]));
        var balance = await fixture.BalanceAsync(member.Id);
        using var deleted = await fixture.Admin.Client.DeleteAsync($"/api/v1/admin/users/{member.Id}", Ct);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        fixture.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        await EraseAsync();
        Assert.NotEmpty(await FindAsync(traces[0]));
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await EraseAsync() >= 1);
        Assert.Equal(0, await EraseAsync());

        foreach (var trace in traces)
            Assert.Empty(await FindAsync(trace));
        await using var scope = fixture.Factory.NewScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<AuditLog>().FirstBrokenAsync(Ct));
        Assert.Equal(balance, await fixture.BalanceAsync(member.Id));
        var report = await fixture.Admin.Client.GetJsonAsync("/api/v1/reports/integrity");
        Assert.True(report.GetProperty("ok").GetBoolean(), report.ToString());
        await using var after = fixture.OpenDb();
        Assert.Equal(2, await after.Set<PointTransaction>().CountAsync(t => t.UserId == member.Id, Ct));
    }

    [Fact]
    public async Task Erase_WhileAPrizeIsOnItsWay_Waits()
    {
        using var member = await fixture.NewRichMemberAsync();
        await using (var db = fixture.OpenDb())
            await db.Set<Fulfillment>().Where(f => f.UserId == member.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.Status, FulfillmentStatus.Shipped), Ct);
        (await fixture.Admin.Client.DeleteAsync($"/api/v1/admin/users/{member.Id}", Ct)).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromDays(31));

        await EraseAsync();
        await using (var db = fixture.OpenDb())
        {
            Assert.Null((await db.Set<User>().SingleAsync(u => u.Id == member.Id, Ct)).AnonymizedAt);
            await db.Set<Fulfillment>().Where(f => f.UserId == member.Id).ExecuteUpdateAsync(s => s.SetProperty(f => f.Status, FulfillmentStatus.Delivered), Ct);
        }

        await EraseAsync();
        await using var after = fixture.OpenDb();
        Assert.NotNull((await after.Set<User>().SingleAsync(u => u.Id == member.Id, Ct)).AnonymizedAt);
    }

    /// <summary>An administrator's reason may be personal, and goes into history and mails.</summary>
    private async Task LoseAPrizeAsync(RichMember member)
    {
        var drawing = await fixture.NewDrawingAsync(changes: ("prizes", new[] { new { rank = 1, name = "Shirt", valueCents = 2_000, kind = "physical" } }));
        (await member.Client.PostJsonAsync($"/api/v1/drawings/{drawing}/free-entry", null)).EnsureSuccessStatusCode();
        await fixture.StepAsync(drawing, "close");
        await fixture.StepAsync(drawing, "execute");
        var prize = (await member.Client.GetJsonAsync($"/api/v1/fulfillments?filter[drawing_id]={drawing}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await fixture.Admin.Client.PostJsonAsync($"/api/v1/admin/fulfillments/{prize}/return", new { reason = $"Moved to {member.Mark}" })).EnsureSuccessStatusCode();
    }

    private async Task<int> EraseAsync()
    {
        await using var scope = fixture.Factory.NewScope();
        return await scope.ServiceProvider.GetRequiredService<EraseAccounts>().RunAsync(Ct);
    }

    /// <summary>The tables in which a text stands anywhere in a row of the member or nobody's.</summary>
    private async Task<List<string>> FindAsync(string text)
    {
        await using var db = fixture.OpenDb();
        await using var connection = new NpgsqlConnection(db.Database.GetConnectionString());
        await connection.OpenAsync(Ct);
        var tables = new List<string>();
        await using (var all = new NpgsqlCommand("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'", connection))
        await using (var reader = await all.ExecuteReaderAsync(Ct))
        {
            while (await reader.ReadAsync(Ct))
                tables.Add(reader.GetString(0));
        }

        Assert.True(tables.Count > 50, "Too few tables: the test does not see the database.");
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var search = new NpgsqlCommand($"SELECT count(*) FROM {table} t WHERE position($1 IN t::text) > 0", connection) { Parameters = { new() { Value = text } } };
            if ((long)(await search.ExecuteScalarAsync(Ct))! > 0)
                found.Add(table);
        }

        return found;
    }

    [GeneratedRegex("<(?<url>[^>]+)>; rel=\"archives\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExportLink();
}
