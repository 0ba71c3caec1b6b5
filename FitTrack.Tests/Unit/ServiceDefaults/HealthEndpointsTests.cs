using System.Net;
using System.Text.Json;
using FitTrack.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FitTrack.Tests.Unit.ServiceDefaults;

public sealed class HealthEndpointsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health")]
    [InlineData("/api/v1/health")]
    public async Task Health_WhenRunning_NamesServiceVersionAndDatabase(string path)
    {
        await using var host = await DefaultsHost.StartAsync(b =>
        {
            // Time stands still: however slow the machine, the database answers at once.
            b.Services.AddSingleton<TimeProvider>(new TestClock());
            b.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Healthy());
        });

        var (status, json) = await GetAsync(host, path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ok", json.GetProperty("status").GetString());
        Assert.Equal("sample", json.GetProperty("service").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", json.GetProperty("version").GetString());
        Assert.Equal("ok", json.GetProperty("database").GetString());
    }

    [Fact]
    public async Task Health_WhenDatabaseDoesNotAnswer_AnswersWithoutIt()
    {
        var hung = new TaskCompletionSource<HealthCheckResult>();
        var clock = new TestClock { SkipsWaitsUpTo = TimeSpan.FromSeconds(1) };
        await using var host = await DefaultsHost.StartAsync(b =>
        {
            b.Services.AddSingleton<TimeProvider>(clock);
            b.Services.AddHealthChecks().AddAsyncCheck("database", () => hung.Task);
        });

        var (status, json) = await GetAsync(host, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("unknown", json.GetProperty("database").GetString());
        hung.SetResult(HealthCheckResult.Healthy());
    }

    [Fact]
    public async Task Health_WhenProgramHasNoDatabase_SaysNothingAboutIt()
    {
        await using var host = await DefaultsHost.StartAsync();

        var (_, json) = await GetAsync(host, "/health");

        Assert.False(json.TryGetProperty("database", out _));
    }

    [Fact]
    public async Task Live_WhenEverythingElseIsBroken_IsOk()
    {
        await using var host = await DefaultsHost.StartAsync(b => b.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Unhealthy()));

        var (status, json) = await GetAsync(host, "/health/live");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"ok"}""", json.GetRawText());
    }

    [Fact]
    public async Task Ready_WhenChecksBringData_ShowsIt()
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["version"] = "15.18", ["queues"] = new Dictionary<string, int>(StringComparer.Ordinal) { ["webhooks"] = 3 } };
        await using var host = await DefaultsHost.StartAsync(b => b.Services.AddHealthChecks().AddCheck("database", () => HealthCheckResult.Healthy("fine", data)));

        var (status, json) = await GetAsync(host, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":"ok","checks":{"database":{"status":"ok","version":"15.18","queues":{"webhooks":3}}}}""", json.GetRawText());
    }

    [Fact]
    public async Task Ready_WhenOnlyTheCacheIsAway_IsDegradedButOk()
    {
        await using var host = await DefaultsHost.StartAsync(b => b.Services.AddHealthChecks()
            .AddCheck("database", () => HealthCheckResult.Healthy()).AddCheck("cache", () => HealthCheckResult.Degraded("The cache cannot be reached.")));

        var (status, json) = await GetAsync(host, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", json.GetProperty("status").GetString());
        Assert.Equal("The cache cannot be reached.", json.GetProperty("checks").GetProperty("cache").GetProperty("error").GetString());
    }

    [Fact]
    public async Task Ready_WhenACheckThrows_Is503AndKeepsTheExceptionToItself()
    {
        await using var host = await DefaultsHost.StartAsync(b => b.Services.AddHealthChecks().AddCheck("database", () => throw new InvalidOperationException("Host=10.0.0.7;Password=secret")));

        var (status, json) = await GetAsync(host, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"unavailable","checks":{"database":{"status":"unavailable","error":"The check failed."}}}""", json.GetRawText());
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(DefaultsHost host, string path)
    {
        using var answer = await host.Http.GetAsync(path, Ct);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement);
    }
}
