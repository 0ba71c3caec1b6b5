using FitTrack.AppHost.Local;
using FitTrack.Tests.Fixtures;
using Xunit;

namespace FitTrack.Tests.SystemTests;

public class AppHostStopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhenTerminated_EndsInOrderAndLeavesNoProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        await using var appHost = AppHostProcess.Start(seed: "none");
        await appHost.WaitUntilReadyAsync(Ct);
        Assert.True(appHost.Processes().Count > 4, "the AppHost, PostgreSQL and three programs run");

        Assert.Equal(0, await appHost.StopAsync(Ct));

        Assert.EndsWith("FitTrack has stopped.", appHost.Output, StringComparison.Ordinal);
        Assert.Empty(appHost.Processes());
    }

    [Fact, Trait("Category", "Chaos")]
    public async Task Stop_WhenTheAppHostIsKilled_ItsChildrenEndAndItStartsAgain()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the parent-death signal");
        await using var appHost = AppHostProcess.Start(seed: "none");
        await appHost.WaitUntilReadyAsync(Ct);

        UnixProcess.Signal(appHost.ProcessId, UnixProcess.Kill);

        await appHost.WaitUntilNoProcessIsLeftAsync();
        await using var again = AppHostProcess.Start(seed: "none", appHost.DataFolder);
        await again.WaitUntilReadyAsync(Ct);
    }
}
