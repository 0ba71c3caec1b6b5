using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace FitTrack.ServiceDefaults;

/// <summary>Who is speaking, in health answers and telemetry: <c>OTEL_SERVICE_NAME</c>, else the program's name without "FitTrack." in lower case.</summary>
public sealed record ServiceIdentity(string Name, string Version)
{
    internal static ServiceIdentity Of(IConfiguration configuration, IHostEnvironment environment)
    {
        var version = typeof(ServiceIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        return new(configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : Short(environment.ApplicationName), version.Split('+')[0]);
    }

    private static string Short(string applicationName) => applicationName.Replace("FitTrack.", "", StringComparison.Ordinal).ToLowerInvariant();
}
