using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.ServiceDefaults.Health;

/// <summary>
/// Three questions: is it there (<c>/health</c>), is the process alive (<c>/health/live</c>, touches nothing),
/// should it get traffic (<c>/health/ready</c>, every registered check; 503 only when one is unhealthy).
/// </summary>
internal static class HealthEndpoints
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<DatabaseState>();
    }

    public static void MapHealth(this IEndpointRouteBuilder app, string path) => app.MapGet(
        path,
        static async (ServiceIdentity service, DatabaseState database, HttpContext context) =>
        {
            var state = await database.ReadAsync(context.RequestAborted);
            await HealthWriter.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteString("status", "ok");
                json.WriteString("service", service.Name);
                json.WriteString("version", service.Version);
                if (state is not null)
                    json.WriteString("database", state);
            });
        }).Open();

    public static void MapLiveness(this IEndpointRouteBuilder app, string path) => app.MapGet(
        path,
        static (HttpContext context) => HealthWriter.WriteAsync(context, StatusCodes.Status200OK, static json => json.WriteString("status", "ok"))).Open();

    public static void MapReadiness(this IEndpointRouteBuilder app, string path) => app.MapGet(
        path,
        static async (HealthCheckService checks, HttpContext context) =>
        {
            var report = await checks.CheckHealthAsync(context.RequestAborted);
            var status = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            await HealthWriter.WriteAsync(context, status, json => HealthWriter.WriteReport(json, report));
        }).Open();

    private static void Open(this IEndpointConventionBuilder endpoint) =>
        endpoint.AllowAnonymous().DisableRateLimiting().DisableHttpMetrics().ExcludeFromDescription();
}
