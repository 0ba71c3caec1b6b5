using System.Text.Json;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Xunit;

namespace FitTrack.Tests.Api.Http;

/// <summary>What the conventions of this folder say about themselves in the OpenAPI document.</summary>
public sealed class DocumentedConventionTests(DocumentedConventionTests.Endpoints endpoints) : IClassFixture<DocumentedConventionTests.Endpoints>
{
    private static readonly ListSpec<Sponsor> Sponsors = new ListSpec<Sponsor>(s => s.Id)
        .Sort("name", s => s.Name).DefaultSort("name").Filter("version", s => s.Version);

    [Fact]
    public async Task Document_OfAList_HasItsParametersAndAnswers()
    {
        var list = (await PathsAsync()).GetProperty("/sponsors").GetProperty("get");
        Assert.Equal(["page", "per_page", "sort", "filter[version]"], Parameters(list));
        Assert.Contains("name", list.GetProperty("parameters")[2].GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal(["200", "401", "422", "429"], Responses(list));
        Assert.Equal(1, list.GetProperty("security").GetArrayLength());
    }

    [Fact]
    public async Task Document_OfAnIdempotentPost_HasTheHeaderAndEveryOutcome()
    {
        var post = (await PathsAsync()).GetProperty("/samples").GetProperty("post");
        Assert.Contains(IdempotencyHeader.Name, Parameters(post));
        Assert.Equal(["201", "400", "409", "422", "429"], Responses(post));
        Assert.False(post.TryGetProperty("security", out _));
    }

    [Fact]
    public async Task Document_OfARequest_ShowsWireTypesAndLimits()
    {
        using var client = endpoints.Host.NewClient();
        var sample = (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas").GetProperty("Sample").GetProperty("properties");
        Assert.Contains("string", sample.GetProperty("displayName").GetProperty("type").ToString(), StringComparison.Ordinal);
        Assert.Equal(100, sample.GetProperty("quantity").GetProperty("maximum").GetInt32());
        Assert.Equal("date-time", sample.GetProperty("startedAt").GetProperty("format").GetString());
        Assert.Contains("trail_run", (await client.GetStringAsync("/openapi/v1.json")), StringComparison.Ordinal);
    }

    private static string[] Parameters(JsonElement operation) => [.. operation.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!)];

    private static string[] Responses(JsonElement operation) => [.. operation.GetProperty("responses").EnumerateObject().Select(r => r.Name).Order(StringComparer.Ordinal)];

    private async Task<JsonElement> PathsAsync()
    {
        using var client = endpoints.Host.NewClient();
        return (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
    }

    public sealed class Endpoints : HttpHostFixture
    {
        protected override void Map(WebApplication app)
        {
            app.MapGet("/sponsors", (ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
                Sponsors.PageAsync(list, db.Set<Sponsor>(), s => new SponsorItem(s.Id, s.Name), ct)).WithList(Sponsors).RequireAuthorization();
            app.MapPost("/samples", Results<Created<Sample>, ConflictProblem> (Sample sample) => TypedResults.Created("/samples/1", sample)).Idempotent();
        }
    }
}
