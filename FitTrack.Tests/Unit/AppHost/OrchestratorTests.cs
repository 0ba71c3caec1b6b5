using FitTrack.AppHost;
using Xunit;

namespace FitTrack.Tests.Unit.AppHost;

public class OrchestratorTests
{
    [Fact]
    public async Task Choose_WhenLean_IsLocalAndSaysWhy()
    {
        var choice = await ChooseAsync([], aspireAvailable: false, runtime: "docker");

        Assert.False(choice.IsAspire);
        Assert.Contains("lean", choice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_WhenContainerRuntimeAnswers_IsAspireAndNamesIt()
    {
        var choice = await ChooseAsync([], aspireAvailable: true, runtime: "podman");

        Assert.True(choice.IsAspire);
        Assert.Contains("podman", choice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_WhenNoContainerRuntimeAnswers_IsLocal() =>
        Assert.False((await ChooseAsync([], aspireAvailable: true, runtime: null)).IsAspire);

    [Fact]
    public async Task Choose_WhenLocalIsForced_DoesNotLookForARuntime()
    {
        var options = LauncherOptions.Parse(["--orchestrator", "local"], _ => null);

        Assert.False((await Orchestrator.ChooseAsync(options, aspireAvailable: true, () => throw new InvalidOperationException("looked"))).IsAspire);
    }

    [Theory]
    [InlineData("--orchestrator", "aspire")]
    [InlineData("--operation", "publish")]
    public async Task Choose_WhenAspireIsForcedOrPublishes_NeedsNoRuntime(params string[] args) =>
        Assert.True((await ChooseAsync(args, aspireAvailable: true, runtime: null)).IsAspire);

    [Fact]
    public async Task Choose_WhenAspireIsForcedInLean_Refuses() =>
        await Assert.ThrowsAsync<LaunchException>(() => ChooseAsync(["--orchestrator", "aspire"], aspireAvailable: false, runtime: "docker"));

    private static Task<Orchestrator> ChooseAsync(string[] args, bool aspireAvailable, string? runtime) =>
        Orchestrator.ChooseAsync(LauncherOptions.Parse(args, _ => null), aspireAvailable, () => Task.FromResult(runtime));
}
