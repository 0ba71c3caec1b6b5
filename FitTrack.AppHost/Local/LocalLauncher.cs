using System.Diagnostics;

namespace FitTrack.AppHost.Local;

/// <summary>
/// FitTrack without Aspire: PostgreSQL and the three programs as child processes. Each <c>await using</c> is one part of
/// the running system, and leaving the method stops them in the opposite order.
/// </summary>
internal sealed class LocalLauncher(LauncherOptions options, ConsoleOutput output)
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string? _userDatabase = Environment.GetEnvironmentVariable("ConnectionStrings__fittrack") is { Length: > 0 } set ? set : null;

    /// <summary>Starts everything and runs until it is asked to stop.</summary>
    /// <returns>The exit code: 0 after a requested stop.</returns>
    /// <exception cref="LaunchException">Something that FitTrack needs is missing or does not start.</exception>
    public static async Task<int> RunAsync(LauncherOptions options)
    {
        if (options.Rest.Count > 0)
            throw new LaunchException($"{options.Rest[0]} is no option of the local launcher; --help lists them.");
        if (options.Database is "Oracle")
            throw new LaunchException("Oracle needs Aspire and a container runtime; the local launcher has PostgreSQL only. ConnectionStrings__fittrack with Database__Provider=Oracle uses a server that already runs.");

        return await UntilStoppedAsync(options, static (launcher, ct) => launcher.RunAsync(ct));
    }

    /// <summary>Runs one command of FitTrack.Worker on the local database, which is started for it unless an AppHost runs already.</summary>
    /// <returns>The command's exit code.</returns>
    public static Task<int> RunWorkerAsync(LauncherOptions options) =>
        UntilStoppedAsync(options, static (launcher, ct) => launcher.RunWorkerCommandAsync(ct));

    private static async Task<int> UntilStoppedAsync(LauncherOptions options, Func<LocalLauncher, CancellationToken, Task<int>> run)
    {
        var output = new ConsoleOutput();
        using var stop = new StopSignals();
        try
        {
            return await run(new(options, output), stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            output.Say("FitTrack has stopped.");
            return 0;
        }
    }

    private async Task<int> RunAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var data = DataFolder.Open(options.DataFolder);
        var ports = Ports.Claim(options);
        await using var dashboard = await Dashboard.StartAsync(output, Environment.GetEnvironmentVariable);
        await using var postgres = await StartPostgresAsync(data, ct);
        var environment = EnvironmentFor(data, ports, dashboard);

        // First of all: it needs nobody, and comes up while the database is made ready.
        await using var simulators = options.Simulators ? Start("simulators", ProgramLocations.Worker, environment, ports.SimulatorsUrl, "simulators") : null;
        await RequireAsync(["migrate"], environment, ct);
        if (options.SeedDemo && (postgres is null || !File.Exists(data.SeededMark)))
        {
            await RequireAsync(["seed", "--if-empty"], environment, ct);
            await File.WriteAllTextAsync(data.SeededMark, "", ct);
        }

        await using var worker = Start("worker", ProgramLocations.Worker, environment.ForWorker(Environment.GetEnvironmentVariable), ports.WorkerUrl);
        await using var api = Start("api", ProgramLocations.Api, environment, ports.ApiUrl);
        await using var web = Start("web", ProgramLocations.Web, environment, ports.WebUrl);
        await Task.WhenAll(worker.WaitUntilReadyAsync(ct), api.WaitUntilReadyAsync(ct), web.WaitUntilReadyAsync(ct), simulators?.WaitUntilReadyAsync(ct) ?? Task.CompletedTask);

        output.Say(Welcome.Text(options, data, ports, dashboard, clock.Elapsed));
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        return 0;
    }

    private async Task<int> RunWorkerCommandAsync(CancellationToken ct)
    {
        using var data = DataFolder.OpenEvenInUse(options.DataFolder);
        await using var postgres = data.IsInUse ? null : await StartPostgresAsync(data, ct);
        var ports = new Ports(options.WebPort, options.ApiPort, options.WorkerPort, options.SimulatorsPort);
        return await RunWorkerAsync(options.WorkerCommand, EnvironmentFor(data, ports, dashboard: null), ownsTerminal: true, ct);
    }

    private async Task<PostgresServer?> StartPostgresAsync(DataFolder data, CancellationToken ct) =>
        _userDatabase is null ? await PostgresServer.StartAsync(data, PostgresPrograms.Find(options.PostgresBin), output, ct) : null;

    private IReadOnlyDictionary<string, string> EnvironmentFor(DataFolder data, Ports ports, Dashboard? dashboard) =>
        ChildEnvironment.Create(
            options, data, ports, _userDatabase ?? PostgresServer.ConnectionStringOf(data), dashboard?.TelemetryUrl, Environment.GetEnvironmentVariable);

    private async Task RequireAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        var exitCode = await RunWorkerAsync(command, environment, ownsTerminal: output.IsTerminal, ct);
        if (exitCode != 0)
            throw new LaunchException($"FitTrack.Worker {string.Join(' ', command)} failed with exit code {exitCode}; its output is above, and nothing else was started.");
    }

    private async Task<int> RunWorkerAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, bool ownsTerminal, CancellationToken ct)
    {
        var spec = ChildSpec.Program(command[0], ProgramLocations.Worker, [.. command]) with
        {
            Environment = new Dictionary<string, string>(environment) { ["OTEL_SERVICE_NAME"] = command[0] },
            OwnsTerminal = ownsTerminal,
        };
        var child = await ChildProcess.StartAsync(spec, line => output.Child(spec.Name, line));
        try
        {
            return await child.Exited.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync();
            throw;
        }
    }

    private SupervisedChild Start(string name, ProgramLocation program, IReadOnlyDictionary<string, string> environment, string url, params string[] command) =>
        new(ChildSpec.Program(name, program, command) with { Environment = environment.For(name, url) }, ct => IsReadyAsync(url, ct), output);

    private static async Task<bool> IsReadyAsync(string url, CancellationToken ct)
    {
        try
        {
            using var answer = await Probe.GetAsync($"{url}/health/ready", ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
