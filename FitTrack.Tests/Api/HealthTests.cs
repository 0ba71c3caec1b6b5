using System.Net;
using FitTrack.Core.Messaging;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api;

public sealed class HealthTests(ApiFixture api, PostgresServer server) : IClassFixture<ApiFixture>
{
    [Theory]
    [Scenario("1", "Basic health check confirms app is running")]
    [InlineData("/health")]
    [InlineData("/api/v1/health")]
    public async Task Health_WhenAllIsWell_IsOkWithServiceVersionAndDatabase(string url)
    {
        using var client = api.NewClient();
        var json = await client.GetJsonAsync(url);
        Assert.Equal("ok", json.GetProperty("status").GetString());
        Assert.Contains("api", json.GetProperty("service").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(json.GetProperty("version").GetString()!);
        Assert.True(json.TryGetProperty("database", out _));
    }

    [Fact]
    public async Task Live_Always_IsOk()
    {
        using var client = api.NewClient();
        Assert.Equal("ok", (await client.GetJsonAsync("/health/live")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Ready_WhenNoWorkerRuns_IsDegradedAndNamesIt()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var factory = new ApiFactory(database.ConnectionString);
        using var client = factory.CreateClient();
        var json = await client.GetJsonAsync("/health/ready");
        Assert.Equal("degraded", json.GetProperty("status").GetString());
        Assert.Equal("degraded", json.GetProperty("checks").GetProperty("worker").GetProperty("status").GetString());
        Assert.Equal("ok", json.GetProperty("checks").GetProperty("database").GetProperty("status").GetString());
    }

    [Fact]
    [Scenario("1", "Readiness check confirms database connectivity")]
    public async Task Ready_WhenAWorkerRuns_IsOkWithVersionHeartbeatAndQueues()
    {
        await using (var scope = api.Factory.NewScope())
            await scope.ServiceProvider.GetRequiredService<Heartbeats>().BeatAsync(TestContext.Current.CancellationToken);

        using var client = api.NewClient();
        var json = await client.GetJsonAsync("/health/ready");
        var checks = json.GetProperty("checks");
        Assert.Equal("ok", json.GetProperty("status").GetString());
        Assert.Matches(@"^\d+\.", checks.GetProperty("database").GetProperty("version").GetString());
        Assert.Equal("ok", checks.GetProperty("cache").GetProperty("status").GetString());
        Assert.Equal(1, checks.GetProperty("worker").GetProperty("running").GetInt32());
        Assert.True(checks.GetProperty("worker").TryGetProperty("queues", out _));
    }

    [Fact]
    [Scenario("1", "Readiness check fails when database is down")]
    public async Task Ready_WhenTheDatabaseIsDown_Is503AndNamesIt()
    {
        await using var factory = new ApiFactory("Host=127.0.0.1;Port=9;Username=none;Database=none;Timeout=2");
        using var client = factory.CreateClient();
        using var response = await client.GetAsync("/health/ready");
        var json = await response.ReadJsonAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("unavailable", json.GetProperty("checks").GetProperty("database").GetProperty("status").GetString());

        // The process itself is fine, and says so without the database.
        Assert.Equal("ok", (await client.GetJsonAsync("/health/live")).GetProperty("status").GetString());
        using var health = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }
}
