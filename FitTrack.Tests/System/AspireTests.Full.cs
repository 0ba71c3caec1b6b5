using System.Net;
using Aspire.Hosting.Testing;
using FitTrack.AppHost;
using Xunit;

namespace FitTrack.Tests.SystemTests;

/// <summary>The same AppHost on Aspire, with either database in a container.</summary>
public class AspireTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, Trait("Category", "Containers")]
    [InlineData("Oracle")]
    [InlineData("Postgres")]
    public async Task Start_WhenOnAspire_MigratesFirstAndEveryProgramIsReady(string database)
    {
        Assert.SkipWhen(await Orchestrator.FindContainerRuntimeAsync() is null, "no container runtime answers");
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.FitTrack_AppHost>(
            ["--orchestrator", "aspire", "--seed", "none", $"--Database={database}", "--web-port", "0", "--api-port", "0", "--worker-port", "0", "--simulators-port", "0"], Ct);
        await using var app = await builder.BuildAsync(Ct);

        await app.StartAsync(Ct);
        foreach (var program in new[] { "api", "worker", "web", "simulators" })
            await app.ResourceNotifications.WaitForResourceHealthyAsync(program, Ct);

        using var api = app.CreateHttpClient("api", "http");
        using var answer = await api.GetAsync("health/ready", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
