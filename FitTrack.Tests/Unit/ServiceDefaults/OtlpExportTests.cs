using System.Text;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using Xunit;

namespace FitTrack.Tests.Unit.ServiceDefaults;

public sealed class OtlpExportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_WhenCollectorIsConfigured_HasSentTracesMetricsAndLogs()
    {
        await using var collector = await StubServer.StartAsync(200);
        await using (var host = await DefaultsHost.StartAsync(
            map: app => app.MapGet("/hello/{name}", (string name, ILogger<OtlpExportTests> log) => log.LogWarning("greeted somebody")),
            settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "greeter")]))
        {
            using (await host.Http.GetAsync("/hello/ana", Ct)) { }
            using (await host.Http.GetAsync("/health/ready", Ct)) { }
            await host.StopAsync();
        }

        Assert.Contains("GET /hello/{name}", Sent(collector, "/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("GET /health/ready", Sent(collector, "/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("greeter", Sent(collector, "/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", Sent(collector, "/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("greeted somebody", Sent(collector, "/v1/logs"), StringComparison.Ordinal);
        Assert.Contains("CorrelationId", Sent(collector, "/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenNoCollectorIsConfigured_ExportsNothing()
    {
        await using var host = await DefaultsHost.StartAsync();

        Assert.DoesNotContain(host.Services.GetServices<ILoggerProvider>(), p => p is OpenTelemetryLoggerProvider);
    }

    [Theory]
    [InlineData("Production", ConsoleFormatterNames.Json)]
    [InlineData("Development", ConsoleFormatterNames.Simple)]
    public async Task Console_WhenEnvironmentIsKnown_HasItsFormat(string environment, string formatter)
    {
        await using var host = await DefaultsHost.StartAsync(environment: environment);

        Assert.Equal(formatter, host.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
    }

    private static string Sent(StubServer collector, string path) =>
        string.Concat(collector.Requests.Where(r => r.Path == path).Select(r => Encoding.UTF8.GetString(r.Body)));
}
