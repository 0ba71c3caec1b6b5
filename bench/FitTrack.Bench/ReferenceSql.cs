using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace FitTrack.Bench;

/// <summary>
/// The limit that purchases and ingestions are held against: fixed prepared statements on raw Npgsql, one after the
/// other in one transaction, in a tight loop on every connection. It has its own tables and does not change when the
/// product's SQL does.
/// </summary>
internal sealed class ReferenceSql(NpgsqlDataSource database)
{
    private const int Members = 4096;

    private static readonly string[] Purchase =
    [
        "SELECT price, closes_at FROM ref_drawings WHERE id = 1 AND state = 'open'",
        "UPDATE ref_gates SET sold = sold + 1 WHERE slot = $1 AND is_open",
        "INSERT INTO ref_entrants (member, tickets) VALUES ($1, 1) ON CONFLICT (member) DO UPDATE SET tickets = ref_entrants.tickets + 1",
        "SELECT balance, seq, last_hash FROM ref_balances WHERE member = $1",
        "UPDATE ref_balances SET balance = balance - 1, seq = seq + 1, last_hash = $3 WHERE member = $1 AND seq = $2",
        "INSERT INTO ref_ledger (member, seq, amount, balance_after, reference, hash, created_at) VALUES ($1, $2, -1, 0, $4, $3, now())",
        "INSERT INTO ref_tickets (id, drawing, member, bought_at) VALUES ($4, 1, $1, now())",
    ];

    private static readonly string[] Ingestion =
    [
        "INSERT INTO ref_inbox (id, body, received_at) VALUES ($4, $5, now()) ON CONFLICT DO NOTHING",
        "INSERT INTO ref_activities (id, member, kind, started_at, seconds, steps) VALUES ($4, $1, 'workout', now(), 1800, 0)",
        "SELECT points FROM ref_days WHERE member = $1 AND day = current_date",
        "INSERT INTO ref_days (member, day, points) VALUES ($1, current_date, 1) ON CONFLICT (member, day) DO UPDATE SET points = ref_days.points + 1",
        "SELECT balance, seq, last_hash FROM ref_balances WHERE member = $1",
        "UPDATE ref_balances SET balance = balance + 1, seq = seq + 1, last_hash = $3 WHERE member = $1 AND seq = $2",
        "INSERT INTO ref_ledger (member, seq, amount, balance_after, reference, hash, created_at) VALUES ($1, $2, 1, 0, $4, $3, now())",
        "INSERT INTO ref_scores (board, member, points, reached_at) VALUES (1, $1, 1, now()) ON CONFLICT (board, member) DO UPDATE SET points = ref_scores.points + 1, reached_at = now()",
    ];

    public async Task CreateAsync()
    {
        await using var command = database.CreateCommand($"""
            DROP TABLE IF EXISTS ref_drawings, ref_gates, ref_entrants, ref_balances, ref_ledger, ref_tickets, ref_inbox, ref_activities, ref_days, ref_scores;
            CREATE TABLE ref_drawings (id int PRIMARY KEY, state varchar(20), price bigint, closes_at timestamptz);
            CREATE TABLE ref_gates (slot int PRIMARY KEY, sold bigint, is_open boolean);
            CREATE TABLE ref_entrants (member int PRIMARY KEY, tickets bigint);
            CREATE TABLE ref_balances (member int PRIMARY KEY, balance bigint, seq bigint, last_hash bytea);
            CREATE TABLE ref_ledger (member int, seq bigint, amount bigint, balance_after bigint, reference uuid UNIQUE, hash bytea, created_at timestamptz, PRIMARY KEY (member, seq));
            CREATE TABLE ref_tickets (id uuid PRIMARY KEY, drawing int, member int, bought_at timestamptz);
            CREATE INDEX ON ref_tickets (drawing, bought_at);
            CREATE TABLE ref_inbox (id uuid PRIMARY KEY, body text, received_at timestamptz);
            CREATE TABLE ref_activities (id uuid PRIMARY KEY, member int, kind varchar(20), started_at timestamptz, seconds int, steps int);
            CREATE INDEX ON ref_activities (member, started_at);
            CREATE TABLE ref_days (member int, day date, points bigint, PRIMARY KEY (member, day));
            CREATE TABLE ref_scores (board int, member int, points bigint, reached_at timestamptz, PRIMARY KEY (board, member));
            CREATE INDEX ON ref_scores (board, points DESC, reached_at);
            INSERT INTO ref_drawings VALUES (1, 'open', 1, now() + interval '1 day');
            INSERT INTO ref_gates SELECT s, 0, true FROM generate_series(0, 63) s;
            INSERT INTO ref_balances SELECT m, 1000000000, 0, '\x00' FROM generate_series(0, {Members - 1}) m;
            """);
        await command.ExecuteNonQueryAsync();
    }

