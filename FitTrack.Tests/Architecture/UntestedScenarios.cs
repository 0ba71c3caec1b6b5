namespace FitTrack.Tests.Architecture;

/// <summary>Scenarios that no test of this suite can be or is yet, each with its reason. An entry that gets a test has to go.</summary>
internal static class UntestedScenarios
{
    private const string TrackerTab = "The test page's tracker simulator tab is not there yet.";

    public static readonly (string Area, string Title, string Reason)[] All =
    [
        ("1", "All tests pass without errors", "That is the run itself: .ci/run counts its tests."),
        ("1", "Coverage requirements are met", "build/coverage.sh measures the run and fails under the limits."),
        ("3", "Connect tracker via test page", TrackerTab),
        ("3", "Trigger manual sync via test page", TrackerTab),
        ("3", "View synced activities via test page", TrackerTab),
        ("3", "Disconnect tracker via test page", TrackerTab),
    ];
}
