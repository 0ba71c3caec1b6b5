namespace FitTrack.AppHost.Local;

/// <summary>The Aspire dashboard, where its command line is installed: traces, metrics and logs of all programs in one place.</summary>
/// <param name="Url">The page.</param>
/// <param name="TelemetryUrl">Where the programs send to, as OTLP over gRPC.</param>
internal sealed record Dashboard(string Url, string TelemetryUrl) : IAsyncDisposable
{
    private ChildProcess? _process;

    /// <summary>Null where there is no <c>aspire</c> command, or where telemetry already has another destination.</summary>
    public static async Task<Dashboard?> StartAsync(ConsoleOutput output, Func<string, string?> environment)
    {
        if (!string.IsNullOrEmpty(environment("OTEL_EXPORTER_OTLP_ENDPOINT")) || FindAspire(environment) is not { } aspire)
            return null;
        var dashboard = new Dashboard($"http://localhost:{Ports.FreePort(18888)}", $"http://localhost:{Ports.FreePort(4317)}");

        // Open to whoever reaches it, which on loopback is this machine; a token would have to be copied at every start.
        string[] arguments =
        [
            "dashboard", "run", "--allow-anonymous", "--frontend-url", dashboard.Url,
            "--otlp-grpc-url", dashboard.TelemetryUrl, "--otlp-http-url", $"http://localhost:{Ports.FreePort(4318)}",
        ];
        dashboard._process = await ChildProcess.StartAsync(new("dashboard", aspire, arguments), line => output.Child("dashboard", line));
        return dashboard;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.StopAsync();
    }

    private static string? FindAspire(Func<string, string?> environment) =>
        (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "aspire.exe" : "aspire"))
            .FirstOrDefault(File.Exists);
}
