using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FitTrack.AppHost.Local;

/// <summary>The PostgreSQL server programs of this machine.</summary>
/// <param name="Folder">Holds <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="MajorVersion">15 or later.</param>
internal sealed partial record PostgresPrograms(string Folder, int MajorVersion)
{
    private const int OldestMajorVersion = 15;

    public string InitDb => Path.Combine(Folder, Executable("initdb"));

    public string Postgres => Path.Combine(Folder, Executable("postgres"));

    /// <param name="asked">FITTRACK_POSTGRES_BIN: this folder or none.</param>
    /// <exception cref="LaunchException">There is no PostgreSQL 15 or later; the message says what to install.</exception>
    public static PostgresPrograms Find(string? asked) =>
        Find(asked is null ? [.. OnPath(), .. WellKnown()] : [asked], ReadMajorVersion) is { } found
            ? found
            : throw new LaunchException(NotFound(asked));

    public static string NotFound(string? asked) => asked is null
        ? $"PostgreSQL {OldestMajorVersion} or later is not installed: install its server programs ({HowToInstall()}), name their folder in FITTRACK_POSTGRES_BIN, or name a running server in ConnectionStrings__fittrack."
        : $"FITTRACK_POSTGRES_BIN is {asked}, and that folder has no initdb and postgres of PostgreSQL {OldestMajorVersion} or later.";

    /// <summary>The first folder with both programs in a version that is new enough.</summary>
    public static PostgresPrograms? Find(IEnumerable<string> folders, Func<string, int> majorVersion)
    {
        foreach (var folder in folders)
        {
            // On the PATH there may be links to the programs, which look for their other files beside where they really are.
            var initDb = new FileInfo(Path.Combine(folder, Executable("initdb")));
            if (!initDb.Exists)
                continue;
            var real = Path.GetDirectoryName(initDb.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? initDb.FullName)!;
            var postgres = Path.Combine(real, Executable("postgres"));
            if (File.Exists(postgres) && majorVersion(postgres) is >= OldestMajorVersion and var version)
                return new(real, version);
        }

        return null;
    }

    /// <summary>15 of <c>postgres (PostgreSQL) 15.14 (Debian 15.14-1)</c>; 0 of anything else.</summary>
    public static int MajorVersionOf(string versionLine) =>
        VersionNumber().Match(versionLine) is { Success: true } match ? int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture) : 0;

    private static int ReadMajorVersion(string postgres)
    {
        using var process = Process.Start(new ProcessStartInfo(postgres, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return MajorVersionOf(line);
    }

    private static string[] OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> WellKnown() =>
    [
        .. Versions("/usr/lib/postgresql", "*", "bin"),
        .. Versions("/usr", "pgsql-*", "bin"),
        .. Versions("/opt/homebrew/opt", "postgresql@*", "bin"),
        .. Versions("/usr/local/opt", "postgresql@*", "bin"),
        .. Versions("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        .. Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin"),
    ];

    private static IEnumerable<string> Versions(string parent, string pattern, string folder) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(each => int.TryParse(VersionNumber().Match(Path.GetFileName(each)).Groups["major"].Value, out var version) ? version : 0)
                .Select(each => Path.Combine(each, folder))
            : [];

    private static string HowToInstall() =>
        OperatingSystem.IsMacOS() ? "brew install postgresql@17"
        : OperatingSystem.IsWindows() ? "winget install PostgreSQL.PostgreSQL.17"
        : File.Exists("/etc/debian_version") ? "apt-get install postgresql"
        : "the package postgresql-server of this system";

    private static string Executable(string name) => OperatingSystem.IsWindows() ? $"{name}.exe" : name;

    [GeneratedRegex(@"(^|\D)(?<major>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionNumber();
}
