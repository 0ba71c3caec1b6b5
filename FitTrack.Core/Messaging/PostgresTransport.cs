using Npgsql;

namespace FitTrack.Core.Messaging;

/// <summary>
/// LISTEN/NOTIFY. It has two connections of its own, one that listens and one that sends a few times a second, so that
/// it neither waits for nor takes from the pool of the requests.
/// </summary>
internal sealed class PostgresTransport : IBusTransport, IAsyncDisposable
{
    private const string Channel = "fittrack";
    private const string Application = "fittrack-bus";

    private readonly NpgsqlDataSource _source;

    public PostgresTransport(string connectionString, TimeSpan keepAlive)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = Application,
            // A half-open connection is noticed by the query that Npgsql sends when nothing came for this long.
            KeepAlive = (int)keepAlive.TotalSeconds,
            MinPoolSize = 0,
            MaxPoolSize = 2,
            Enlist = false,
        };
        // The name labels the pool's metrics, which would otherwise show the connection string.
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = Application }.Build();
    }

    public string Name => "postgres";

    /// <summary>PostgreSQL takes less than 8,000 bytes.</summary>
    public int MaxPayloadBytes => 7_900;

    public async Task SendAsync(string payload, CancellationToken ct)
    {
        await using var command = _source.CreateCommand("SELECT pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payload });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task ListenAsync(Action onListening, Action<string> onPayload, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        connection.Notification += (_, notification) => onPayload(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        onListening();
        while (!ct.IsCancellationRequested)
            await connection.WaitAsync(ct);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
