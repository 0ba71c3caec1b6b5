namespace FitTrack.AppHost;

/// <summary>Ends the AppHost with one sentence for the person who started it: no stack trace, exit code 1.</summary>
internal sealed class LaunchException(string message) : Exception(message);
