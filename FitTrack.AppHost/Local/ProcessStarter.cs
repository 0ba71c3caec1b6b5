using System.Collections.Concurrent;
using System.Diagnostics;

namespace FitTrack.AppHost.Local;

/// <summary>
/// Starts processes from one thread that lives as long as the launcher. Linux sends the parent-death signal when the
/// <em>thread</em> that started a process ends, and thread pool threads end whenever they are idle.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessStarter() =>
        new Thread(() =>
        {
            foreach (var start in Work.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = nameof(ProcessStarter) }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Task<Process> StartAsync(ProcessStartInfo startInfo)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(startInfo)!);
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        });
        return started.Task;
    }
}
