using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Messaging;
using Npgsql;

namespace FitTrack.Bench;

/// <summary>Exact ranks at growing sizes: awards through a second process of its own, questions to the Api, one at a time.</summary>
internal sealed class RankScenario(Product product, NpgsqlDataSource database, BenchOptions options) : IAsyncDisposable
{
    private const int Callers = 150;
    private const int Listeners = 2_000;
    private const int Awards = 30;

    /// <summary>Points that take anybody to the top.</summary>
    private const long Top = 1_000_000;

    private static readonly int[] Sizes = [10_000, 200_000, 1_000_000];

    private readonly RankPopulation _population = new(database);
    private readonly List<(Guid Id, HttpClient Http)> _callers = [];
    private IHost _writer = null!;

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        _writer = await WriterAsync();
        var lines = Memory();
        var calendar = _writer.Services.GetRequiredService<CompetitionCalendar>();
        var ranks = new List<double>();
        foreach (var size in Sizes)
        {
            Console.WriteLine($"bench: {size:N0} members ...");
            await _population.GrowAsync(size, calendar);
            await ForgetAsync();
            await SignInAsync();
            var before = product.ResidentMegabytes("FitTrack.Api");
            await AskAsync(top: true, warmUp: true);
            await AskAsync(top: false, warmUp: true);
            var top = await AskAsync(top: true, warmUp: false);
            var rank = await AskAsync(top: false, warmUp: false);
            ranks.Add(rank.Board.Milliseconds(0.5));
            lines.Add(Beside(string.Create(CultureInfo.InvariantCulture, $"uncached top 100, {size:N0} members in 31 tiers"), top));
            lines.Add(Beside(string.Create(CultureInfo.InvariantCulture, $"uncached own rank and board, {size:N0} members in one tier"), rank));
            Console.WriteLine($"bench: the Api grew by {product.ResidentMegabytes("FitTrack.Api") - before:F0} MiB");
        }

