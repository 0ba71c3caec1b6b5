using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace FitTrack.Core.Data;

public static partial class DatabaseRegistration
{
    internal const DatabaseProvider DefaultProvider = DatabaseProvider.Oracle;

    private static partial void AddOracle(IHostApplicationBuilder builder) => builder.AddOracleDatabaseDbContext<FitTrackDbContext>(
        DatabaseOptions.ConnectionName,
        settings =>
        {
            settings.CommandTimeout = OptionsOf(builder.Configuration).CommandTimeout;
            settings.DisableRetry = true;
            settings.DisableHealthChecks = true;
            settings.DisableTracing = string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        },
        // The second call keeps the connection string and the time-out of the first.
        options => options.UseOracle(oracle => oracle.UseOracleSQLCompatibility(OracleSQLCompatibility.DatabaseVersion23)));
}
