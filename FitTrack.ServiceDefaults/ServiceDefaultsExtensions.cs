using FitTrack.ServiceDefaults.Correlation;
using FitTrack.ServiceDefaults.Health;
using FitTrack.ServiceDefaults.Http;
using FitTrack.ServiceDefaults.Memory;
using FitTrack.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FitTrack.ServiceDefaults;

/// <summary>What Api, Worker and Web have in common: logs, telemetry, health, a correlation id and resilient HTTP clients.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Call it first. Reads <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (nothing is exported without it), <c>OTEL_SERVICE_NAME</c>,
    /// <c>Http:*</c> (<see cref="HttpResilienceOptions"/>) and <c>services:{name}:{scheme}:{n}</c>.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(ServiceIdentity.Of(builder.Configuration, builder.Environment));
        builder.AddConsoleLogs();
        builder.AddCorrelation();
        builder.AddTelemetry();
        builder.Services.AddHealth();
        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.AddResilientHttpClients();
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, open to everyone and without rate limits.
    /// <paramref name="healthAliases"/> are further paths that answer like <c>/health</c>.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, params ReadOnlySpan<string> healthAliases)
    {
        app.MapHealth("/health");
        foreach (var alias in healthAliases)
            app.MapHealth(alias);

        app.MapLiveness("/health/live");
        app.MapReadiness("/health/ready");
        app.MapPrometheus("/metrics");
        return app;
    }
}
