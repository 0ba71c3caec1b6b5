using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.ServiceDefaults.Health;

internal static class HealthWriter
{
    public static string Name(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "unavailable",
    };

    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    public static void WriteReport(Utf8JsonWriter json, HealthReport report)
    {
        json.WriteString("status", Name(report.Status));
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", Name(entry.Status));
            foreach (var (key, value) in entry.Data)
            {
                json.WritePropertyName(key);
                JsonSerializer.Serialize(json, value, JsonSerializerOptions.Web);
            }

            if (entry.Status != HealthStatus.Healthy)
                json.WriteString("error", Explain(entry));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A check's own words; an exception's message stays in the log, since it may name hosts, users or paths.</summary>
    private static string Explain(HealthReportEntry entry) =>
        string.IsNullOrEmpty(entry.Description) || entry.Description == entry.Exception?.Message ? "The check failed." : entry.Description;
}
