using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FitTrack.AppHost.Local;

/// <summary>What .NET's Process leaves out on Unix: signals other than KILL, sessions, other users, and dying with the parent.</summary>
internal static partial class UnixProcess
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    // Linux: a session of its own keeps the terminal's Ctrl+C away from a child, so that the launcher alone decides the order of
    // stopping, and the parent-death signal takes the child along when the launcher is killed outright.
    private static readonly Lazy<bool> HasSetsid = new(() => OperatingSystem.IsLinux() && Succeeds("setsid", "true"));
    private static readonly Lazy<bool> HasSetpriv = new(() => OperatingSystem.IsLinux() && Succeeds("setpriv", "--pdeathsig", "TERM", "true"));

    public static bool IsRoot => !OperatingSystem.IsWindows() && GetEffectiveUserId() == 0;

    /// <summary>Whether children lead a process group of their own, which their own children belong to.</summary>
    public static bool HasOwnGroup => HasSetsid.Value;

    /// <summary>The command that runs <paramref name="fileName"/> in a session of its own, tied to this process, as another user where asked.</summary>
    /// <exception cref="LaunchException">Another user is asked for and neither setpriv nor runuser is installed.</exception>
    public static (string FileName, List<string> Arguments) Wrap(string fileName, IEnumerable<string> arguments, int deathSignal, string? user)
    {
        List<string> command = [];
        if (HasSetsid.Value)
            command.Add("setsid");
        if (HasSetpriv.Value)
        {
            command.Add("setpriv");
            if (user is not null)
                command.AddRange([$"--reuid={user}", $"--regid={user}", "--init-groups"]);
            command.AddRange(["--pdeathsig", deathSignal == Interrupt ? "INT" : "TERM", "--"]);
        }
        else if (user is not null)
        {
            if (!Succeeds("runuser", "-u", user, "--", "true"))
                throw new LaunchException($"PostgreSQL does not run as root, and there is no setpriv or runuser here to run it as '{user}': start FitTrack as another user.");
            command.AddRange(["runuser", "-u", user, "--"]);
        }

        command.Add(fileName);
        command.AddRange(arguments);
        return (command[0], command[1..]);
    }

    public static void Signal(int processId, int signal) => _ = SendSignal(processId, signal);

    /// <summary>Ends whatever is left of the group that a child with a session of its own led.</summary>
    public static void KillGroup(int leaderId) => _ = SendSignal(-leaderId, Kill);

    /// <summary>Runs a small command to its end and says whether it went well; one that is not installed did not.</summary>
    public static bool Succeeds(string fileName, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(fileName, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
