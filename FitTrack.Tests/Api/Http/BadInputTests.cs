using System.Net;
using System.Text;
using FitTrack.Api.Http;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class BadInputTests(BadInputTests.Endpoints endpoints) : IClassFixture<BadInputTests.Endpoints>, IDisposable
{
    private readonly HttpClient _client = endpoints.Host.NewClient();

    public void Dispose()
    {
        _client.Dispose();
        Assert.Empty(endpoints.Host.Logs.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"displayName\":}")]
    [InlineData("{\"displayName\":\"a\"} trailing")]
    [InlineData("{'displayName':'a'}")]
    [InlineData("{\"displayName\":\"\u0001\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":1,\"quantity\":2}")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":NaN}")]
    public async Task Post_WhenTheBodyIsNotTheJsonAsked_Is400(string body)
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body(body));
        var problem = await response.ReadProblemAsync(HttpStatusCode.BadRequest);
        Assert.DoesNotContain("Sample", problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WhenTheBodyIsNestedTooDeeply_Is400()
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body("{\"x\":" + new string('[', 10_000) + new string(']', 10_000) + "}"));
        await response.ReadProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Post_WhenATextIsNotUtf8_Is422AndNamesTheField()
    {
        using var content = new ByteArrayContent([.. "{\"displayName\":\""u8, 0xff, 0xfe, .. "\"}"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await _client.PostAsync("/samples", content);
        await response.ReadInvalidAsync("displayName");
    }

    [Theory]
    [InlineData("{\"displayName\":\"a\",\"quantity\":\"5\"}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":1e308}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":1.5}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":99999999999999999999}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"distanceMeters\":1e999}", "distanceMeters")]
    [InlineData("{\"displayName\":\"a\",\"distanceMeters\":\"NaN\"}", "distanceMeters")]
    [InlineData("{\"displayName\":\"a\",\"kind\":\"fly\"}", "kind")]
    [InlineData("{\"displayName\":\"a\",\"kind\":1}", "kind")]
    [InlineData("{\"displayName\":\"a\",\"startedAt\":\"yesterday\"}", "startedAt")]
    [InlineData("{\"displayName\":\"a\",\"day\":\"2026-02-30\"}", "day")]
    [InlineData("{\"displayName\":5}", "displayName")]
    [InlineData("{\"displayName\":\"a\\u0000b\"}", "displayName")]
    [InlineData("{\"displayName\":\"\\ud800\"}", "displayName")]
    [InlineData("{\"displayName\":\"a\",\"prizes\":{}}", "prizes")]
    [InlineData("{\"displayName\":\"a\",\"prizes\":[{\"sponsorName\":1}]}", "prizes[0].sponsorName")]
    public async Task Post_WhenAValueDoesNotFitItsField_Is422AndNamesTheField(string body, string field)
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body(body));
        var problem = await response.ReadInvalidAsync(field);
        Assert.DoesNotContain("System.", problem.Errors![0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "displayName")]
    [InlineData("{\"displayName\":null}", "displayName")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":0}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"quantity\":-5}", "quantity")]
    [InlineData("{\"displayName\":\"a\",\"prizes\":[{},{\"sponsorName\":\"a\"}]}", "prizes[0].sponsorName")]
    [InlineData("{\"displayName\":\"a\",\"prizes\":[{\"sponsorName\":\"12345678901\"}]}", "prizes[0].sponsorName")]
    [InlineData("{\"displayName\":\"a\",\"prizes\":[{\"sponsorName\":\"a\"},{\"sponsorName\":\"a\"},{\"sponsorName\":\"a\"},{\"sponsorName\":\"a\"}]}", "prizes")]
    public async Task Post_WhenAFieldBreaksItsRule_Is422AndNamesTheField(string body, string field)
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body(body));
        await response.ReadInvalidAsync(field);
    }

    [Fact]
    public async Task Post_WhenSeveralFieldsAreWrong_NamesAllOfThem()
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body("{\"quantity\":1000}"));
        await response.ReadInvalidAsync("displayName", "quantity");
    }

    [Fact]
    public async Task Post_WhenItIsFine_SpeaksTheWireFormat()
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body(
            "{\"displayName\":\"Ana\",\"kind\":\"trail_run\",\"startedAt\":\"2026-11-16T08:00:00-05:00\",\"day\":\"2026-11-16\",\"distanceMeters\":1e308,\"unknown\":[1]}"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(
            "{\"displayName\":\"Ana\",\"quantity\":null,\"distanceMeters\":1E+308,\"startedAt\":\"2026-11-16T13:00:00Z\",\"day\":\"2026-11-16\",\"kind\":\"trail_run\",\"prizes\":null}", text);
    }

    [Fact]
    public async Task Post_WhenATimeHasNoOffset_TakesItForUtc()
    {
        using var response = await _client.PostAsync("/samples", JsonHelpers.Body("{\"displayName\":\"Ana\",\"startedAt\":\"2026-11-16T08:00:00\"}"));
        Assert.Equal("2026-11-16T08:00:00Z", (await response.ReadJsonAsync()).GetProperty("startedAt").GetString());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Post_WhenTheContentTypeIsNotJson_Is415(string contentType)
    {
        using var content = new StringContent("{\"displayName\":\"a\"}", Encoding.UTF8, contentType);
        using var response = await _client.PostAsync("/samples", content);
        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_WhenTheBodyIsTooLarge_Is413(bool chunked)
    {
        using var response = await SendAsync("/samples", 150_000, chunked);
        await response.ReadProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Post_WhenTheEndpointAllowsLargerBodies_TakesThem()
    {
        using var response = await SendAsync("/large", 150_000, chunked: false);
        await response.ReadJsonAsync();
    }

    [Theory]
    [InlineData("/pages", "page")]
    [InlineData("/pages?page=abc", "page")]
    [InlineData("/pages?page=1e308", "page")]
    [InlineData("/pages?page=1&id=5", "id")]
    public async Task Get_WhenAParameterIsNotAcceptable_Is422AndNamesIt(string url, string field)
    {
        using var response = await _client.GetAsync(url);
        await response.ReadInvalidAsync(field);
    }

    [Theory]
    [InlineData("/pages?page=%00")]
    [InlineData("/pa%00ges")]
    public async Task Get_WhenTheAddressHoldsANul_Is400(string url)
    {
        // HttpClient would refuse to send it.
        await using var connection = await endpoints.Host.ConnectAsync(TestContext.Current.CancellationToken);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET {url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(connection);
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.example:99999")]
    public async Task Get_WhenTheHostIsNone_Is400(string host)
    {
        await using var connection = await endpoints.Host.ConnectAsync(TestContext.Current.CancellationToken);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET /pages HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(connection);
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(string url, int size, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = JsonHelpers.Body("{\"displayName\":\"" + new string('a', size) + "\"}");
        request.Headers.TransferEncodingChunked = chunked;
        return await _client.SendAsync(request);
    }

    public sealed class Endpoints : HttpHostFixture
    {
        protected override (string Key, string Value)[] Settings => [.. base.Settings, ("RequestLimits:BodyBytes", "100000")];

        protected override void Map(WebApplication app)
        {
            app.MapPost("/samples", (Sample sample) => TypedResults.Ok(sample));
            app.MapPost("/large", (Sample sample) => TypedResults.Ok(sample)).LimitBody(200_000);
            app.MapGet("/pages", (int page, Guid? id) => TypedResults.Ok(page + (id is null ? 0 : 1)));
        }
    }
}
