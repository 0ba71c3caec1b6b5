using System.Globalization;
using Npgsql;

namespace FitTrack.Bench;

/// <param name="Seconds">How long each measurement counts.</param>
/// <param name="Only">Names of the scenarios to run; empty for all.</param>
internal sealed record BenchOptions(int Seconds, IReadOnlyList<string> Only)
{
    public const string Usage = "usage: FitTrack.Bench [--seconds N] [board] [purchase] [ingestion] [footprint] [auth] [imports] [points] [sync] [ranks] [web] [draw]";
    private static readonly string[] Names = ["board", "purchase", "ingestion", "footprint", "auth", "imports", "points", "sync", "ranks", "web", "draw"];

    /// <summary>Makes keys of this run unlike those of any other.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    public bool Wants(string name) => Only.Count == 0 || Only.Contains(name);

    public static BenchOptions? Parse(string[] args)
    {
        var seconds = 10;
        var only = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--seconds" && i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seconds) && seconds > 0)
                i++;
            else if (Names.Contains(args[i]))
                only.Add(args[i]);
            else
                return null;
        }

        return new BenchOptions(seconds, only);
    }
}

/// <summary>Starts the product, runs the wanted scenarios one after the other, prints the table.</summary>
internal static class BenchRun
{
    /// <summary>Long enough for the programs to notice that nothing happens.</summary>
    private static readonly TimeSpan TimeToIdle = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, string> LoadSettings = new()
    {
        // In the path as ever, with numbers that the load does not reach.
        ["RateLimits__Reads"] = "1000000000",
        ["RateLimits__Writes"] = "1000000000",
        ["RateLimits__Leaderboards"] = "1000000000",
        ["Accounts__PasswordHashing__Cost"] = "4",
        ["Trackers__Terra__WebhookSecret"] = WebhookSender.Secret,
        ["Logging__LogLevel__Default"] = "Warning",
    };

    /// <returns>Whether every goal was reached.</returns>
    public static async Task<bool> RunAsync(BenchOptions options)
    {
        var lines = new List<Line>();
        if (options.Wants("footprint"))
            lines.AddRange(await FootprintAsync());
        if (options.Wants("board") || options.Wants("purchase") || options.Wants("ingestion"))
            lines.AddRange(await LoadAsync(options));
        if (options.Wants("auth"))
            lines.AddRange(await AuthAsync(options));
        if (options.Wants("imports"))
            lines.AddRange(await ImportsAsync(options));
        if (options.Wants("sync"))
            lines.AddRange(await SyncAsync(options));
        if (options.Wants("points"))
            lines.Add(PointsScenario.Run());
        if (options.Wants("ranks"))
            lines.AddRange(await RanksAsync(options));
        if (options.Wants("web"))
            lines.AddRange(await WebAsync(options));
        if (options.Wants("draw"))
            lines.AddRange(await DrawAsync());
        Table.Print(lines);
        return lines.TrueForAll(line => line.Reached);
    }

    private static Task<IReadOnlyList<Line>> LoadAsync(BenchOptions options) => WithProductAsync("FitTrack", LoadSettings, async product =>
    {
        var lines = new List<Line>();
        await using var database = NpgsqlDataSource.Create(product.ConnectionString);
        var reference = new ReferenceSql(database);
        await reference.CreateAsync();
        Say($"making {Population.Members} members");
        var population = new Population(product);
        await population.CreateAsync();
        var tokens = await population.SignInAsync(Population.Callers);
        var scenarios = new Scenarios(product, options);
        if (options.Wants("board"))
            lines.Add(await Said("cached leaderboard", () => scenarios.CachedBoardAsync(tokens)));
        if (options.Wants("purchase"))
            lines.AddRange(await Said("ticket purchase", () => scenarios.PurchaseAsync(tokens, reference)));
        if (options.Wants("ingestion"))
            lines.Add(await Said("activity ingestion", () => scenarios.IngestionAsync(reference, database)));
        return lines;
    });

    /// <summary>Sign-in with hashes as expensive as in Production, so on a product of its own.</summary>
    private static Task<IReadOnlyList<Line>> AuthAsync(BenchOptions options) => WithProductAsync(
        "FitTrack with passwords at full cost",
        With(LoadSettings, "Accounts__PasswordHashing__Cost", AuthScenario.Cost.ToString(CultureInfo.InvariantCulture)),
        async product =>
        {
            var population = new Population(product, AuthScenario.Members, AuthScenario.Cost);
            await population.CreateAsync();
            var scenario = new AuthScenario(product, options);
            return
            [
                .. await Said("token validation", () => scenario.ValidationAsync(population)),
                .. await Said("known and unknown addresses", scenario.EnumerationAsync),
                .. await Said("login storm", () => scenario.StormAsync(population)),
                await Said("full queue", scenario.FullQueueAsync),
            ];
        });

