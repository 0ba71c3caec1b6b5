namespace FitTrack.AppHost.Local;

/// <summary>
/// What the three programs are told, under the names that Aspire uses, so that they cannot tell the two apart. What the
/// person who starts the AppHost has set already stays as it is, except for addresses, which are decided here.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>The simulated Terra signs with it, so that the simulators work without any configuration.</summary>
    private const string DevelopmentWebhookSecret = "terra-development-secret"; // not a secret

    /// <summary>Bytes, in hex; there is no setting for it in the program's own files.</summary>
    internal const string NurserySize = "DOTNET_GCgen0size";

    /// <summary>For the Worker, which works in bursts: by itself the collector lets garbage pile up to half of the processor's largest cache (docs/performance.md).</summary>
    internal const string WorkerNursery = "0x500000";

    public static IReadOnlyDictionary<string, string> Create(
        LauncherOptions options, DataFolder data, Ports ports, string connectionString, string? telemetryUrl, Func<string, string?> environment)
    {
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = options.EnvironmentName,
            ["DOTNET_ENVIRONMENT"] = options.EnvironmentName,
            ["ConnectionStrings__fittrack"] = connectionString,
            ["services__api__http__0"] = ports.ApiUrl,
            ["services__web__http__0"] = ports.WebUrl,
        };
        Default("Database__Provider", () => "Postgres");
        Default("Security__MasterKey", data.MasterKey);
        Default("Mail__DropFolder", () => data.Mail);
        if (options.IsDevelopment)
            Default("Trackers__Terra__WebhookSecret", () => DevelopmentWebhookSecret);
        foreach (var tracker in options.Simulators ? SimulatedTracker.Among(environment) : [])
        {
            foreach (var (name, path) in tracker.Addresses)
                variables[name] = ports.SimulatorsUrl + path;
            foreach (var (name, value) in tracker.Values)
                variables[name] = value;
        }

        if (telemetryUrl is not null)
            Default("OTEL_EXPORTER_OTLP_ENDPOINT", () => telemetryUrl);
        return variables;

        void Default(string name, Func<string> value)
        {
            if (string.IsNullOrEmpty(environment(name)))
                variables[name] = value();
        }
    }

    /// <summary>The same for the Worker.</summary>
    public static IReadOnlyDictionary<string, string> ForWorker(this IReadOnlyDictionary<string, string> common, Func<string, string?> environment) =>
        string.IsNullOrEmpty(environment(NurserySize)) ? new Dictionary<string, string>(common) { [NurserySize] = WorkerNursery } : common;

    /// <summary>The same for one program that listens on an address of its own.</summary>
    public static IReadOnlyDictionary<string, string> For(this IReadOnlyDictionary<string, string> common, string name, string url) =>
        new Dictionary<string, string>(common) { ["ASPNETCORE_URLS"] = url, ["OTEL_SERVICE_NAME"] = name };
}
