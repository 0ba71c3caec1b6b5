using System.Security.Cryptography;

namespace FitTrack.AppHost.Local;

/// <summary>The folder that keeps one local FitTrack between runs; one launcher at a time holds it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream? _lock;

    private DataFolder(string path, FileStream? @lock)
    {
        Root = path;
        _lock = @lock;
    }

    public string Root { get; }

    /// <summary>Another launcher holds it, so its database runs.</summary>
    public bool IsInUse => _lock is null;

    public string Database => Path.Combine(Root, "postgres");

    public string Mail => Path.Combine(Root, "mail");

    /// <summary>The demo data was put in once; a person who empties the database afterwards means it.</summary>
    public string SeededMark => Path.Combine(Root, "seeded");

    /// <exception cref="LaunchException">Another launcher holds it, or it cannot be written.</exception>
    public static DataFolder Open(string path) =>
        OpenEvenInUse(path) is { IsInUse: false } mine
            ? mine
            : throw new LaunchException($"Another AppHost is already running on {path}: stop it, or give this one a folder of its own with FITTRACK_DATA or --data.");

    /// <exception cref="LaunchException">It cannot be written.</exception>
    public static DataFolder OpenEvenInUse(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            CreatePrivate(Path.Combine(path, "secrets"));
            CreatePrivate(Path.Combine(path, "mail"));
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            throw new LaunchException($"The data folder {path} cannot be written: choose another with FITTRACK_DATA or --data.");
        }

        try
        {
            return new(path, new FileStream(Path.Combine(path, "launcher.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return new(path, @lock: null);
        }
    }

    /// <summary>Letters and digits only, so that it needs no quoting in SQL or in a connection string.</summary>
    public string DatabasePassword() =>
        Secret("postgres-password", () => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32));

    /// <summary>32 random bytes in base64, which encrypt what the database holds encrypted.</summary>
    public string MasterKey() => Secret("master-key", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The port of the last run, if there was one.</summary>
    public int LastDatabasePort
    {
        get => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), out var port) ? port : 0;
        set => File.WriteAllText(PortFile, $"{value}\n");
    }

    private string PortFile => Path.Combine(Root, "postgres-port");

    public void Dispose() => _lock?.Dispose();

    private string Secret(string name, Func<string> generate)
    {
        var file = Path.Combine(Root, "secrets", name);
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

            // Written beside and renamed, so that a launcher that dies here leaves no empty secret.
            File.Delete($"{file}.new");
            using (var writer = new StreamWriter($"{file}.new", options))
                writer.Write(generate());
            File.Move($"{file}.new", file);
        }

        return File.ReadAllText(file);
    }

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
