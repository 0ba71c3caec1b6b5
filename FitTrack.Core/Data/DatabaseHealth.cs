using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.Core.Data;

/// <summary>Opens a connection and asks the server for its version; anything else is "unavailable".</summary>
internal sealed class DatabaseHealth(FitTrackDbContext db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var provider = DatabaseProviders.Of(db.Database.ProviderName);
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["provider"] = Naming.Snake(provider.ToString()) };
        try
        {
            var connection = db.Database.GetDbConnection();
            await db.Database.OpenConnectionAsync(cancellationToken);
            try
            {
                await using var command = connection.CreateCommand();
                command.CommandText = provider == DatabaseProvider.Oracle ? "SELECT 1 FROM DUAL" : "SELECT 1";
                await command.ExecuteScalarAsync(cancellationToken);
                data["version"] = connection.ServerVersion;
                return HealthCheckResult.Healthy("The database answers.", data);
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.", e, data);
        }
    }
}
