using System.Net;
using FitTrack.Api.Http;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Xunit;

namespace FitTrack.Tests.Api.Http;

public sealed class EntityTagTests : IAsyncLifetime
{
    private long _version = 3;
    private HttpHost _host = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HttpHost.StartAsync(app =>
        {
            app.MapGet("/thing", () => Tagged.Ok(new SamplePrize("Acme"), EntityTag.Of(_version)));
            app.MapPut("/thing", Results<TaggedResult<SamplePrize>, PreconditionFailedProblem> (IfMatch ifMatch) =>
                ifMatch.Allows(EntityTag.Of(_version)) ? Tagged.Ok(new SamplePrize("Acme"), EntityTag.Of(++_version)) : Problems.PreconditionFailed());
        });
        _client = _host.NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Get_Always_CarriesTheVersion()
    {
        using var response = await _client.GetAsync("/thing");
        Assert.Equal("\"3\"", response.Headers.ETag?.ToString());
        Assert.Equal("Acme", (await response.ReadJsonAsync()).GetProperty("sponsorName").GetString());
    }

    [Theory]
    [InlineData("\"3\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"3\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"1\", \"3\"", HttpStatusCode.NotModified)]
    [InlineData("\"2\"", HttpStatusCode.OK)]
    [InlineData("3", HttpStatusCode.OK)]
    public async Task Get_WhenTheCallerHasAVersion_Is304IfItIsThisOne(string ifNoneMatch, HttpStatusCode expected)
    {
        using var response = await _client.SendJsonAsync(HttpMethod.Get, "/thing", null, ("If-None-Match", ifNoneMatch));
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("\"3\"", response.Headers.ETag?.ToString());
        Assert.Equal(expected == HttpStatusCode.OK, (await response.Content.ReadAsByteArrayAsync()).Length > 0);
    }

    [Theory]
    [InlineData("\"3\"", true)]
    [InlineData("*", true)]
    [InlineData("\"1\", \"3\"", true)]
    [InlineData("\"2\"", false)]
    [InlineData("W/\"3\"", false)]
    [InlineData("3", false)]
    public async Task Put_WhenTheCallerNamesAVersion_Is412IfItIsNotThisOne(string ifMatch, bool allowed)
    {
        using var response = await _client.SendJsonAsync(HttpMethod.Put, "/thing", null, ("If-Match", ifMatch));
        if (allowed)
            Assert.Equal("\"4\"", response.Headers.ETag?.ToString());
        else
            await response.ReadProblemAsync(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Put_WithoutIfMatch_IsAllowed()
    {
        using var response = await _client.SendJsonAsync(HttpMethod.Put, "/thing", null);
        await response.ReadJsonAsync();
    }

    [Fact]
    public void Of_ATime_TellsMicrosecondsApart()
    {
        var time = TestClock.Start;
        Assert.Equal(EntityTag.Of(time), EntityTag.Of(time.ToOffset(TimeSpan.FromHours(3))));
        Assert.NotEqual(EntityTag.Of(time), EntityTag.Of(time.AddMicroseconds(1)));
    }
}
