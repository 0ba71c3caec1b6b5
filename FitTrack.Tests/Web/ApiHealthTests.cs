using FitTrack.ServiceDefaults;
using FitTrack.Tests.Fixtures;
using FitTrack.Web.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace FitTrack.Tests.Web;

public sealed class ApiHealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_WhenApiAnswers_IsHealthy()
    {
        await using var api = await StubServer.StartAsync(200);

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(api.Url)).Status);
        Assert.Equal("/health/live", Assert.Single(api.Requests).Path);
    }

    [Fact]
    public async Task Check_WhenApiIsBroken_IsDegradedAfterOneCall()
    {
        await using var api = await StubServer.StartAsync(500);

        var entry = await CheckAsync(api.Url);

        Assert.Equal((HealthStatus.Degraded, "The Api answers with status 500."), (entry.Status, entry.Description));
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task Check_WhenNobodyListens_IsDegraded()
    {
        Uri gone;
        await using (var api = await StubServer.StartAsync(200))
            gone = api.Url;

        var entry = await CheckAsync(gone);

        Assert.Equal((HealthStatus.Degraded, "The Api cannot be reached."), (entry.Status, entry.Description));
    }

    private static async Task<HealthReportEntry> CheckAsync(Uri api)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "FitTrack.Web" });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("services:api:http:0", (string?)api.ToString())]);
        builder.AddServiceDefaults();
        builder.Services.AddFitTrackApiClient();
        using var host = builder.Build();
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "api", Ct);
        return report.Entries["api"];
    }
}
