using System.Diagnostics;

namespace FitTrack.AppHost.Local;

/// <summary>
/// FitTrack without Aspire: PostgreSQL and the three programs as child processes. Each <c>await using</c> is one part of
/// the running system, and leaving the method stops them in the opposite order.
/// </summary>
internal sealed class LocalLauncher(LauncherOptions options, ConsoleOutput output)
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <returns>The exit code: 0 after a requested stop.</returns>
    /// <exception cref="LaunchException">Something that FitTrack needs is missing or does not start.</exception>
    public static async Task<int> RunAsync(LauncherOptions options)
    {
        if (options.Rest.Count > 0)
            throw new LaunchException($"{options.Rest[0]} is no option of the local launcher; --help lists them.");
        if (options.Database is "Oracle")
            throw new LaunchException("Oracle needs Aspire and a container runtime; the local launcher has PostgreSQL only. ConnectionStrings__fittrack with Database__Provider=Oracle uses a server that already runs.");

        var output = new ConsoleOutput();
        using var stop = new StopSignals();
        try
        {
            await new LocalLauncher(options, output).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            output.Say("FitTrack has stopped.");
        }

        return 0;
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var userDatabase = Environment.GetEnvironmentVariable("ConnectionStrings__fittrack");
        var ports = Ports.Claim(options);
        using var data = DataFolder.Open(options.DataFolder);
        await using var dashboard = await Dashboard.StartAsync(output, Environment.GetEnvironmentVariable);
        await using var postgres = string.IsNullOrEmpty(userDatabase)
            ? await PostgresServer.StartAsync(data, PostgresPrograms.Find(options.PostgresBin), output, ct)
            : null;
        var environment = ChildEnvironment.Create(
            options, data, ports, postgres?.ConnectionString ?? userDatabase!, dashboard?.TelemetryUrl, Environment.GetEnvironmentVariable);

        await RunWorkerAsync(environment, ct, "migrate");
        if (options.SeedDemo && (postgres is null || !File.Exists(data.SeededMark)))
        {
            await RunWorkerAsync(environment, ct, "seed", "--if-empty");
            await File.WriteAllTextAsync(data.SeededMark, "", ct);
        }

        await using var worker = Start("worker", ProgramLocations.Worker, environment, ports.WorkerUrl);
        await using var api = Start("api", ProgramLocations.Api, environment, ports.ApiUrl);
        await using var web = Start("web", ProgramLocations.Web, environment, ports.WebUrl);
        await Task.WhenAll(worker.WaitUntilReadyAsync(ct), api.WaitUntilReadyAsync(ct), web.WaitUntilReadyAsync(ct));

        output.Say(Welcome.Text(options, data, ports, dashboard, clock.Elapsed));
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
    }

    /// <summary>Runs one command of the Worker to its end.</summary>
    private async Task RunWorkerAsync(IReadOnlyDictionary<string, string> environment, CancellationToken ct, params string[] command)
    {
        var spec = ChildSpec.Program(command[0], ProgramLocations.Worker, command) with { Environment = environment, OwnsTerminal = output.IsTerminal };
        var child = await ChildProcess.StartAsync(spec, line => output.Child(spec.Name, line));
        try
        {
            var exitCode = await child.Exited.WaitAsync(ct);
            if (exitCode != 0)
                throw new LaunchException($"FitTrack.Worker {string.Join(' ', command)} failed with exit code {exitCode}; its output is above, and nothing else was started.");
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync();
            throw;
        }
    }

    private SupervisedChild Start(string name, ProgramLocation program, IReadOnlyDictionary<string, string> environment, string url) =>
        new(ChildSpec.Program(name, program) with { Environment = environment.For(name, url) }, ct => IsReadyAsync(url, ct), output);

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
