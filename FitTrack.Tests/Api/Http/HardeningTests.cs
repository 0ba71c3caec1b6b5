using System.Net;
using System.Text;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace FitTrack.Tests.Api.Http;

/// <summary>What the Api tells browsers, which sites it lets in, and how long it waits.</summary>
public sealed class HardeningTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/drawings")]
    [InlineData("/api/v1/users/me")]
    [InlineData("/nothing")]
    [InlineData("/health")]
    [InlineData("/openapi/v1.json")]
    public async Task Get_WhateverTheAnswer_CarriesTheSecurityHeaders(string url)
    {
        using var client = api.NewClient();
        client.BaseAddress = new Uri("https://localhost");
        using var response = await client.GetAsync(url, Ct);
        var headers = response.Headers.ToDictionary(h => h.Key, h => string.Join(' ', h.Value), StringComparer.OrdinalIgnoreCase);
        Assert.StartsWith("default-src 'self';", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal(("nosniff", "DENY", "no-referrer"), (headers["X-Content-Type-Options"], headers["X-Frame-Options"], headers["Referrer-Policy"]));
        Assert.Contains("geolocation=()", headers["Permissions-Policy"], StringComparison.Ordinal);
        Assert.StartsWith("max-age=31536000", headers["Strict-Transport-Security"], StringComparison.Ordinal);
        Assert.False(headers.ContainsKey("Server"));
    }

    [Theory]
    [InlineData("Testing", "http")]
    [InlineData("Development", "https")]
    public async Task Get_OverHttpOrInDevelopment_PromisesNoHttps(string environment, string scheme)
    {
        await using var factory = new ApiFactory(api.Database.ConnectionString) { EnvironmentName = environment };
        using var client = factory.CreateClient(new() { BaseAddress = new Uri($"{scheme}://localhost") });
        using var response = await client.GetAsync("/health/live", Ct);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Get_WhenSignedIn_IsKeptByNoCacheOnTheWay()
    {
        var member = await api.NewMemberAsync();
        foreach (var url in new[] { "/api/v1/points/balance", "/api/v1/activities", "/api/v1/users/me" })
        {
            using var response = await member.Client.GetAsync(url, Ct);
            Assert.True(response.Headers.CacheControl is { NoStore: true } or { Private: true, NoCache: true }, $"{url}: {response.Headers.CacheControl}");
        }
    }

    [Fact]
    public async Task Preflight_OfAnAllowedSite_IsAnsweredAndOfAnotherIsNot()
    {
        await using var factory = new ApiFactory(api.Database.ConnectionString) { Settings = { ["Cors:AllowedOrigins:0"] = "https://app.example.com" } };
        using var client = factory.CreateClient();
        Assert.Equal("https://app.example.com", await AllowedOriginAsync(client, "https://app.example.com"));
        foreach (var stranger in new[] { "https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "https://app.example.com:8443", "null" })
            Assert.Null(await AllowedOriginAsync(client, stranger));
        using var unconfigured = api.NewClient();
        Assert.Null(await AllowedOriginAsync(unconfigured, "https://app.example.com"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("app.example.com")]
    public async Task Start_WhenAnAllowedOriginIsNone_IsRefused(string origin)
    {
        await using var factory = new ApiFactory(api.Database.ConnectionString) { Settings = { ["Cors:AllowedOrigins:0"] = origin } };
        Assert.Contains(origin, Assert.ThrowsAny<InvalidOperationException>(() => factory.CreateClient()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WhenTheAnswerTakesTooLong_Is504()
    {
        await using var host = await HttpHost.StartAsync(
            app => app.MapGet("/slow", async (CancellationToken ct) => await Task.Delay(Timeout.Infinite, ct)), settings: [("RequestLimits:Seconds", "1")]);
        using var client = host.NewClient();
        using var response = await client.GetAsync("/slow", Ct);
        await response.ReadProblemAsync(HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task Connection_WhenTheHeadersNeverEnd_IsClosed()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/", () => ""), settings: [("RequestLimits:HeaderSeconds", "1")]);
        await using var connection = await host.ConnectAsync(Ct);
        await connection.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "), Ct);
        using var reader = new StreamReader(connection, Encoding.ASCII);
        Assert.Contains("408", await reader.ReadToEndAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task<string?> AllowedOriginAsync(HttpClient client, string origin)
    {
        using var response = await client.SendJsonAsync(HttpMethod.Options, "/api/v1/users/me", null, ("Origin", origin), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization"));
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
