using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace FitTrack.Core.Data;

/// <summary>Connects <see cref="FitTrackDbContext"/> to the configured database, pooled, with a health check named "database".</summary>
/// <remarks>
/// No retrying execution strategy on either database: it forbids the transactions that the use cases open themselves, and a retry that
/// does not know what it repeats is wrong for a ledger. Leases, idempotency keys and compare-and-swap loops retry where that is safe.
/// </remarks>
public static partial class DatabaseRegistration
{
    /// <summary>
    /// Reads <c>ConnectionStrings:fittrack</c> and <c>Database:*</c> (<see cref="DatabaseOptions"/>).
    /// Throws <see cref="InvalidOperationException"/> when this build cannot speak to the configured provider.
    /// </summary>
    public static TBuilder AddFitTrackDatabase<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        if (ProviderOf(builder.Configuration) == DatabaseProvider.Oracle)
            AddOracle(builder);
        else
            AddPostgres(builder.Services, OptionsOf(builder.Configuration));

        // EF logs every refused statement as an error, and a taken name or a lost race is none. Whoever catches the exception knows, and says so.
        builder.Services.ConfigureDbContext<FitTrackDbContext>(db => db.ConfigureWarnings(w => w.Log(
            (RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.OptimisticConcurrencyException, LogLevel.Debug)))
            .AddInterceptors(new LostTransactions()));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", HealthStatus.Unhealthy, ["ready"], TimeSpan.FromSeconds(3));
        return builder;
    }

    /// <summary>The configured provider, or this package set's default. Throws <see cref="InvalidOperationException"/> for any other word.</summary>
    public static DatabaseProvider ProviderOf(IConfiguration configuration) => configuration[DatabaseOptions.Section + ":Provider"] switch
    {
        null or "" => DefaultProvider,
        var text when Enum.TryParse<DatabaseProvider>(text, ignoreCase: true, out var provider) && Enum.IsDefined(provider) => provider,
        var text => throw new InvalidOperationException($"Database:Provider is '{text}'; it can be Oracle or Postgres."),
    };

    private static partial void AddOracle(IHostApplicationBuilder builder);

    private static DatabaseOptions OptionsOf(IConfiguration configuration) => configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();

    private static void AddPostgres(IServiceCollection services, DatabaseOptions options)
    {
        // Read when first used, since test hosts add their configuration after registration.
        services.AddSingleton(s => PostgresSource(
            s.GetRequiredService<IConfiguration>().GetConnectionString(DatabaseOptions.ConnectionName),
            s.GetRequiredService<IOptions<DatabaseOptions>>().Value));
        services.AddDbContextPool<FitTrackDbContext>((s, db) => db.UseNpgsql(s.GetRequiredService<NpgsqlDataSource>()), options.ContextPoolSize);
    }

    private static NpgsqlDataSource PostgresSource(string? connectionString, DatabaseOptions options)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            throw new InvalidOperationException("ConnectionStrings:fittrack is not set; it names the PostgreSQL database.");
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // EF sends the same texts again and again. Whoever connects through a pooler that forbids prepared statements sets 0.
        if (!Says(connectionString, nameof(settings.MaxAutoPrepare)))
            settings.MaxAutoPrepare = 200;
        // No session settings are made, so there is nothing to reset when a connection goes back to the pool.
        if (!Says(connectionString, nameof(settings.NoResetOnClose)))
            settings.NoResetOnClose = true;
        if (!Says(connectionString, nameof(settings.CommandTimeout)))
            settings.CommandTimeout = options.CommandTimeout;
        if (string.IsNullOrEmpty(settings.ApplicationName))
            settings.ApplicationName = "fittrack";
        // The name labels the pool's metrics, which would otherwise show the connection string.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = DatabaseOptions.ConnectionName }.Build();
    }

    /// <summary>Npgsql's own builder cannot tell a default from a value that was given.</summary>
    private static bool Says(string connectionString, string setting) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString }.Keys.Cast<string>()
            .Any(key => string.Equals(key.Replace(" ", "", StringComparison.Ordinal), setting, StringComparison.OrdinalIgnoreCase));
}
