using System.Diagnostics.Metrics;

namespace FitTrack.ServiceDefaults.Telemetry;

/// <summary>
/// What is traced and measured, by name: the frameworks and drivers emit their own activities and meters, so no
/// instrumentation packages are needed. FitTrack's own sources and meters start with "FitTrack.".
/// </summary>
internal static class TelemetrySources
{
    public static readonly string[] Activities = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Oracle.ManagedDataAccess.Core", "FitTrack.*"];

    public static readonly string[] Meters =
    [
        "System.Runtime", "System.Net.Http", "System.Net.NameResolution", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Diagnostics", "Microsoft.AspNetCore.RateLimiting", "Microsoft.EntityFrameworkCore", "Npgsql", "Polly", "FitTrack.*",
    ];

    private static readonly HashSet<string> Scraped = new(StringComparer.Ordinal)
    {
        "http.server.request.duration", "http.server.active_requests", "aspnetcore.diagnostics.exceptions",
        "kestrel.active_connections", "kestrel.queued_connections", "kestrel.rejected_connections",
        "http.client.request.duration", "http.client.active_requests",
    };

    /// <summary>Instruments that <c>/metrics</c> shows. Over OTLP all of <see cref="Meters"/> go.</summary>
    public static bool IsScraped(Instrument instrument) => instrument.Meter.Name switch
    {
        "System.Runtime" or "Npgsql" or "Microsoft.EntityFrameworkCore" => true,
        var name when name.StartsWith("FitTrack.", StringComparison.Ordinal) => true,
        _ => Scraped.Contains(instrument.Name),
    };
}
