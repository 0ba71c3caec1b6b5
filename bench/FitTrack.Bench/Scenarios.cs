using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Npgsql;

namespace FitTrack.Bench;

/// <summary>The scenarios that are load on the running product, each beside its own limit.</summary>
internal sealed class Scenarios(Product product, BenchOptions options)
{
    private const int Rounds = 3;
    private const int Drawings = 100;

    /// <summary>Until the programs run optimised code; the limits get as long.</summary>
    private readonly TimeSpan _warmUp = TimeSpan.FromSeconds(options.Seconds);

    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Seconds);

    /// <summary>(a) A cached board against bare Kestrel returning the same bytes, in turns.</summary>
    public async Task<Line> CachedBoardAsync(string[] tokens)
    {
        const string Path = "/api/v1/leaderboards/weekly";
        var body = await GetAsync(Path, tokens[0]);
        var bareUrl = new Uri($"http://127.0.0.1:{Until.FreePort()}/");
        using var bare = await BareEndpoint.StartAsync(bareUrl, body);
        try
        {
            var product_ = tokens.Select(t => LoadGenerator.Request("GET", Path, "localhost", t)).ToArray();
            var plain = LoadGenerator.Request("GET", "/", "localhost", tokens[0]);
            var pairs = new List<(LoadResult Product, LoadResult Bare)>();
            for (var round = 0; round < Rounds; round++)
            {
                pairs.Add((
                    await new LoadGenerator(product.Api).RunAsync(tokens.Length, _warmUp, _duration, (c, _) => product_[c], 200),
                    await new LoadGenerator(bareUrl).RunAsync(tokens.Length, _warmUp, _duration, (_, _) => plain, 200)));
            }

            var median = pairs.OrderBy(p => p.Product.PerSecond / p.Bare.PerSecond).ElementAt(Rounds / 2);
            return Line.Ratio(string.Create(CultureInfo.InvariantCulture, $"cached leaderboard, {body.Length:N0} bytes"), median.Product, median.Bare, 0.6);
        }
        finally
        {
            bare.Kill();
        }
    }

    /// <summary>(b) Ticket purchases spread over a hundred drawings and on one, in turns, against seven prepared statements.</summary>
    public async Task<IReadOnlyList<Line>> PurchaseAsync(string[] tokens, ReferenceSql reference)
    {
        var paths = new List<string>();
        for (var i = 0; i < Drawings; i++) paths.Add($"/api/v1/drawings/{await BenchDrawing.OpenAsync(product, tokens[0])}/tickets");
        byte[] Buy(string path, int caller, long n, string kind) =>
            LoadGenerator.Request("POST", path, "localhost", tokens[caller], """{"quantity":1}""", string.Create(CultureInfo.InvariantCulture, $"Idempotency-Key: {caller}-{n}-{kind}-{options.Run}\r\n"));

        var pairs = new List<(LoadResult Spread, LoadResult Hot)>();
        for (var round = 0; round < Rounds; round++)
        {
            var (spread, hot) = ($"s{round}", $"h{round}");
            pairs.Add((
                await new LoadGenerator(product.Api).RunAsync(tokens.Length, _warmUp, _duration, (caller, n) => Buy(paths[(int)((caller + (n * 37)) % Drawings)], caller, n, spread), 201),
                await new LoadGenerator(product.Api).RunAsync(tokens.Length, _warmUp, _duration, (caller, n) => Buy(paths[0], caller, n, hot), 201)));
        }

        var median = pairs.OrderBy(p => p.Hot.PerSecond / p.Spread.PerSecond).ElementAt(Rounds / 2);
        var limit = await reference.PurchaseAsync(tokens.Length, _warmUp, _duration);
        return
        [
            Line.Ratio($"ticket purchase, spread over {Drawings} drawings", median.Spread, limit, 0.5),
            Line.AtMost("ticket purchase, spread, p99", median.Spread.Latency.Milliseconds(0.99), "ms", 100),
            Line.Ratio("ticket purchase, one hot drawing against spread", median.Hot, median.Spread, 0.9),
        ];
    }

    /// <summary>(c) Activities from the signed webhook to the booked points against eight prepared statements.</summary>
    public async Task<Line> IngestionAsync(ReferenceSql reference, NpgsqlDataSource database)
    {
        var sender = new WebhookSender(options.Run);
        await new LoadGenerator(product.Api).RunAsync(Population.Callers, TimeSpan.Zero, _warmUp, (_, _) => sender.Next(), 202);
        await DrainedAsync(database);

        var before = await CountAsync(database);
        var clock = Stopwatch.StartNew();
        var accepted = await new LoadGenerator(product.Api).RunAsync(Population.Callers, TimeSpan.Zero, _duration, (_, _) => sender.Next(), 202);
        await DrainedAsync(database);
        var ingested = new LoadResult((await CountAsync(database) - before) / clock.Elapsed.TotalSeconds, accepted.Latency);
        var limit = await reference.IngestionAsync(Population.Callers, _warmUp, _duration);
        return Line.Ratio("activity ingestion, webhook to booked points", ingested, limit, 0.4);
    }

    private async Task<byte[]> GetAsync(string path, string token)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.GetByteArrayAsync(path);
    }

    // An index finds one; counting all of them, many times a second, would take half a core from what is measured.
    private static Task DrainedAsync(NpgsqlDataSource database) => Until.TrueAsync(
        async () => await ScalarAsync(database, "SELECT count(*) FROM (SELECT 1 FROM webhook_messages WHERE status = 'pending' LIMIT 1) AS waiting") == 0, TimeSpan.FromMinutes(5));

    private static Task<long> CountAsync(NpgsqlDataSource database) => ScalarAsync(database, "SELECT count(*) FROM activities");

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
