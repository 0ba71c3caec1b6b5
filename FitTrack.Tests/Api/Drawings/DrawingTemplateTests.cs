using System.Net;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Drawings;

/// <summary>Recurring drawings: their templates, and what the Worker makes of them.</summary>
public sealed class DrawingTemplateTests(DrawingsFixture fixture) : IClassFixture<DrawingsFixture>
{
    private const string Path = "/api/v1/admin/drawing-templates";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Admin.Client;

    [Fact]
    public async Task Pass_InManyWorkersAtOnce_MakesEachDrawingOfATemplateOnceAndAhead()
    {
        var template = await NewAsync(("name", "Daily card"), ("drawTime", "16:00"), ("createDaysAhead", 3));

        var made = (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fixture.RunDueAsync()))).Sum(p => p.Made);

        var drawings = await MadeOfAsync(template);
        Assert.Equal((4, 4), (made, drawings.Count));
        Assert.Equal(["Daily card - Nov 18, 2026", "Daily card - Nov 19, 2026", "Daily card - Nov 20, 2026", "Daily card - Nov 21, 2026"], drawings.Select(d => d.Name));
        Assert.All(drawings, d => Assert.Equal(21, d.DrawAt.Hour));
        Assert.All(drawings, d => Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromMinutes(5)), (d.DrawAt - d.OpensAt, d.DrawAt - d.SalesCloseAt)));
        // The first of them is open for sale already.
        Assert.Equal([DrawingStatus.Open, DrawingStatus.Scheduled, DrawingStatus.Scheduled, DrawingStatus.Scheduled], drawings.Select(d => d.Status));

        (await Admin.PutJsonAsync($"{Path}/{template}", Body(("name", "Daily watch"), ("drawTime", "16:00"), ("createDaysAhead", 3)))).EnsureSuccessStatusCode();
        fixture.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await fixture.RunDueAsync()).Made);
        Assert.Equal("Daily watch - Nov 22, 2026", (await MadeOfAsync(template))[^1].Name);

        (await Admin.PutJsonAsync($"{Path}/{template}", Body(("name", "Daily watch"), ("drawTime", "16:00"), ("isActive", false)))).EnsureSuccessStatusCode();
        Assert.Equal(0, (await fixture.RunDueAsync()).Made);
        using var inUse = await Admin.DeleteAsync($"{Path}/{template}", Ct);
        await inUse.ReadProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Database_OfASecondDrawingForATemplateAndDay_RefusesIt()
    {
        var template = await NewAsync(("name", "Once a week"), ("type", "weekly"), ("day", 5));
        await fixture.RunDueAsync();
        var drawing = (await MadeOfAsync(template))[0];
        var other = await fixture.NewDrawingAsync("draft");
        await using var db = fixture.OpenDb();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => db.Set<Drawing>().Where(d => d.Id == other).ExecuteUpdateAsync(s => s.SetProperty(d => d.TemplateKey, drawing.TemplateKey), Ct));

        Assert.True(DbErrors.IsUniqueViolation(refused));
    }

    [Fact]
    public async Task Template_IsShownListedAndRemoved()
    {
        var id = await NewAsync(("name", "Year's end"), ("type", "annual"), ("day", 31), ("month", 12), ("isActive", false), ("ticketPrice", 9000));

        var shown = await Admin.GetJsonAsync($"{Path}/{id}");
        var listed = await Admin.GetJsonAsync($"{Path}?filter[type]=annual");
        using var again = await Admin.PostJsonAsync(Path, Body(("name", "Year's end")));
        using var removed = await Admin.DeleteAsync($"{Path}/{id}", Ct);
        using var gone = await Admin.GetAsync($"{Path}/{id}", Ct);

        Assert.Equal(("16:00:00", 31, 12, 9000), (shown.GetProperty("drawTime").GetString(), shown.GetProperty("day").GetInt32(), shown.GetProperty("month").GetInt32(), shown.GetProperty("ticketPrice").GetInt32()));
        Assert.Equal(id, Assert.Single(listed.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        await again.ReadProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await gone.ReadProblemAsync(HttpStatusCode.NotFound);
    }

    public static TheoryData<string, string, object?> Wrong => new()
    {
        { "name", "name", new string('x', 101) },
        { "day", "day", 3 },
        { "month", "month", 2 },
        { "opensMinutesBefore", "opensMinutesBefore", 5 },
        { "salesCloseMinutesBefore", "salesCloseMinutesBefore", 0 },
        { "createDaysAhead", "createDaysAhead", 401 },
        { "ticketPrice", "ticketPrice", 0 },
        { "prizes", "prizes", Array.Empty<object>() },
        { "prizes", "prizes", new[] { new { rank = 1, name = "Card", valueCents = 100, kind = "digital", codes = new[] { "ONCE" } } } },
        { "prizes[0].sponsorId", "prizes", new[] { new { rank = 1, name = "Card", valueCents = 100, sponsorId = Guid.Parse("0199d6a5-0000-7000-8000-000000000000") } } },
        { "entropy", "entropy", "drand" },
    };

    [Theory, MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task Create_WithSomethingWrong_SaysWhat(string field, string name, object? value)
    {
        using var response = await Admin.PostJsonAsync(Path, Body((name, value)));

        await response.ReadInvalidAsync(field);
    }

    private static Dictionary<string, object?> Body(params (string Name, object? Value)[] changes)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["name"] = "Daily",
            ["type"] = "daily",
            ["drawTime"] = "16:00",
            ["prizes"] = new[] { new { rank = 1, name = "Card", valueCents = 5000 } },
        };
        foreach (var (name, value) in changes) body[name] = value;
        return body;
    }

    private async Task<Guid> NewAsync(params (string Name, object? Value)[] changes)
    {
        using var created = await Admin.PostJsonAsync(Path, Body(changes));
        return (await created.ReadJsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<List<Drawing>> MadeOfAsync(Guid template)
    {
        await using var db = fixture.OpenDb();
        return await db.Set<Drawing>().Where(d => d.TemplateId == template).OrderBy(d => d.DrawAt).ToListAsync(Ct);
    }
}
