using System.Text.Json;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class ListTests(ListTests.Endpoints endpoints) : IClassFixture<ListTests.Endpoints>, IDisposable
{
    private static readonly ListSpec<Sponsor> Sponsors = new ListSpec<Sponsor>(s => s.Id)
        .Sort("created_at", s => s.CreatedAt)
        .Sort("name", s => s.Name)
        .Sort("notes", s => s.Notes)
        .DefaultSort("name")
        .Filter("name", s => s.Name)
        .Filter("notes", s => s.Notes)
        .Filter("version", s => s.Version)
        .Filter("id", s => s.Id)
        .Filter("since", (DateTimeOffset time) => s => s.CreatedAt >= time)
        .Span((DateTimeOffset from) => s => s.CreatedAt >= from, to => s => s.CreatedAt < to)
        .Filter("has_notes", (bool has) => s => s.Notes != null == has);

    private readonly HttpClient _client = endpoints.Host.NewClient();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Get_WhenNothingIsAsked_IsTheFirstTwentyInDefaultOrder()
    {
        using var response = await _client.GetAsync("/sponsors");
        var json = await response.ReadJsonAsync();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"Sponsor {i:00}"), Names(json));
        Assert.Equal("{\"page\":1,\"perPage\":20,\"total\":25,\"totalPages\":2}", json.GetProperty("pagination").GetRawText());
        Assert.Equal("25", response.Headers.GetValues("X-Total-Count").Single());
    }

    [Fact]
    public async Task Get_WhenPagesAreWalked_EveryItemComesOnce()
    {
        var seen = new List<string>();
        for (var page = 1; page <= 4; page++)
            seen.AddRange(Names(await _client.GetJsonAsync($"/sponsors?page={page}&per_page=7&sort=notes")));
        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Get_WhenTheEndIsBeforeTheStart_Is422()
    {
        Assert.Equal(25, (await _client.GetJsonAsync("/sponsors?filter[start_date]=2000-01-01&filter[end_date]=2100-01-01")).GetProperty("pagination").GetProperty("total").GetInt64());
        Assert.Empty(Names(await _client.GetJsonAsync("/sponsors?filter[start_date]=2100-01-01&filter[end_date]=2100-01-01")));
        using var backwards = await _client.GetAsync("/sponsors?filter[end_date]=2000-01-01&filter[start_date]=2100-01-01");
        await backwards.ReadInvalidAsync("filter[end_date]");
    }

    [Fact]
    public async Task Get_WhenThePageIsPastTheEnd_IsEmpty()
    {
        var json = await _client.GetJsonAsync("/sponsors?page=1000000&per_page=100");
        Assert.Empty(Names(json));
        Assert.Equal(25, json.GetProperty("pagination").GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("-created_at", "Sponsor 00")]
    [InlineData("created_at", "Sponsor 24")]
    [InlineData("-name", "Sponsor 24")]
    [InlineData("-notes,-name", "Sponsor 20")]
    public async Task Get_WhenSorted_IsInThatOrder(string sort, string first) =>
        Assert.Equal(first, Names(await _client.GetJsonAsync($"/sponsors?sort={sort}&filter[since]=2026-11-18T13:00:00Z"))[0]);

    [Theory]
    [InlineData("filter[name]=Sponsor 03", 1)]
    [InlineData("filter[name]=sponsor 03", 0)]
    [InlineData("filter[notes]=group 1", 5)]
    [InlineData("filter[notes]=group 1&filter[name]=Sponsor 01", 1)]
    [InlineData("filter[version]=1", 25)]
    [InlineData("filter[version]=2", 0)]
    [InlineData("filter[has_notes]=false", 5)]
    [InlineData("filter[since]=2026-11-18T13:50:00Z", 11)]
    [InlineData("filter[since]=2026-11-18T08:50:00-05:00", 11)]
    [InlineData("filter[since]=2026-11-18", 25)]
    [InlineData("filter[id]=550e8400-e29b-41d4-a716-446655440000", 0)]
    [InlineData("tier=other", 25)]
    public async Task Get_WhenFiltered_HasOnlyThose(string query, int expected)
    {
        var json = await _client.GetJsonAsync("/sponsors?per_page=100&" + query.Replace("+", "%2B", StringComparison.Ordinal));
        Assert.Equal(expected, Names(json).Count);
        Assert.Equal(expected, json.GetProperty("pagination").GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=1.5", "page")]
    [InlineData("page=abc", "page")]
    [InlineData("page=", "page")]
    [InlineData("page=1&page=2", "page")]
    [InlineData("page=99999999999999999999", "page")]
    [InlineData("per_page=0", "per_page")]
    [InlineData("per_page=101", "per_page")]
    [InlineData("sort=secret", "sort")]
    [InlineData("sort=--name", "sort")]
    [InlineData("sort=name;drop", "sort")]
    [InlineData("sort=name,name,name,name,name,name", "sort")]
    [InlineData("filter[secret]=1", "filter[secret]")]
    [InlineData("filter[]=1", "filter[]")]
    [InlineData("filter=1", "filter")]
    [InlineData("filter.name=1", "filter.name")]
    [InlineData("filter[name]=", "filter[name]")]
    [InlineData("filter[name]=a&filter[name]=b", "filter[name]")]
    [InlineData("filter[version]=one", "filter[version]")]
    [InlineData("filter[id]=one", "filter[id]")]
    [InlineData("filter[since]=soon", "filter[since]")]
    [InlineData("filter[has_notes]=yes", "filter[has_notes]")]
    public async Task Get_WhenTheQuestionIsNotAcceptable_Is422AndNamesTheParameter(string query, string field)
    {
        using var response = await _client.GetAsync("/sponsors?" + query);
        await response.ReadInvalidAsync(field);
    }

    [Theory]
    [InlineData(typeof(SampleKind), "trail_run", true)]
    [InlineData(typeof(SampleKind), "TrailRun", false)]
    [InlineData(typeof(SampleKind), "1", false)]
    [InlineData(typeof(SampleKind?), "walk", true)]
    [InlineData(typeof(DateOnly), "2026-11-16", true)]
    [InlineData(typeof(DateOnly), "16.11.2026", false)]
    [InlineData(typeof(int), "-5", true)]
    [InlineData(typeof(int), "5000000000", false)]
    [InlineData(typeof(string), "a\0b", false)]
    public void TryParse_WhenTheTextIsOfTheType_IsTrue(Type type, string text, bool expected) => Assert.Equal(expected, ListValue.TryParse(type, text, out _));

    private static List<string> Names(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];

    public sealed class Endpoints(PostgresServer server) : HttpHostFixture(server)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await using var db = Database.Open();
            // Names in one order, notes all alike in groups, so that the end of the order decides within a group.
            for (var i = 0; i < 25; i++)
                db.Add(Sponsor.Create(new SponsorDetails($"Sponsor {i:00}", null, null, null, i % 5 == 0 ? null : $"group {i % 5}"), TestClock.Start.AddMinutes(-i)));
            await db.SaveChangesAsync();
        }

        protected override void Map(WebApplication app) =>
            app.MapGet("/sponsors", (ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
                Sponsors.PageAsync(list, db.Set<Sponsor>(), s => new SponsorItem(s.Id, s.Name), ct)).WithList(Sponsors);
    }
}

public sealed record SponsorItem(Guid Id, string Name);
