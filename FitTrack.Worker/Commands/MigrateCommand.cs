using System.CommandLine;
using FitTrack.Core.Data;
using FitTrack.Core.Security;

namespace FitTrack.Worker.Commands;

/// <summary><c>migrate</c>: brings the database to this build's schema. Whoever starts the programs waits for its exit code.</summary>
internal static partial class MigrateCommand
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var wait = new Option<int>("--wait") { Description = "Seconds to wait for a database that is still starting.", DefaultValueFactory = _ => 60 };
        var command = new Command("migrate", "Apply the schema scripts that this database has not seen.") { wait };
        command.SetAction((parsed, ct) => CommandScope.RunAsync((services, token) => MigrateAsync(services, TimeSpan.FromSeconds(parsed.GetValue(wait)), token), ct));
        return command;
    }

    private static async Task<int> MigrateAsync(IServiceProvider services, TimeSpan patience, CancellationToken ct)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("FitTrack.Worker.Migrate");
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                var report = await ActivatorUtilities.CreateInstance<SchemaMigrator>(scope.ServiceProvider).MigrateAsync(ct);
                foreach (var script in report.Applied)
                    Console.WriteLine($"applied {script.Name} in {script.Duration.TotalMilliseconds:F0} ms");
                // The programs that wait for this command would otherwise each make a first key.
                services.EnsureDataProtectionKey();
                Console.WriteLine(report.Applied.Count == 0 ? $"The schema is up to date ({report.AlreadyApplied} scripts)." : "The schema is up to date.");
                return 0;
            }
            catch (Exception e) when (DbErrors.IsUnavailable(e) && clock.GetElapsedTime(started) < patience)
            {
                LogWaiting(log, e.Message);
                await Task.Delay(BetweenAttempts, clock, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database does not answer yet ({Reason}); trying again.")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
