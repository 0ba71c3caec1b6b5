using System.ComponentModel;
using System.Diagnostics;

namespace FitTrack.AppHost;

/// <summary>Which of the two ways FitTrack is started, and the line that says why.</summary>
internal sealed record Orchestrator(bool IsAspire, string Reason)
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    public override string ToString() => $"Orchestrator: {(IsAspire ? "Aspire" : "local launcher")} ({Reason})";

    /// <param name="options">What was asked for.</param>
    /// <param name="aspireAvailable">Whether this build has the Aspire packages.</param>
    /// <param name="findRuntime">Names the container runtime that answers, or null.</param>
    public static async Task<Orchestrator> ChooseAsync(LauncherOptions options, bool aspireAvailable, Func<Task<string?>> findRuntime)
    {
        if (options.Orchestrator is "local")
            return new(false, "asked for");
        if (!aspireAvailable)
        {
            return options.Orchestrator is null
                ? new(false, "this build has no Aspire packages: package set lean")
                : throw new LaunchException("--orchestrator aspire needs the Aspire packages, and this build is without them (package set lean); -p:PackageSet=full builds with them.");
        }

        if (options.Orchestrator is "aspire")
            return new(true, "asked for");
        if (options.Rest.Any(arg => arg.StartsWith("--operation", StringComparison.OrdinalIgnoreCase)))
            return new(true, "an Aspire operation");
        return await findRuntime() is { } runtime
            ? new(true, $"{runtime} answers")
            : new(false, "no container runtime answers: neither docker nor podman");
    }

    /// <summary>The first of docker and podman whose <c>info</c> succeeds within five seconds; ASPIRE_CONTAINER_RUNTIME narrows it to one.</summary>
    public static async Task<string?> FindContainerRuntimeAsync()
    {
        string[] candidates = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") is { Length: > 0 } wanted ? [wanted] : ["docker", "podman"];
        foreach (var candidate in candidates)
        {
            if (await AnswersAsync(candidate))
                return candidate;
        }

        return null;
    }

    private static async Task<bool> AnswersAsync(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["info"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var patience = new CancellationTokenSource(ProbePatience);
            try
            {
                // Both pipes are drained, or a talkative runtime would block on a full one.
                await Task.WhenAll(
                    process.StandardOutput.ReadToEndAsync(patience.Token),
                    process.StandardError.ReadToEndAsync(patience.Token),
                    process.WaitForExitAsync(patience.Token));
                return process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
