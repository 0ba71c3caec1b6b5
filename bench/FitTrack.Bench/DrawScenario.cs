using System.Diagnostics;
using Npgsql;

namespace FitTrack.Bench;

/// <summary>Closing and drawing a drawing of a million tickets, the bundle that proves it, and a ticket's path in it.</summary>
internal sealed class DrawScenario(Product product, NpgsqlDataSource database)
{
    public const int Members = 10_000;
    private const int TicketsEach = 100;
    private const int Paths = 200;

    public async Task<IReadOnlyList<Line>> RunAsync(string adminToken)
    {
        var drawing = await BenchDrawing.OpenAsync(product, adminToken);
        await SellAsync(drawing);
        using var http = BenchDrawing.ClientOf(product, adminToken);
        product.ForgetPeakOf("FitTrack.Api");

        var clock = Stopwatch.StartNew();
        await BenchDrawing.PostAsync(http, $"api/v1/admin/drawings/{drawing}/close", new { });
        Console.WriteLine($"bench:   closed after {clock.Elapsed.TotalSeconds:F1} s");
        await BenchDrawing.PostAsync(http, $"api/v1/admin/drawings/{drawing}/execute", new { });
        Console.WriteLine($"bench:   drawn after {clock.Elapsed.TotalSeconds:F1} s");
        var bytes = await BundleAsync(http, drawing);
        var seconds = clock.Elapsed.TotalSeconds;
        await AnalyzeAsync(); // which the database does by itself, a minute later
        return
        [
            Line.AtMost($"closing and drawing {Members * TicketsEach:N0} tickets, with the bundle of {bytes / 1_000_000} MB", seconds, "s", 30),
            Line.AtMost("memory of that, Api", product.PeakMegabytesOf("FitTrack.Api"), "MiB", 1024),
            Line.AtMost("inclusion proof of one of them, p95", await PathAsync(http, drawing), "ms", 20),
        ];
    }

    /// <summary>A million purchases would be another scenario: these come by three statements, with ids that grow with time (UUIDv7) as the product's do.</summary>
    private async Task SellAsync(Guid drawing)
    {
        await using var command = database.CreateCommand($"""
            INSERT INTO drawing_entrants (drawing_id, user_id, paid_tickets, free_entries, rules_version, entered_at)
                SELECT $1, id, {TicketsEach}, 0, 1, now() FROM users ORDER BY id LIMIT {Members};
            """);
        command.Parameters.AddWithValue(drawing);
        await command.ExecuteNonQueryAsync();
        await using var tickets = database.CreateCommand($"""
            INSERT INTO tickets (id, drawing_id, user_id, kind, purchase_id, price_paid, rules_version, purchased_at)
                SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
                       drawing_id, user_id, 'paid', gen_random_uuid(), 1, 1, at
                FROM (SELECT drawing_id, user_id, now() - random() * interval '1 hour' AS at FROM drawing_entrants, generate_series(1, {TicketsEach}) WHERE drawing_id = $1 ORDER BY at) AS sold
            """);
        tickets.Parameters.AddWithValue(drawing);
        tickets.CommandTimeout = 600;
        await tickets.ExecuteNonQueryAsync();
        await using var gates = database.CreateCommand($"UPDATE drawing_gates SET sold = {Members * TicketsEach / 64} WHERE drawing_id = $1");
        gates.Parameters.AddWithValue(drawing);
        await gates.ExecuteNonQueryAsync();
        await AnalyzeAsync();
    }

    private async Task AnalyzeAsync()
    {
        await using var analyze = database.CreateCommand("ANALYZE");
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task<long> BundleAsync(HttpClient http, Guid drawing)
    {
        await using var stream = await http.GetStreamAsync($"api/v1/drawings/{drawing}/proof");
        var (buffer, bytes) = (new byte[1 << 20], 0L);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;) bytes += read;
        return bytes;
    }

    private static async Task<double> PathAsync(HttpClient http, Guid drawing)
    {
        var times = new List<double>(Paths);
        var random = new Random(7);
        for (var i = 0; i < Paths; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await http.GetByteArrayAsync($"api/v1/drawings/{drawing}/tickets/{random.Next(1, (Members * TicketsEach) + 1)}/proof");
            if (i >= Paths / 4) times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count * 95 / 100);
    }
}