        lines.Add(Line.AtMost("own rank, 1,000,000 members against 10,000, median", ranks[^1] / ranks[0], "times", Math.Round(Math.Log(Sizes[^1]) / Math.Log(Sizes[0]), 2)));
        lines.Add(Line.AtMost("award through another process until the board shows it, longest of 30", await SeenAfterAsync(), "ms", 1_000));
        lines.Add(await ListenersAsync());
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, http) in _callers)
            http.Dispose();
        await _writer.StopAsync();
        _writer.Dispose();
    }

    /// <summary>Boards as the Api keeps them, and what a rank and a change in them cost.</summary>
    private static List<Line> Memory()
    {
        var start = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var size in Sizes)
            Console.WriteLine($"bench: order of {size:N0}: {Costs(Build(size))}");
        var first = Build(Sizes[^1]);
        var one = GC.GetTotalMemory(forceFullCollection: true) - start;
        BoardOrder[] others = [Build(Sizes[^1]), Build(Sizes[^1]), Build(Sizes[^1])];
        var four = GC.GetTotalMemory(forceFullCollection: true) - start;
        GC.KeepAlive(others);
        return
        [
            Line.AtMost($"memory, board of {Sizes[^1]:N0} in order ({Costs(first)})", one / 1e6, "MB", 60),
            Line.AtMost("memory, four such boards", four / 1e6, "MB", 200),
        ];
    }

    private static BoardOrder Build(int size)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = Enumerable.Range(0, size).Select(i => new BoardRow(Guid.CreateVersion7(now.AddMilliseconds(i)), 2L * (size - i), now));
        return BoardOrder.FromAsync(rows.ToAsyncEnumerable(), CancellationToken.None).GetAwaiter().GetResult();
    }

    private static string Costs(BoardOrder board)
    {
        var random = new Random(board.Count);
        var rows = Enumerable.Range(0, 100_000).Select(_ => board.Rows(random.Next(1, board.Count + 1), 1)[0]).ToArray();
        var ranked = Time(rows, row => board.RankOf(row.UserId));
        var moved = Time(rows, row => board.Set(row with { Points = random.Next(1, 2 * board.Count) }));
        return string.Create(CultureInfo.InvariantCulture, $"rank {ranked:F2} µs, change {moved:F2} µs");
    }

    private static double Time(BoardRow[] rows, Action<BoardRow> what)
    {
        var started = Stopwatch.GetTimestamp();
        Array.ForEach(rows, what);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / rows.Length;
    }

    /// <summary>Each question comes after an award on its board and from a caller who did not ask since: nothing is cached but names.</summary>
    private async Task<(LatencyHistogram Board, LatencyHistogram Nothing)> AskAsync(bool top, bool warmUp)
    {
        var (latencies, nothing) = (new LatencyHistogram(), new LatencyHistogram());
        var end = Stopwatch.GetTimestamp() + (long)(options.Seconds * Stopwatch.Frequency);
        for (var n = 0; warmUp ? Stopwatch.GetTimestamp() < end : n < Callers; n++)
        {
            var caller = n % Callers;
            var tier = top ? RankPopulation.TierOf(caller + 1) : RankPopulation.OneTier;
            var winner = _callers[(caller + 1) % Callers].Id;
            await AwardAsync(winner, 1);
            // Until the other process has heard of it the board may still be a cached one. Meanwhile others ask, as on any site with so many members.
            var heard = Stopwatch.GetTimestamp() + (long)(0.13 * Stopwatch.Frequency);
            while (!warmUp && Stopwatch.GetTimestamp() < heard)
                await GetAsync(caller, "health/live", nothing);
            await GetAsync(caller, $"api/v1/leaderboards/{(top ? "weekly" : "alltime")}?tier={Uri.EscapeDataString(tier)}", latencies);
        }

        return (latencies, nothing);
    }

    private async Task GetAsync(int caller, string path, LatencyHistogram latencies)
    {
        var sent = Stopwatch.GetTimestamp();
        using var answer = await _callers[caller].Http.GetAsync(path);
        latencies.Add((long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<double> SeenAfterAsync()
    {
        var longest = TimeSpan.Zero;
        for (var n = 1; n <= Awards; n++)
        {
            var (id, http) = _callers[n];
            var points = Top * (n + 1);
            await AwardAsync(id, points);
            var committed = Stopwatch.GetTimestamp();
            await Until.TrueAsync(
                async () => (await http.GetFromJsonAsync<JsonElement>($"api/v1/leaderboards/alltime?tier={RankPopulation.OneTier}")).GetProperty("me") is var me
                    && me.GetProperty("rank").GetInt32() == 1 && me.GetProperty("points").GetInt64() >= points,
                TimeSpan.FromSeconds(30));
            var seen = Stopwatch.GetElapsedTime(committed);
            longest = seen > longest ? seen : longest;
        }

        return longest.TotalMilliseconds;
    }

    /// <summary>Everybody listens to the board of a million, which changes all the time, while others ask for cached boards.</summary>
    private async Task<Line> ListenersAsync()
    {
        var token = _callers[0].Http.DefaultRequestHeaders.Authorization!.Parameter!;
        var request = LoadGenerator.Request("GET", $"/api/v1/leaderboards/live?kind=alltime&tier={RankPopulation.OneTier}", "localhost", token);
        using var stop = new CancellationTokenSource();
        var events = new long[Listeners];
        var sockets = Enumerable.Range(0, Listeners).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        var listening = sockets.Select((socket, i) => ListenAsync(socket, request, () => events[i]++, stop.Token)).ToArray();
        var awards = KeepAwardingAsync(stop.Token);
        await Until.TrueAsync(() => Task.FromResult(Array.TrueForAll(events, e => e >= 2)), TimeSpan.FromMinutes(2));
        Array.Clear(events);
        var clock = Stopwatch.StartNew();
        var others = new LatencyHistogram();
        while (clock.Elapsed.TotalSeconds < 2 * options.Seconds)
        {
            await GetAsync(1, "api/v1/leaderboards/weekly", others);
            await Task.Delay(2, CancellationToken.None);
        }

        var told = events.Sum() / clock.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        await awards;
        Array.ForEach(sockets, s => s.Dispose());
        await Task.WhenAll(listening);
        return Line.AtMost(
            string.Create(CultureInfo.InvariantCulture, $"another request while {Listeners:N0} listen ({told:N0} events/s; {others.Count:N0} requests, p50 {Text(others)}), p99"),
            others.Milliseconds(0.99), "ms", 50);
    }

    private async Task KeepAwardingAsync(CancellationToken ct)
    {
        for (var n = 0; !ct.IsCancellationRequested; n++)
        {
            await AwardAsync(_callers[n % Callers].Id, 100 * Top + n);
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private async Task ListenAsync(Socket socket, byte[] request, Action heard, CancellationToken ct)
    {
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, product.Api.Port), ct);
            await socket.SendAsync(request, ct);
            var buffer = new byte[8 * 1024];
            while (await socket.ReceiveAsync(buffer.AsMemory(), ct) is var read and > 0)
            {
                if (buffer.AsSpan(0, read).IndexOf("event: board"u8) >= 0)
                    heard();
            }
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private async Task AwardAsync(Guid member, long points)
    {
        await using var scope = _writer.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var now = TimeProvider.System.Now();
        var today = scope.ServiceProvider.GetRequiredService<CompetitionCalendar>().DayOf(now);
        await using var transaction = await db.Database.BeginTransactionAsync();
        await scope.ServiceProvider.GetRequiredService<ScoreBoard>().AddRangeAsync([new ScoreChange(member, RankPopulation.OneTier, today, points, now)], CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    /// <summary>The rows went past the bus: every process forgets what it keeps.</summary>
    private async Task ForgetAsync()
    {
        var bus = _writer.Services.GetRequiredService<IMessageBus>();
        bus.Publish(BusTopics.Leaderboard, "");
        await bus.FlushAsync(CancellationToken.None);
    }

    private async Task SignInAsync()
    {
        if (_callers.Count > 0)
            return;
        for (var i = 0; i < Callers; i++)
        {
            var http = new HttpClient { BaseAddress = product.Api };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Population.SignInAsync(http, Population.Email(i), Population.Password));
            _callers.Add((await _population.IdAsync(i), http));
        }
    }

    private async Task<IHost> WriterAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration[$"ConnectionStrings:{DatabaseOptions.ConnectionName}"] = product.ConnectionString;
        builder.Configuration["Database:Provider"] = "Postgres";
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddFitTrackDatabase();
        builder.Services.AddSingleton(TimeProvider.System).AddMessaging().AddCompetition().AddLeaderboards();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Beside what an answer with nothing in it takes in the same minute, over the same connections.</summary>
    private static Line Beside(string scenario, (LatencyHistogram Board, LatencyHistogram Nothing) measured) => new(
        scenario, $"p50 {Text(measured.Board)}, p99 {Text(measured.Board, 0.99)}", $"p50 {Text(measured.Nothing)}, p99 {Text(measured.Nothing, 0.99)} of /health/live",
        measured.Board.Milliseconds(0.99), 5, AtLeast: false);

    private static string Text(LatencyHistogram latency, double quantile = 0.5) => string.Create(CultureInfo.InvariantCulture, $"{latency.Milliseconds(quantile):F1} ms");
}
