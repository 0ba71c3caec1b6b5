using System.Globalization;

namespace FitTrack.AppHost;

/// <summary>
/// What the person who starts FitTrack may choose, from environment variables and, above them, command line options
/// (<c>--name value</c> or <c>--name=value</c>).
/// </summary>
internal sealed record LauncherOptions
{
    private const string WorkerVerb = "worker";

    private static readonly Knob[] Knobs =
    [
        new("orchestrator", "FITTRACK_ORCHESTRATOR", "aspire | local; without it, Aspire where a container runtime answers"),
        new("database", "FITTRACK_DATABASE", "Oracle | Postgres on Aspire (Oracle); the local launcher has PostgreSQL only"),
        new("data", "FITTRACK_DATA", "folder of the local database, secrets and mail drop (.fittrack in the repository)"),
        new("web-port", "FITTRACK_WEB_PORT", "port of the web pages (5080); 0 takes a free one"),
        new("api-port", "FITTRACK_API_PORT", "port of the Api (5081)"),
        new("worker-port", "FITTRACK_WORKER_PORT", "port of the Worker's health page (5082)"),
        new("seed", "FITTRACK_SEED", "demo | none: demo data on the first start (demo in Development)"),
        new("simulators", "FITTRACK_SIMULATORS", "on | off: simulated trackers (on in Development)"),
        new("simulators-port", "FITTRACK_SIMULATORS_PORT", "port of the simulated trackers (5083)"),
        new("postgres-bin", "FITTRACK_POSTGRES_BIN", "folder with the PostgreSQL server programs (found by itself)"),
    ];

    public bool ShowHelp { get; private init; }

    /// <summary>"aspire", "local", or null to look for a container runtime.</summary>
    public string? Orchestrator { get; private init; }

    /// <summary>"Oracle", "Postgres", or null for the orchestrator's own default.</summary>
    public string? Database { get; private init; }

    public string DataFolder { get; private init; } = "";

    public int WebPort { get; private init; }

    public int ApiPort { get; private init; }

    public int WorkerPort { get; private init; }

    public int SimulatorsPort { get; private init; }

    public bool SeedDemo { get; private init; }

    public bool Simulators { get; private init; }

    public string? PostgresBin { get; private init; }

    /// <summary>Development unless ASPNETCORE_ENVIRONMENT or DOTNET_ENVIRONMENT says otherwise.</summary>
    public string EnvironmentName { get; private init; } = "Development";

    public bool IsDevelopment => string.Equals(EnvironmentName, "Development", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is not ours: Aspire has options of its own (<c>--operation publish</c>); the local launcher refuses it.</summary>
    public IReadOnlyList<string> Rest { get; private init; } = [];

    /// <summary>A command for FitTrack.Worker, to run on the local database instead of starting everything; empty for none.</summary>
    public IReadOnlyList<string> WorkerCommand { get; private init; } = [];

    public static string Help =>
        $"""
        Usage: dotnet run --project FitTrack.AppHost [-- options]            start everything
               dotnet run --project FitTrack.AppHost -- worker COMMAND ...   run a command of FitTrack.Worker on the local
                                                                             database: migrate, seed, reset, ... (--help lists them)

        {string.Join(Environment.NewLine, Knobs.Select(knob => $"  --{knob.Option,-14} {knob.Variable,-22} {knob.Meaning}"))}
          --help

        ConnectionStrings__fittrack set: that database server is used and none is started.
        ASPNETCORE_ENVIRONMENT: Development unless set.
        """;

    /// <exception cref="LaunchException">A value that is not one of those allowed.</exception>
    public static LauncherOptions Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var verb = args.TakeWhile(arg => arg != WorkerVerb).Count();
        var (given, rest) = Split([.. args.Take(verb)]);
        string? Value(string option) => given.GetValueOrDefault(option) ?? NullIfBlank(environment(KnobOf(option)!.Variable));

        var environmentName = NullIfBlank(environment("ASPNETCORE_ENVIRONMENT")) ?? NullIfBlank(environment("DOTNET_ENVIRONMENT")) ?? "Development";
        var development = string.Equals(environmentName, "Development", StringComparison.OrdinalIgnoreCase);
        var options = new LauncherOptions
        {
            ShowHelp = rest.Contains("--help", StringComparer.Ordinal),
            Orchestrator = OneOf("orchestrator", Value("orchestrator"), "aspire", "local"),
            Database = OneOf("database", Value("database"), "Oracle", "Postgres"),
            DataFolder = Path.GetFullPath(Value("data") ?? Path.Combine(ProgramLocations.RepositoryRoot, ".fittrack")),
            WebPort = Port("web-port", Value("web-port"), 5080),
            ApiPort = Port("api-port", Value("api-port"), 5081),
            WorkerPort = Port("worker-port", Value("worker-port"), 5082),
            SimulatorsPort = Port("simulators-port", Value("simulators-port"), 5083),
            SeedDemo = (OneOf("seed", Value("seed"), "demo", "none") ?? (development ? "demo" : "none")) is "demo",
            Simulators = (OneOf("simulators", Value("simulators"), "on", "off", "true", "false") ?? (development ? "on" : "off")) is "on" or "true",
            PostgresBin = Value("postgres-bin"),
            EnvironmentName = environmentName,
            Rest = rest,
            WorkerCommand = [.. args.Skip(verb + 1)],
        };
        return options switch
        {
            { SeedDemo: true, IsDevelopment: false } => throw new LaunchException($"FITTRACK_SEED=demo is for Development only: the demo accounts have a public password, and this is {environmentName}."),
            { Simulators: true, IsDevelopment: false } => throw new LaunchException($"FITTRACK_SIMULATORS=on is for Development only: anybody could invent activities, and this is {environmentName}."),
            _ => options,
        };
    }

    private static (Dictionary<string, string> Given, List<string> Others) Split(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var parts = args[i].Split('=', 2);
            if (!parts[0].StartsWith("--", StringComparison.Ordinal) || KnobOf(parts[0][2..]) is not { } knob)
                rest.Add(args[i]);
            else if (parts.Length == 2)
                given[knob.Option] = parts[1];
            else if (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                given[knob.Option] = args[++i];
            else
                throw new LaunchException($"--{knob.Option} needs a value: {knob.Meaning}.");
        }

        return (given, rest);
    }

    private static Knob? KnobOf(string option) => Array.Find(Knobs, knob => string.Equals(knob.Option, option, StringComparison.OrdinalIgnoreCase));

    private static string? OneOf(string option, string? value, params string[] allowed) =>
        value is null ? null
        : Array.Find(allowed, each => string.Equals(each, value, StringComparison.OrdinalIgnoreCase))
            ?? throw new LaunchException($"--{option} ({KnobOf(option)!.Variable}) is {string.Join(" or ", allowed)}, not '{value}'.");

    private static int Port(string option, string? value, int otherwise) =>
        value is null ? otherwise
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port
        : throw new LaunchException($"--{option} ({KnobOf(option)!.Variable}) is a port from 0 to 65535, not '{value}'.");

    private static string? NullIfBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private sealed record Knob(string Option, string Variable, string Meaning);
}
