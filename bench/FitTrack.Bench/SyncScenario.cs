using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace FitTrack.Bench;

/// <summary>What the sync engine takes for a cycle over all connections, and how soon webhooks are acknowledged.</summary>
internal sealed class SyncScenario(Product product, NpgsqlDataSource database, BenchOptions options)
{
    public const int Connections = 1_000;
    private const int PerSecond = 200;
    private const int Cycles = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>All connections due at the same moment, as often as it takes to see whether memory grows. The first reading of months is not counted.</summary>
    public async Task<IReadOnlyList<Line>> CycleAsync()
    {
        await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM sync_jobs WHERE due_at > now() AND lease_until IS NULL") == Connections && await IsDrainedAsync(), Patience);
        product.ForgetPeakOf("FitTrack.Worker");
        var seconds = new List<double>();
        var memory = new List<double>();
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await CountAsync("WITH due AS (UPDATE sync_jobs SET due_at = now() RETURNING 1) SELECT count(*) FROM due");
            var clock = Stopwatch.StartNew();
            await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM sync_jobs WHERE due_at <= now() OR lease_until IS NOT NULL") == 0 && await IsDrainedAsync(), Patience);
            seconds.Add(clock.Elapsed.TotalSeconds);
            memory.Add(product.ResidentMegabytes("FitTrack.Worker"));
        }

        var failed = await CountAsync("SELECT count(*) FROM provider_connections WHERE status <> 'connected'");
        if (failed > 0)
            throw new InvalidOperationException($"{failed} connections are not connected.");
        var name = string.Create(CultureInfo.InvariantCulture, $"sync cycle over {Connections:N0} connections");
        return
        [
            Line.AtMost($"{name}, the slowest of {Cycles}", seconds.Max(), "s", 60),
            Line.AtMost("the same, peak memory of the Worker", product.PeakMegabytesOf("FitTrack.Worker"), "MiB", 250),
            Line.AtMost("the same, growth from the first cycle to the last", memory[^1] - memory[0], "MiB", 25),
        ];
    }

    /// <summary>Webhooks at a steady rate, each counted from the moment at which it was due.</summary>
    public async Task<Line> WebhooksAsync()
    {
        var sender = new WebhookSender(options.Run);
        await SendAsync(sender, new LatencyHistogram());
        var latency = new LatencyHistogram();
        await SendAsync(sender, latency);
        return Line.AtMost($"webhook acknowledged at {PerSecond}/s, p99", latency.Milliseconds(0.99), "ms", 20);
    }

    private async Task SendAsync(WebhookSender sender, LatencyHistogram latency)
    {
        var api = new IPEndPoint(IPAddress.Loopback, product.Api.Port);
        var lanes = await Task.WhenAll(Enumerable.Range(0, 16).Select(lane => Task.Run(() => LaneAsync(sender, api, lane, 16))));
        foreach (var lane in lanes)
            latency.Add(lane);
    }

    /// <summary>Every sixteenth of the requests on one connection.</summary>
    private async Task<LatencyHistogram> LaneAsync(WebhookSender sender, IPEndPoint api, int lane, int lanes)
    {
        var latency = new LatencyHistogram();
        using var http = new HttpClient { BaseAddress = new Uri($"http://{api}/") };
        var clock = Stopwatch.StartNew();
        for (var n = lane; n < PerSecond * options.Seconds; n += lanes)
        {
            var due = TimeSpan.FromSeconds(n / (double)PerSecond);
            if (due > clock.Elapsed)
                await Task.Delay(due - clock.Elapsed);
            using var request = sender.NextMessage(Connections);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.Accepted)
                throw new InvalidOperationException($"A webhook was answered {(int)answer.StatusCode}.");
            latency.Add((long)(clock.Elapsed - due).TotalMicroseconds);
        }

        return latency;
    }

    private async Task<bool> IsDrainedAsync() => await CountAsync("SELECT count(*) FROM (SELECT 1 FROM webhook_messages WHERE status = 'pending' LIMIT 1) AS waiting") == 0;

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
