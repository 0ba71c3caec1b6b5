namespace FitTrack.AppHost.Local;

/// <summary>
/// A private PostgreSQL in the data folder: created on first start, reachable on loopback only and by password only,
/// stopped with the launcher. The programs connect as the owner of their database, not as the superuser.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "fittrack";
    private static readonly TimeSpan StrayPollInterval = TimeSpan.FromMilliseconds(100);

    // fsync stays on: what a developer sees lost after a crash must be a fault, not a setting.
    private static readonly string[] Settings =
    [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=300",
        "shared_buffers=256MB",
        "work_mem=16MB",
        "maintenance_work_mem=128MB",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=2GB",
        "checkpoint_timeout=15min",
        "random_page_cost=1.1",
        "jit=off",
        "timezone=UTC",
        "log_timezone=UTC",
        // Refused statements are the programs' to report: the server would print their text, and with it people's data.
        "log_min_messages=fatal",
    ];

    private readonly SupervisedChild _server;

    private PostgresServer(SupervisedChild server) => _server = server;

    /// <summary>For Npgsql, to the server that runs, or ran last, on this folder.</summary>
    public static string ConnectionStringOf(DataFolder data) =>
        $"Host=127.0.0.1;Port={data.LastDatabasePort};Database={Account};Username={Account};Password={data.DatabasePassword()};Maximum Pool Size=100;Max Auto Prepare=100;Gss Encryption Mode=Disable";

    /// <exception cref="LaunchException">It cannot be created or started; the message or the output before it says why.</exception>
    public static async Task<PostgresServer> StartAsync(DataFolder data, PostgresPrograms programs, ConsoleOutput output, CancellationToken ct)
    {
        var user = UnixProcess.IsRoot ? OperatingSystemUser() : null;
        if (Directory.Exists(data.Database))
            await CheckVersionAsync(data, programs, ct);
        else
            await CreateAsync(data, programs, user, output, ct);
        await StopStrayAsync(data, ct);

        var port = data.LastDatabasePort = Ports.FreePort(data.LastDatabasePort);
        var spec = new ChildSpec("postgres", programs.Postgres, ["-D", data.Database, "-p", $"{port}", .. Settings.SelectMany(setting => new[] { "-c", setting })])
        {
            User = user,
            WorkingFolder = "/",
            StopSignal = UnixProcess.Interrupt,
        };
        var before = StatusFile(data);
        var server = new SupervisedChild(spec, _ => Task.FromResult(IsReady(StatusFile(data), before)), output);
        try
        {
            await server.WaitUntilReadyAsync(ct);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Made in a folder beside and renamed when whole, so that a first start that was cut short is simply made again.</summary>
    private static async Task CreateAsync(DataFolder data, PostgresPrograms programs, string? user, ConsoleOutput output, CancellationToken ct)
    {
        output.Say($"Creating a PostgreSQL {programs.MajorVersion} database in {data.Database}");
        var unfinished = $"{data.Database}.new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        if (user is not null && !UnixProcess.Succeeds("chown", user, unfinished))
            throw new LaunchException($"{unfinished} cannot be given to the user '{user}', who runs PostgreSQL because root may not.");

        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        await RunAsync(new("initdb", programs.InitDb,
            ["-D", unfinished, "--username=postgres", "--auth-local=reject", "--auth-host=scram-sha-256", "--encoding=UTF8", $"--locale={locale}"]));

        // The single-user mode needs neither a client program nor a password for the superuser.
        await RunAsync(new("initdb", programs.Postgres, ["--single", "-D", unfinished, "postgres"])
        {
            Input = $"CREATE ROLE {Account} LOGIN PASSWORD '{data.DatabasePassword()}'\nCREATE DATABASE {Account} OWNER {Account}\n",
        });
        Directory.Move(unfinished, data.Database);

        async Task RunAsync(ChildSpec spec)
        {
            var lines = new List<string>();
            var child = await ChildProcess.StartAsync(spec with { User = user, WorkingFolder = "/" }, lines.Add);
            if (await child.Exited.WaitAsync(ct) == 0 && !lines.Exists(line => line.Contains("ERROR:", StringComparison.Ordinal)))
                return;
            lines.ForEach(line => output.Child(spec.Name, line));
            throw new LaunchException(user is null
                ? "PostgreSQL could not create its database; its output is above."
                : $"PostgreSQL could not create its database (its output is above). It runs as the user '{user}', who must be able to reach {data.Root}; FITTRACK_DATA names another folder.");
        }
    }

    private static async Task CheckVersionAsync(DataFolder data, PostgresPrograms programs, CancellationToken ct)
    {
        var created = (await File.ReadAllTextAsync(Path.Combine(data.Database, "PG_VERSION"), ct)).Trim();
        if (created != $"{programs.MajorVersion}")
            throw new LaunchException($"The database in {data.Database} was created by PostgreSQL {created} and PostgreSQL {programs.MajorVersion} was found: name version {created} in FITTRACK_POSTGRES_BIN, or move the folder away to start anew.");
    }

    /// <summary>Only one launcher has the data folder open, so a server that still runs on it belongs to one that was killed.</summary>
    private static async Task StopStrayAsync(DataFolder data, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
            return;
        while (StatusFile(data) is [var first, ..] && int.TryParse(first, out var processId) && IsPostgres(processId))
        {
            UnixProcess.Signal(processId, UnixProcess.Interrupt);
            await Task.Delay(StrayPollInterval, ct);
        }
    }

    /// <summary>The server says so itself in the eighth line of its lock file, whose first is its process id; a killed server leaves its file behind.</summary>
    private static bool IsReady(string[] now, string[] before) =>
        now is [var processId, _, _, _, _, _, _, var status, ..] && processId != before.FirstOrDefault() && status.Trim() == "ready";

    private static string[] StatusFile(DataFolder data)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(data.Database, "postmaster.pid"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static bool IsPostgres(int processId)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string OperatingSystemUser() =>
        UnixProcess.Succeeds("id", "-u", "postgres")
            ? "postgres"
            : throw new LaunchException("PostgreSQL does not run as root, and there is no user 'postgres' here to run it as: create one, or start FitTrack as another user.");
}
