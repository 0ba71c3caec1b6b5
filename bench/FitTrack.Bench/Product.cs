using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FitTrack.Bench;

/// <summary>FitTrack as a person starts it: the AppHost in local mode, in a data folder and on ports of its own.</summary>
internal sealed partial class Product : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Dictionary<string, Uri> _urls;

    private Product(Process process, Dictionary<string, Uri> urls, string dataFolder, TimeSpan readyAfter)
    {
        (_process, _urls, DataFolder, ReadyAfter) = (process, urls, dataFolder, readyAfter);
        var port = File.ReadAllText(Path.Combine(dataFolder, "postgres-port")).Trim();
        var password = File.ReadAllText(Path.Combine(dataFolder, "secrets", "postgres-password"));
        ConnectionString = $"Host=127.0.0.1;Port={port};Database=fittrack;Username=fittrack;Password={password};Maximum Pool Size=100";
    }

    public string DataFolder { get; }

    public string ConnectionString { get; }

    /// <summary>From the start of the process to the printed addresses.</summary>
    public TimeSpan ReadyAfter { get; }

    public Uri Api => new(_urls["Api docs"], "/");

    public Uri Web => _urls["Web"];

    /// <summary>An empty folder that every operating system user can pass through: PostgreSQL runs as one of its own.</summary>
    public static string NewDataFolder() => Path.Combine(Path.GetTempPath(), $"fittrack-bench-{Guid.NewGuid():N}");

    public static async Task<Product> StartAsync(string dataFolder, string seed, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Program("FitTrack.AppHost"), "--orchestrator", "local"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        start.Environment["FITTRACK_DATA"] = dataFolder;
        start.Environment["FITTRACK_SEED"] = seed;
        // Another FitTrack.Worker would be measured for this one's.
        start.Environment["FITTRACK_SIMULATORS"] = settings.GetValueOrDefault("FITTRACK_SIMULATORS", "off");
        foreach (var port in (string[])["FITTRACK_WEB_PORT", "FITTRACK_API_PORT", "FITTRACK_WORKER_PORT", "FITTRACK_SIMULATORS_PORT"])
            start.Environment[port] = "0";

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var urls = new Dictionary<string, Uri>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (PrintedUrl().Match(line) is { Success: true } match)
                urls[match.Groups["label"].Value] = new Uri(match.Groups["url"].Value);
            if (!line.StartsWith("Ctrl+C", StringComparison.Ordinal))
                continue;
            var product = new Product(process, urls, dataFolder, clock.Elapsed);
            _ = WarnAsync(process.StandardOutput);
            return product;
        }

        throw new InvalidOperationException($"The AppHost ended: {await errors}");
    }

    /// <summary>Resident memory of one of the programs, in MiB.</summary>
    public double ResidentMegabytes(string program) => Megabytes(FolderOf(program), "VmRSS");

    /// <summary>The most resident memory that one of the programs has had since it started or its peak was forgotten, in MiB.</summary>
    public double PeakMegabytesOf(string program) => PeakMegabytes(FolderOf(program));

    /// <summary>Linux counts the peak anew when a 5 is written there.</summary>
    public void ForgetPeakOf(string program) => File.WriteAllText(Path.Combine(FolderOf(program), "clear_refs"), "5");

    /// <param name="folder">Of a process, in <c>/proc</c>.</param>
    public static double PeakMegabytes(string folder) => Megabytes(folder, "VmHWM");

    private static double Megabytes(string folder, string what) =>
        long.Parse(Memory().Matches(Read(folder, "status")).Single(m => m.Groups["what"].Value == what).Groups["kb"].Value, CultureInfo.InvariantCulture) / 1024.0;

    private string FolderOf(string program)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => int.TryParse(Path.GetFileName(f), CultureInfo.InvariantCulture, out _)))
        {
            if (Read(folder, "cmdline").Contains(program, StringComparison.Ordinal) && Read(folder, "environ").Contains(DataFolder, StringComparison.Ordinal))
                return folder;
        }

        throw new InvalidOperationException($"{program} does not run.");
    }

    public async ValueTask DisposeAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
    }

    /// <summary>What the programs complain about during the load belongs to the result.</summary>
    private static async Task WarnAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal) || line.Contains("exit code", StringComparison.Ordinal))
                Console.Error.WriteLine(line);
        }
    }

    /// <summary>A program of the solution, built as the bench is.</summary>
    public static string Program(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FitTrack.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The bench runs from a clone of the repository.");
        var configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)));
        return Path.Combine(folder, name, "bin", configuration!, "net10.0", name + ".dll");
    }

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (IOException)
        {
            return ""; // The process ended meanwhile.
        }
    }

    [GeneratedRegex(@"^  (?<label>\w[\w ]*?) +(?<url>http://localhost:\d+\S*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrintedUrl();

    [GeneratedRegex(@"^(?<what>VmRSS|VmHWM):\s+(?<kb>\d+) kB", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Memory();
}
