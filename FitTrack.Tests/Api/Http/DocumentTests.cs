using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class DocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [Scenario("1", "OpenAPI documentation is accessible")]
    [InlineData("/docs", "FitTrack API")]
    [InlineData("/redoc", "FitTrack API reference")]
    public async Task Get_WhenAPersonOpensThePages_TheyAreThereAndAskNothingOfOthers(string url, string title)
    {
        using var client = api.Factory.CreateClient();
        var html = await client.GetStringAsync(url);
        Assert.Contains($"<title>{title}</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/docs/swagger-ui-bundle.js")]
    [InlineData("/docs/index.js")]
    [InlineData("/redoc/redoc.standalone.js")]
    public async Task Get_WhenThePagesLoadTheirScripts_TheyComeFromHere(string url)
    {
        using var client = api.NewClient();
        using var response = await client.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Get_WhenTheDocumentIsRead_EveryOperationIsComplete()
    {
        var document = await DocumentAsync();
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("Bearer").GetProperty("scheme").GetString());
        var operations = Operations(document).ToList();
        Assert.NotEmpty(operations);
        foreach (var (name, operation) in operations)
        {
            Assert.True(operation.TryGetProperty("tags", out var tags) && tags.GetArrayLength() > 0, $"{name} has no tag.");
            Assert.True(operation.TryGetProperty("summary", out _), $"{name} has no summary.");
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5'))
                Assert.True(response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{name} {response.Name} is no problem document.");
        }
    }

    [Fact]
    public async Task Get_WhenTheDocumentIsRead_EverySchemaPropertyHasAType()
    {
        var document = await DocumentAsync();
        foreach (var schema in document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (!schema.Value.TryGetProperty("properties", out var properties))
                continue;
            foreach (var property in properties.EnumerateObject())
            {
                Assert.True(
                    new[] { "type", "$ref", "oneOf", "anyOf", "allOf", "enum" }.Any(word => property.Value.TryGetProperty(word, out _)),
                    $"{schema.Name}.{property.Name} is anything: {property.Value}");
            }
        }
    }

    [Fact]
    [Scenario("1", "OpenAPI documentation is accessible")]
    public async Task Get_WhenTheDocumentIsRead_MainRequestsHaveExamples()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");
        Assert.Equal(3, schemas.GetProperty("BuyTickets").GetProperty("properties").GetProperty("quantity").GetProperty("examples")[0].GetInt32());
        Assert.NotEqual(0, schemas.GetProperty("LeaderboardAnswer").GetProperty("examples").GetArrayLength());
    }

    internal static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private async Task<JsonElement> DocumentAsync()
    {
        using var client = api.NewClient();
        return await client.GetJsonAsync("/openapi/v1.json");
    }
}
