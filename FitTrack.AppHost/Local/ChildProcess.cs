using System.ComponentModel;
using System.Diagnostics;

namespace FitTrack.AppHost.Local;

/// <summary>How to start a child.</summary>
internal sealed record ChildSpec(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingFolder { get; init; }

    /// <summary>Operating system user to run as; null for the launcher's own.</summary>
    public string? User { get; init; }

    /// <summary>The signal that asks this child to stop and finish what it is doing.</summary>
    public int StopSignal { get; init; } = UnixProcess.Terminate;

    /// <summary>Text for its standard input, which is closed after it.</summary>
    public string Input { get; init; } = "";

    /// <summary>Lets the child draw on the launcher's own terminal instead of having its lines prefixed.</summary>
    public bool OwnsTerminal { get; init; }

    /// <summary>Its executable if it was built with one, else its dll on dotnet.</summary>
    public static ChildSpec Program(string name, ProgramLocation program, params string[] arguments)
    {
        var executable = Path.ChangeExtension(program.Assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        if (!File.Exists(program.Assembly))
            throw new LaunchException($"{program.Assembly} is not there: build the solution first.");
        var workingFolder = Directory.Exists(program.ProjectFolder) ? program.ProjectFolder : Path.GetDirectoryName(program.Assembly);
        return File.Exists(executable)
            ? new(name, executable, arguments) { WorkingFolder = workingFolder }
            : new(name, "dotnet", [program.Assembly, .. arguments]) { WorkingFolder = workingFolder };
    }
}

/// <summary>One running child: its output is passed on line by line, and stopping it leaves nothing of it behind.</summary>
internal sealed class ChildProcess
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LastLinesPatience = TimeSpan.FromSeconds(2);

    private readonly ChildSpec _spec;
    private readonly Process _process;

    private ChildProcess(ChildSpec spec, Process process, Action<string> onLine)
    {
        _spec = spec;
        _process = process;
        Exited = WaitAsync(onLine);
    }

    public int Id => _process.Id;

    /// <summary>Completes with the exit code once the process has ended and its last lines are printed.</summary>
    public Task<int> Exited { get; }

    /// <param name="spec">What to start.</param>
    /// <param name="onLine">Takes each line it prints, one at a time.</param>
    /// <exception cref="LaunchException">The program cannot be started.</exception>
    public static async Task<ChildProcess> StartAsync(ChildSpec spec, Action<string> onLine)
    {
        var (fileName, arguments) = OperatingSystem.IsWindows()
            ? (spec.FileName, [.. spec.Arguments])
            : UnixProcess.Wrap(spec.FileName, spec.Arguments, spec.StopSignal, spec.User);
        var startInfo = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingFolder ?? "",
            RedirectStandardInput = !spec.OwnsTerminal,
            RedirectStandardOutput = !spec.OwnsTerminal,
            RedirectStandardError = !spec.OwnsTerminal,
        };
        foreach (var (name, value) in spec.Environment)
            startInfo.Environment[name] = value;

        var process = await StartAsync(spec, startInfo);
        if (!spec.OwnsTerminal)
        {
            await process.StandardInput.WriteAsync(spec.Input);
            process.StandardInput.Close();
        }

        return new(spec, process, onLine);
    }

    /// <summary>Asks it to stop, and after fifteen seconds insists.</summary>
    public async Task StopAsync()
    {
        if (OperatingSystem.IsWindows())
            _process.Kill(entireProcessTree: true);
        else
            UnixProcess.Signal(Id, _spec.StopSignal);

        if (await Task.WhenAny(Exited, Task.Delay(StopPatience)) != Exited)
            _process.Kill(entireProcessTree: true);
        await Exited;
    }

    private static async Task<Process> StartAsync(ChildSpec spec, ProcessStartInfo startInfo)
    {
        try
        {
            return await ProcessStarter.StartAsync(startInfo);
        }
        catch (Win32Exception problem)
        {
            throw new LaunchException($"{spec.Name} ({spec.FileName}) cannot be started: {problem.Message}.");
        }
    }

    private async Task<int> WaitAsync(Action<string> onLine)
    {
        var lines = _spec.OwnsTerminal
            ? Task.CompletedTask
            : Task.WhenAll(PassOnAsync(_process.StandardOutput), PassOnAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        if (UnixProcess.HasOwnGroup)
            UnixProcess.KillGroup(Id);

        // A grandchild that left the group could hold the pipes open for ever.
        await Task.WhenAny(lines, Task.Delay(LastLinesPatience));
        return _process.ExitCode;

        async Task PassOnAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_process)
                    onLine(line);
            }
        }
    }
}
