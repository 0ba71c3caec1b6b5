using System.Diagnostics;
using FitTrack.AppHost;
using FitTrack.AppHost.Local;

namespace FitTrack.Tests.Fixtures;

/// <summary>Real Worker processes over a test's database, to be killed.</summary>
internal sealed class WorkerProcesses : IDisposable
{
    /// <summary>Names the Workers' connections in the database.</summary>
    public const string ApplicationName = "killed-worker";

    private readonly List<Process> _workers = [];

    /// <param name="settings">By <c>Section:Key</c>.</param>
    public Process Start(IReadOnlyDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramLocations.Worker.Assembly]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ConnectionStrings__fittrack"] = $"{settings["ConnectionStrings:fittrack"]};Application Name={ApplicationName}";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Testing";
        var worker = Process.Start(start)!;
        _ = worker.StandardOutput.ReadToEndAsync();
        _workers.Add(worker);
        return worker;
    }

    public static async Task KillAsync(Process worker, CancellationToken ct)
    {
        UnixProcess.Signal(worker.Id, UnixProcess.Kill);
        await worker.WaitForExitAsync(ct).WaitAsync(Until.Patience, ct);
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            // Still there when the test broke off.
            if (!worker.HasExited) worker.Kill();
            worker.Dispose();
        }
    }
}
