using FitTrack.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
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
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RequestLimitOptions>().BindConfiguration(RequestLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>();
        services.AddRequestTimeouts().AddOptions<RequestTimeoutOptions>().Configure<IOptions<RequestLimitOptions>>(
            static (timeouts, limits) => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromSeconds(limits.Value.Seconds) });
        services.AddSingleton<RateLimitCounter>().AddSingleton<AddressBlocks>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAllowedOrigins(builder.Configuration, builder.Environment);
        services.AddApiDocuments();
    }

    /// <summary>Limits and blocks that all instances share; needs the bus and the database.</summary>
    public static IServiceCollection AddSharedLimits(this IServiceCollection services) => services.AddHostedService<LimitSharing>();

    public static void UseApiHttp(this WebApplication app)
    {
        app.UseClientAddress();
        app.UseSecurityHeaders("no-referrer");
        app.UseHostName();
        app.UseMiddleware<ProblemMiddleware>();
        app.Use(ScreenAsync);
        app.UseApiDocuments();
        app.UseRouting();
        app.UseMiddleware<AddressBlockMiddleware>();
        app.UseRequestTimeouts();
        app.UseCors();
        app.UseAuthentication();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthorization();
    }

    private static Task ScreenAsync(HttpContext context, RequestDelegate next)
    {
        // What was told to somebody who signed in is not kept on the way; answers with an entity tag say otherwise themselves.
        if (context.Request.Headers.Authorization.Count > 0)
            context.Response.Headers.CacheControl = "no-store";
        var hasNul = context.Request.Path.Value?.Contains('\0') == true
            || (context.Request.QueryString.HasValue && context.Request.QueryString.Value!.Contains("%00", StringComparison.Ordinal));
        return hasNul ? Problems.BadRequest("An address must not contain the character U+0000.").ExecuteAsync(context) : next(context);
    }
}
