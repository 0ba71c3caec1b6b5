using System.Diagnostics;
using System.Text.RegularExpressions;
using FitTrack.AppHost;
using FitTrack.AppHost.Local;

namespace FitTrack.Tests.Fixtures;

/// <summary>The AppHost started as a person starts it, on free ports and in a data folder of its own.</summary>
public sealed partial class AppHostProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly Process _process;
    private readonly bool _ownsDataFolder;
    private readonly List<string> _output = [];
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Task _reading;

    private AppHostProcess(Process process, string dataFolder, bool ownsDataFolder)
    {
        _process = process;
        _ownsDataFolder = ownsDataFolder;
        DataFolder = dataFolder;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public string DataFolder { get; }

    public int ProcessId => _process.Id;

    /// <summary>What it printed so far, its children's lines included.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return string.Join(Environment.NewLine, _output);
        }
    }

    /// <param name="seed"><c>demo</c> or <c>none</c>.</param>
    /// <param name="dataFolder">One to go on with; by default a new one, deleted at the end.</param>
    /// <param name="variables">More environment variables.</param>
    public static AppHostProcess Start(string seed, string? dataFolder = null, params (string Name, string Value)[] variables)
    {
        var folder = dataFolder ?? Path.Combine(Path.GetTempPath(), $"fittrack-apphost-{Guid.NewGuid():N}");
        var startInfo = new ProcessStartInfo("dotnet", [ProgramLocations.Api.Assembly.Replace("FitTrack.Api", "FitTrack.AppHost", StringComparison.Ordinal), "--orchestrator", "local"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = ProgramLocations.RepositoryRoot,
            Environment =
            {
                ["FITTRACK_DATA"] = folder,
                ["FITTRACK_SEED"] = seed,
                ["FITTRACK_WEB_PORT"] = "0",
                ["FITTRACK_API_PORT"] = "0",
                ["FITTRACK_WORKER_PORT"] = "0",
                ["FITTRACK_SIMULATORS_PORT"] = "0",
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
            },
        };
        startInfo.Environment.Remove("ConnectionStrings__fittrack");
        foreach (var (name, value) in variables)
            startInfo.Environment[name] = value;
        return new(Process.Start(startInfo)!, folder, dataFolder is null);
    }

    /// <summary>Waits until everything runs and the addresses are printed.</summary>
    public Task WaitUntilReadyAsync(CancellationToken ct) => WaitForLineAsync(line => line.StartsWith("Ctrl+C", StringComparison.Ordinal), ct);

    /// <summary>The address printed beside a label, such as <c>Web</c> or <c>Api docs</c>.</summary>
    public Uri Url(string label) =>
        PrintedUrl().Matches(Output).FirstOrDefault(match => match.Groups["label"].Value == label) is { } found
            ? new(found.Groups["url"].Value)
            : throw new InvalidOperationException($"No address for {label} in:{Environment.NewLine}{Output}");

    /// <summary>Waits for a line that was or will be printed.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, CancellationToken ct)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.Find(line => matches(line)) is { } earlier)
                return earlier;
            _awaited.Add((matches, seen));
        }

        var first = await Task.WhenAny(seen.Task, _reading).WaitAsync(Until.Patience, ct);
        return first == seen.Task ? await seen.Task : throw new InvalidOperationException($"The AppHost ended:{Environment.NewLine}{Output}");
    }

    /// <summary>SIGTERM, and the exit code once it has ended.</summary>
    public async Task<int> StopAsync(CancellationToken ct)
    {
        UnixProcess.Signal(ProcessId, UnixProcess.Terminate);
        return await WaitForExitAsync(ct);
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct).WaitAsync(Until.Patience, ct);
        await _reading.WaitAsync(Until.Patience, ct);
        return _process.ExitCode;
    }

    /// <summary>Every running process, the AppHost's own included, that descends from it: all of them carry its data folder in their environment.</summary>
    public IReadOnlyList<int> Processes(string commandContains = "") =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!)
            .Where(id => ReadProc(id, "environ").Contains(DataFolder, StringComparison.Ordinal) && ReadProc(id, "cmdline").Contains(commandContains, StringComparison.Ordinal))];

    public static Task WaitUntilAnswersAsync(Uri address, CancellationToken ct) => Until.HoldsAsync($"an answer of {address}", async () =>
    {
        try
        {
            using var answer = await Http.GetAsync(address, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    public Task WaitUntilNoProcessIsLeftAsync() => Until.HoldsAsync("the end of every process", () => Processes().Count == 0);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync(CancellationToken.None);
        _process.Dispose();
        if (_ownsDataFolder && Directory.Exists(DataFolder))
            Directory.Delete(DataFolder, recursive: true);
    }

    private static string ReadProc(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_output)
            {
                _output.Add(line);
                foreach (var (_, seen) in _awaited.FindAll(each => each.Matches(line)))
                    seen.TrySetResult(line);
            }
        }
    }

    [GeneratedRegex(@"^  (?<label>\w[\w ]*?) +(?<url>http://localhost:\d+\S*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrintedUrl();
}
