using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace FitTrack.ServiceDefaults.Health;

/// <summary>
/// The state of the check named "database" for <c>/health</c>, which must answer within 100 ms whatever the database does: asked at most
/// once a second, waited for at most <see cref="Patience"/>, else the last known state is told.
/// </summary>
internal sealed class DatabaseState(HealthCheckService checks, IOptions<HealthCheckServiceOptions> registered, TimeProvider clock)
{
    public const string CheckName = "database";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _asking = new();
    private Task<string>? _question;
    private long _askedAt;
    private string _last = "unknown";

    /// <summary>"ok", "degraded", "unavailable", or "unknown" before the first answer; null in a program without a database.</summary>
    public async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        if (registered.Value.Registrations.All(check => check.Name != CheckName))
            return null;
        try
        {
            return await Ask().WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            return Volatile.Read(ref _last);
        }
    }

    private Task<string> Ask()
    {
        lock (_asking)
        {
            if (_question is null || (_question.IsCompleted && clock.GetElapsedTime(_askedAt) >= Freshness))
            {
                _askedAt = clock.GetTimestamp();
                _question = AskDatabaseAsync();
            }

            return _question;
        }
    }

    private async Task<string> AskDatabaseAsync()
    {
        // Not tied to the request that happened to ask: others wait for the same answer.
        var report = await checks.CheckHealthAsync(check => check.Name == CheckName, CancellationToken.None);
        var state = HealthWriter.Name(report.Status);
        Volatile.Write(ref _last, state);
        return state;
    }
}
