using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FitTrack.ServiceDefaults.Telemetry;

/// <summary>
/// Holds the trace and meter providers for as long as the program runs, and sends what is left when it stops.
/// Endpoint, protocol, headers and sampler come from the standard <c>OTEL_*</c> settings.
/// </summary>
internal sealed class OtlpExport(IConfiguration configuration, ServiceIdentity service) : IHostedService, IDisposable
{
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => Describe(resource, service))
            .AddSource(TelemetrySources.Activities)
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => Describe(resource, service))
            .AddMeter(TelemetrySources.Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Runs after the servers have stopped, since this is registered before them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _traces?.Shutdown((int)LastWords.TotalMilliseconds);
            _metrics?.Shutdown((int)LastWords.TotalMilliseconds);
        },
        cancellationToken);

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    public static ResourceBuilder Describe(ResourceBuilder resource, ServiceIdentity service) =>
        resource.AddService(service.Name, serviceNamespace: "fittrack", serviceVersion: service.Version, serviceInstanceId: Environment.MachineName + "-" + Environment.ProcessId);
}

internal static class TelemetryRegistration
{
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<PrometheusMetrics>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PrometheusMetrics>());
        if (string.IsNullOrWhiteSpace(builder.Configuration[OtlpExport.EndpointKey]))
            return;

        // Method and path on the server's own activities; off by default in ASP.NET Core 10.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddHostedService<OtlpExport>();
        builder.Logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(OtlpExport.Describe(ResourceBuilder.CreateDefault(), ServiceIdentity.Of(builder.Configuration, builder.Environment)));
            options.AddOtlpExporter();
        });
    }
}