    private static Task<IReadOnlyList<Line>> ImportsAsync(BenchOptions options) => WithProductAsync("FitTrack for large files", LoadSettings, async product =>
    {
        var population = new Population(product, members: 1);
        await population.CreateAsync();
        var token = (await population.SignInAsync(1))[0];
        return await Said("large files", () => new ImportScenario(product, options).RunAsync(token));
    });

    /// <summary>A cycle over a thousand connections, fetched from the simulated Terra, and webhooks at a steady rate.</summary>
    private static async Task<IReadOnlyList<Line>> SyncAsync(BenchOptions options)
    {
        using var terra = await SimulatedTerra.StartAsync();
        return await WithProductAsync("FitTrack beside the simulated Terra", new Dictionary<string, string>(LoadSettings.Concat(terra.Settings)), async product =>
        {
            await using var database = NpgsqlDataSource.Create(product.ConnectionString);
            await new Population(product, SyncScenario.Connections).CreateAsync();
            var scenario = new SyncScenario(product, database, options);
            return [.. await Said("sync cycle", scenario.CycleAsync), await Said("webhooks at 200/s", scenario.WebhooksAsync)];
        });
    }

    /// <summary>The demo's own member, and thousands on one board.</summary>
    private static Task<IReadOnlyList<Line>> WebAsync(BenchOptions options) => WithProductAsync("FitTrack for its pages", LoadSettings, seed: "demo", run: async product =>
    {
        await new Population(product).CreateAsync();
        var scenario = new WebScenario(product, options);
        return [.. await Said("pages", scenario.TimesAsync), .. await Said("pages for many", scenario.ThroughputAsync)];
    });

    private static Task<IReadOnlyList<Line>> RanksAsync(BenchOptions options) => WithProductAsync("FitTrack for a million members", LoadSettings, async product =>
    {
        await using var database = NpgsqlDataSource.Create(product.ConnectionString);
        await using var scenario = new RankScenario(product, database, options);
        return await Said("ranks", scenario.RunAsync);
    });

    private static Task<IReadOnlyList<Line>> DrawAsync() => WithProductAsync("FitTrack for a million tickets", With(LoadSettings, "RequestLimits__Seconds", "600"), async product =>
    {
        await using var database = NpgsqlDataSource.Create(product.ConnectionString);
        var population = new Population(product, DrawScenario.Members);
        await population.CreateAsync();
        return await Said("draw", async () => await new DrawScenario(product, database).RunAsync((await population.SignInAsync(1))[0]));
    });

    /// <summary>A second start on built and seeded data, as on every morning, and the memory of the three programs when idle.</summary>
    private static Task<IReadOnlyList<Line>> FootprintAsync() => InFolderAsync(async folder =>
    {
        Say("starting FitTrack with demo data");
        await using (await Product.StartAsync(folder, "demo", new Dictionary<string, string>()))
        {
        }

        Say("starting it again");
        await using var product = await Product.StartAsync(folder, "demo", new Dictionary<string, string>());
        using var http = new HttpClient();
        (await http.GetAsync(product.Web)).EnsureSuccessStatusCode();
        Say("leaving it alone");
        await Task.Delay(TimeToIdle);
        return
        [
            Line.AtMost("start of the seeded AppHost", product.ReadyAfter.TotalSeconds, "s", 8),
            Line.AtMost("idle memory, Api", product.ResidentMegabytes("FitTrack.Api"), "MiB", 160),
            Line.AtMost("idle memory, Worker", product.ResidentMegabytes("FitTrack.Worker"), "MiB", 120),
            Line.AtMost("idle memory, Web", product.ResidentMegabytes("FitTrack.Web"), "MiB", 120),
        ];
    });

    private static Task<IReadOnlyList<Line>> WithProductAsync(string name, Dictionary<string, string> settings, Func<Product, Task<IReadOnlyList<Line>>> run, string seed = "none") => InFolderAsync(async folder =>
    {
        Say("starting " + name);
        await using var product = await Product.StartAsync(folder, seed, settings);
        return await run(product);
    });

    private static async Task<IReadOnlyList<Line>> InFolderAsync(Func<string, Task<IReadOnlyList<Line>>> run)
    {
        var folder = Product.NewDataFolder();
        try
        {
            return await run(folder);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static Dictionary<string, string> With(Dictionary<string, string> settings, string name, string value) => new(settings) { [name] = value };

    private static async Task<T> Said<T>(string name, Func<Task<T>> scenario)
    {
        Say(name);
        return await scenario();
    }

    private static void Say(string what) => Console.WriteLine($"bench: {what} ...");
}
