using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FitTrack.ServiceDefaults;

internal static class ConsoleLogs
{
    /// <summary>
    /// Defaults that configuration (<c>Logging:LogLevel</c>) overrides. Hosting diagnostics are off because, switched on at any level,
    /// they create an Activity and a log scope for every request even if nobody reads them.
    /// </summary>
    private static readonly LoggerFilterRule[] Quiet =
    [
        new(null, "Microsoft.AspNetCore", LogLevel.Warning, null),
        new(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null),
        new(null, "Microsoft.EntityFrameworkCore", LogLevel.Warning, null),
        new(null, "System.Net.Http.HttpClient", LogLevel.Warning, null),
        new(null, "Polly", LogLevel.Error, null),
    ];

    /// <summary>One line a message: JSON for machines, readable text in Development.</summary>
    public static void AddConsoleLogs(this IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.IncludeScopes = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        }
        else
        {
            builder.Logging.AddJsonConsole(options =>
            {
                options.IncludeScopes = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        // The last rule of the same category wins, so the defaults go before what configuration brought.
        builder.Services.Configure<LoggerFilterOptions>(options =>
        {
            foreach (var rule in Quiet)
                options.Rules.Insert(0, rule);
        });
    }
}
