using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Http;

/// <summary>What every endpoint stands on: JSON rules, validation, problem documents, limits, authentication and the order of these.</summary>
internal static class ApiHttp
{
    public static void AddApiHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsService, ProblemDetailsAdapter>();
        services.AddValidation();
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RequestLimitOptions>().BindConfiguration("RequestLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>, KestrelLimits>();
        services.TryAddSingleton<IRateLimitCounter, LocalRateLimitCounter>();
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<ForwardedHeadersOptions>(options => options.Trust(builder.Configuration.GetSection("Proxies:Trusted").Get<string[]>() ?? []));
        services.AddApiDocuments();
    }

    public static void UseApiHttp(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<ProblemMiddleware>();
        app.Use(HardenAsync);
        app.UseApiDocuments();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
    }

    private static Task HardenAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        var hasNul = context.Request.Path.Value?.Contains('\0') == true
            || (context.Request.QueryString.HasValue && context.Request.QueryString.Value!.Contains("%00", StringComparison.Ordinal));
        return hasNul ? Problems.BadRequest("An address must not contain the character U+0000.").ExecuteAsync(context) : next(context);
    }

    /// <summary>The caller's address is taken from <c>X-Forwarded-For</c> only where a trusted proxy (loopback, or <c>Proxies:Trusted</c>) says so.</summary>
    private static void Trust(this ForwardedHeadersOptions options, string[] networks)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        foreach (var network in networks)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network.Contains('/') ? network : network + (network.Contains(':') ? "/128" : "/32")));
    }
}
