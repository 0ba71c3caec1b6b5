using System.Diagnostics;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.SystemTests;

[Collection(nameof(SharedAppHost))]
public class AppHostTests(AppHostFixture appHost)
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [Scenario("1", "Fresh clone setup completes in under 15 minutes")]
    [InlineData("Web")]
    [InlineData("Api docs")]
    [InlineData("ReDoc")]
    [InlineData("Health")]
    [InlineData("Worker")]
    [InlineData("Mail drop")]
    [InlineData("Simulators")]
    public async Task Start_WhenReady_EveryPrintedAddressAnswers(string label)
    {
        using var answer = await Http.GetAsync(appHost.Process.Url(label), Ct);

        Assert.True(answer.IsSuccessStatusCode, $"{label} answered {(int)answer.StatusCode}");
    }

    [Fact]
    public void Start_WhenDevelopment_PrintsTheDemoAccounts()
    {
        Assert.Contains("admin@fittrack.example", appHost.Process.Output, StringComparison.Ordinal);
        Assert.Contains("member@fittrack.example", appHost.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_Always_SaysWhichOrchestratorAndWhy() =>
        Assert.Contains("Orchestrator: local launcher (asked for)", appHost.Process.Output, StringComparison.Ordinal);

    [Fact]
    public async Task Start_WhenTheDataFolderIsInUse_SaysSoAndStops()
    {
        await using var second = AppHostProcess.Start(seed: "none", appHost.Process.DataFolder);

        Assert.Equal(1, await second.WaitForExitAsync(Ct));
        Assert.Contains("Another AppHost is already running", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenAPortIsInUse_NamesThePortAndTheKnob()
    {
        await using var second = AppHostProcess.Start(seed: "none", variables: ("FITTRACK_WEB_PORT", $"{appHost.Web.Port}"));

        Assert.Equal(1, await second.WaitForExitAsync(Ct));
        Assert.Contains($"Port {appHost.Web.Port} (web) is already in use", second.Output, StringComparison.Ordinal);
        Assert.Contains("FITTRACK_WEB_PORT", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenPostgresIsMissing_SaysSoInOneSentence()
    {
        await using var other = AppHostProcess.Start(seed: "none", variables: ("FITTRACK_POSTGRES_BIN", AppContext.BaseDirectory));

        Assert.Equal(1, await other.WaitForExitAsync(Ct));
        Assert.Contains("has no initdb and postgres of PostgreSQL 15 or later.", other.Output, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Chaos")]
    public async Task Run_WhenTheApiIsKilled_StartsItAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        foreach (var api in appHost.Process.Processes("FitTrack.Api"))
            Process.GetProcessById(api).Kill();

        await appHost.Process.WaitForLineAsync(line => line.StartsWith("api ended by itself (exit code 137)", StringComparison.Ordinal), Ct);
        await AppHostProcess.WaitUntilAnswersAsync(new(appHost.Api, "health/ready"), Ct);
    }
}
