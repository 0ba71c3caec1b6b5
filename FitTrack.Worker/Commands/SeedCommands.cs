using System.CommandLine;
using FitTrack.Core.Seeding;
using Spectre.Console;

namespace FitTrack.Worker.Commands;

/// <summary><c>seed</c> fills an empty database with the demo; <c>reset</c> drops everything first. Neither runs in Production.</summary>
internal static class SeedCommands
{
    private static readonly Option<int> Users = new("--users") { Description = "Members", DefaultValueFactory = _ => new SeedOptions().Users };
    private static readonly Option<int> Activities = new("--activities") { Description = "Records from trackers", DefaultValueFactory = _ => new SeedOptions().Activities };
    private static readonly Option<int> Drawings = new("--drawings") { Description = "Drawings", DefaultValueFactory = _ => new SeedOptions().Drawings };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed makes the same demo", DefaultValueFactory = _ => new SeedOptions().Seed };

    public static Command CreateSeed()
    {
        var ifEmpty = new Option<bool>("--if-empty") { Description = "Do nothing, successfully, when there is data already" };
        var command = new Command("seed", "Fill the database with demo data.") { Users, Activities, Drawings, Seed, ifEmpty };
        command.SetAction((parsed, ct) => CommandScope.RunAsync(async (services, token) =>
        {
            RefuseProduction(services);
            var seeder = services.GetRequiredService<DemoSeeder>();
            if (parsed.GetValue(ifEmpty) && !await seeder.IsEmptyAsync(token))
            {
                Console.WriteLine("There is data already; nothing was seeded.");
                return 0;
            }

            Print(await WithBarsAsync(progress => seeder.RunAsync(OptionsOf(parsed), progress, token)));
            return 0;
        }, ct));
        return command;
    }

    public static Command CreateReset()
    {
        var empty = new Option<bool>("--empty") { Description = "Leave the database empty instead of seeding it" };
        var command = new Command("reset", "Drop everything, apply the schema and seed demo data.") { Users, Activities, Drawings, Seed, empty };
        command.SetAction((parsed, ct) => CommandScope.RunAsync(async (services, token) =>
        {
            RefuseProduction(services);
            var options = parsed.GetValue(empty) ? null : OptionsOf(parsed);
            Print(await WithBarsAsync(progress => services.GetRequiredService<DatabaseReset>().RunAsync(options, progress, token)));
            return 0;
        }, ct));
        return command;
    }

    private static SeedOptions OptionsOf(ParseResult parsed) =>
        new(parsed.GetValue(Users), parsed.GetValue(Activities), parsed.GetValue(Drawings), parsed.GetValue(Seed));

    private static void RefuseProduction(IServiceProvider services)
    {
        if (services.GetRequiredService<IHostEnvironment>().IsProduction())
            throw new InvalidOperationException("Demo data and reset are not for Production.");
    }

    /// <summary>A bar a step on a terminal, plain lines elsewhere.</summary>
    private static Task<SeedReport> WithBarsAsync(Func<IProgress<SeedProgress>, Task<SeedReport>> work)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        return AnsiConsole.Progress().AutoClear(false).StartAsync(context => work(new Bars(context)));
    }

    private static void Print(SeedReport report)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("table").AddColumn(new TableColumn("rows").RightAligned());
        foreach (var (name, rows) in report.Counts.Where(c => c.Count > 0))
            table.AddRow(name, $"{rows:N0}");
        AnsiConsole.Write(table);
    }

    private sealed class Bars(ProgressContext context) : IProgress<SeedProgress>
    {
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Report(SeedProgress value)
        {
            if (!_tasks.TryGetValue(value.Step, out var task))
                _tasks[value.Step] = task = context.AddTask(value.Step);
            task.MaxValue(Math.Max(value.Total, 1)).Value(value.Done);
        }
    }
}
