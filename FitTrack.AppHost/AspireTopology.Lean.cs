namespace FitTrack.AppHost;

/// <summary>FitTrack on Aspire: not available without its packages.</summary>
internal static class AspireTopology
{
    public static bool IsAvailable => false;

    public static Task<int> RunAsync(LauncherOptions options) =>
        throw new LaunchException($"This build has no Aspire packages (package set lean), so {options.Database ?? "Oracle"} on Aspire is not available.");
}