    public Task<LoadResult> PurchaseAsync(int connections, TimeSpan warmUp, TimeSpan duration) => RunAsync(Purchase, connections, warmUp, duration);

    public Task<LoadResult> IngestionAsync(int connections, TimeSpan warmUp, TimeSpan duration) => RunAsync(Ingestion, connections, warmUp, duration);

    private async Task<LoadResult> RunAsync(string[] statements, int connections, TimeSpan warmUp, TimeSpan duration)
    {
        var counted = Stopwatch.GetTimestamp() + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var end = counted + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var histograms = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(() => LoopAsync(statements, i, connections, counted, end))));
        var all = new LatencyHistogram();
        foreach (var histogram in histograms)
            all.Add(histogram);
        return new LoadResult(all.Count / duration.TotalSeconds, all);
    }

    private async Task<LatencyHistogram> LoopAsync(string[] statements, int worker, int workers, long counted, long end)
    {
        await using var connection = await database.OpenConnectionAsync();
        var prepared = new NpgsqlCommand[statements.Length];
        for (var i = 0; i < statements.Length; i++)
            prepared[i] = await PrepareAsync(connection, statements[i]);

        var hash = new byte[32];
        var body = new string('x', 700);
        var sequences = new Dictionary<int, long>();
        var histogram = new LatencyHistogram();
        for (var n = 0; ; n++)
        {
            // Each worker has members of its own, so that no compare-and-swap is lost: this is the limit, not a contest.
            var member = (worker + (n * workers)) % (Members / workers * workers);
            var begun = Stopwatch.GetTimestamp();
            if (begun >= end)
                return histogram;
            await using var transaction = await connection.BeginTransactionAsync();
            var id = Guid.CreateVersion7();
            foreach (var command in prepared)
            {
                var isGate = command.CommandText.StartsWith("UPDATE ref_gates", StringComparison.Ordinal);
                Bind(command, isGate ? n % 64 : member, sequences.GetValueOrDefault(member, -1), hash, id, body);
                command.Transaction = transaction;
                await using var reader = await command.ExecuteReaderAsync();
                if (command.CommandText.StartsWith("SELECT balance", StringComparison.Ordinal) && await reader.ReadAsync())
                    sequences[member] = reader.GetInt64(1);
            }

            await transaction.CommitAsync();
            var done = Stopwatch.GetTimestamp();
            if (begun >= counted && done <= end)
                histogram.Add((done - begun) * 1_000_000 / Stopwatch.Frequency);
        }
    }

    private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        NpgsqlDbType[] types = [NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea, NpgsqlDbType.Uuid, NpgsqlDbType.Text];
        var used = types.Index().Where(t => sql.Contains($"${t.Index + 1}", StringComparison.Ordinal)).Select(t => t.Index).DefaultIfEmpty(-1).Max();
        foreach (var type in types.Take(used + 1))
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        await command.PrepareAsync();
        return command;
    }

    private static void Bind(NpgsqlCommand command, params object[] values)
    {
        for (var i = 0; i < command.Parameters.Count; i++)
            command.Parameters[i].Value = values[i];
    }
}
