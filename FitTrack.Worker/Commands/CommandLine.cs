using System.CommandLine;

namespace FitTrack.Worker.Commands;

/// <summary>
/// <c>FitTrack.Worker</c> alone runs the background jobs; with a command it does that one thing and ends, with exit
/// code 0 only if it was done.
/// </summary>
internal static class CommandLine
{
    /// <summary>How long a command or the jobs may take to stop in order after Ctrl+C or SIGTERM.</summary>
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    /// <summary>The commands, a line each.</summary>
    private static Command[] Commands =>
    [
        MigrateCommand.Create(),
        VerifyDrawingCommand.Create(),
        VerifyLedgerCommand.Create(),
        SeedCommands.CreateSeed(),
        SeedCommands.CreateReset(),
        SimulatorsCommand.Create(),
    ];

    public static Task<int> RunAsync(string[] args) =>
        Root(args).Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop });

    private static RootCommand Root(string[] args)
    {
        // What is left over configures the host (--urls, --Logging:LogLevel:Default, ...); a word alone is a mistyped command.
        var root = new RootCommand("FitTrack's background jobs. Without a command they run until stopped; settings are read as everywhere.") { TreatUnmatchedTokensAsErrors = false };
        root.SetAction(async (parsed, ct) =>
        {
            if (parsed.UnmatchedTokens is [{ } word, ..] && !word.StartsWith('-'))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"There is no command '{word}'; --help lists them.");
                return 1;
            }

            await WorkerHost.RunAsync(args, ct);
            return 0;
        });
        foreach (var command in Commands)
            root.Add(command);
        return root;
    }
}
