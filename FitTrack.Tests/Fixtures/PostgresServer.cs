using System.Diagnostics;
using FitTrack.AppHost.Local;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(FitTrack.Tests.Fixtures.PostgresServer))]

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// One private PostgreSQL for the whole run, started with the first test that asks for a database. It listens on a socket in its own
/// folder only, so no port is taken and nothing of the machine is touched. A shell holds it: when the pipe to this process breaks,
/// by whatever end, the shell stops the server and removes the folder.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "fittrack_template";

    // Nothing here outlives the run, so nothing has to reach the disk.
    private const string Settings = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 "
        + "-c shared_buffers=128MB -c max_wal_size=4GB -c autovacuum=off -c jit=off";

    private const string Script = """
        dir=$1; bin=$2; settings=$3
        trap : INT TERM HUP
        "$bin/initdb" -D "$dir/data" -U fittrack --auth=trust --encoding=UTF8 --locale="$4" --no-sync >"$dir/initdb.log" 2>&1 \
          && "$bin/pg_ctl" start -w -D "$dir/data" -l "$dir/server.log" -o "-k $dir $settings" >"$dir/start.log" 2>&1 \
          && echo ready || { cat "$dir"/*.log; echo failed; }
        read -r _
        "$bin/pg_ctl" stop -D "$dir/data" -m immediate >/dev/null 2>&1
        rm -rf "$dir"
        """;

    private readonly SemaphoreSlim _starting = new(1);
    private Process? _shell;
    private string? _folder;
    private NpgsqlDataSource? _admin;
    private int _databases;

    /// <summary>A database of its own for a test class, with the whole schema and no rows.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken ct = default)
    {
        var admin = await StartedAsync(ct);
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(admin, $"CREATE DATABASE {name} TEMPLATE {Template}", ct);
        return new TestDatabase(name, ConnectionString(name), () => DropAsync(name));
    }

    /// <summary>A database without any tables, for tests of the migrator.</summary>
    public async Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken ct = default)
    {
        var admin = await StartedAsync(ct);
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(admin, $"CREATE DATABASE {name}", ct);
        return new TestDatabase(name, ConnectionString(name), () => DropAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
            await _admin.DisposeAsync();
        if (_shell is not null)
        {
            _shell.StandardInput.Close();
            await _shell.WaitForExitAsync(CancellationToken.None);
            _shell.Dispose();
        }

        _starting.Dispose();
    }

    private async Task<NpgsqlDataSource> StartedAsync(CancellationToken ct)
    {
        if (_admin is { } started)
            return started;
        await _starting.WaitAsync(ct);
        try
        {
            return _admin ??= await StartAsync(ct);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<NpgsqlDataSource> StartAsync(CancellationToken ct)
    {
        var programs = PostgresPrograms.Find(Environment.GetEnvironmentVariable("FITTRACK_POSTGRES_BIN"));
        // Short, because the path of a socket has 107 characters at most.
        _folder = Directory.CreateTempSubdirectory("ftpg-").FullName;
        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        List<string> command = ["sh", "-c", Script, "sh", _folder, programs.Folder, Settings, locale];
        if (UnixProcess.IsRoot)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", ["postgres", _folder], ct);
            command.InsertRange(0, ["runuser", "-u", "postgres", "--"]);
        }

        _shell = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        })!;
        var said = new List<string>();
        while (await _shell.StandardOutput.ReadLineAsync(ct) is { } line && line != "ready")
        {
            said.Add(line);
            if (line == "failed")
                throw new InvalidOperationException("PostgreSQL did not start:\n" + string.Join('\n', said));
        }

        var admin = NpgsqlDataSource.Create(ConnectionString("postgres"));
        await ExecuteAsync(admin, $"CREATE DATABASE {Template}", ct);
        await using (var db = TestDatabase.Open(ConnectionString(Template) + ";Pooling=false"))
            await new SchemaMigrator(db).MigrateAsync(ct);
        return admin;
    }

    private string ConnectionString(string database) =>
        $"Host={_folder};Username=fittrack;Database={database};Maximum Pool Size=40;Timeout=30;Include Error Detail=true";

    private async Task DropAsync(string name)
    {
        await using (var connection = new NpgsqlConnection(ConnectionString(name)))
            NpgsqlConnection.ClearPool(connection);
        await ExecuteAsync(_admin!, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task RunAsync(string fileName, string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(fileName, arguments);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{fileName} {string.Join(' ', arguments)} failed.");
    }
}

/// <summary>A test class's own database; dropped at its end.</summary>
public sealed class TestDatabase(string name, string connectionString, Func<Task> drop) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    /// <summary>A context of the caller's own, to prepare and to look at what was stored.</summary>
    public FitTrackDbContext Open() => Open(connectionString);

    /// <summary>A context whose commits send what waited for them.</summary>
    public FitTrackDbContext Open(IMessageBus bus) =>
        new(new DbContextOptionsBuilder<FitTrackDbContext>().UseNpgsql(connectionString).AddInterceptors(new CommitMessages.Interceptor(bus)).Options);

    /// <summary>A context over any PostgreSQL connection string.</summary>
    public static FitTrackDbContext Open(string connectionString) =>
        new(new DbContextOptionsBuilder<FitTrackDbContext>().UseNpgsql(connectionString).Options);

    public async ValueTask DisposeAsync() => await drop();
}
