using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FitTrack.ServiceDefaults.Correlation;

/// <summary>Outermost of all. Not async unless somebody traces: it needs nothing after the answer, and a state machine per request would cost more than its work.</summary>
internal sealed class CorrelationMiddleware(RequestDelegate next)
{
    private static readonly Func<object, Task> SetHeader = static state =>
    {
        var context = (HttpContext)state;
        context.Response.Headers[CorrelationId.Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    };

    public Task InvokeAsync(HttpContext context)
    {
        var activity = Activity.Current;
        var id = context.Request.Headers.TryGetValue(CorrelationId.Header, out var sent) && sent.Count == 1 && CorrelationId.IsSafe(sent[0])
            ? Accept(sent[0]!, activity)
            : activity?.TraceId.ToHexString() ?? CorrelationId.New();
        context.TraceIdentifier = id;
        CorrelationId.Enter(id);
        // On starting, because the exception handler clears the headers that were set before it.
        context.Response.OnStarting(SetHeader, context);
        return activity is { IsAllDataRequested: true } ? TracedAsync(context, activity) : next(context);
    }

    /// <summary>ASP.NET Core 10 names method and path when an activity starts; route and status are known at its end.</summary>
    private async Task TracedAsync(HttpContext context, Activity activity)
    {
        if (context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/metrics", StringComparison.Ordinal))
        {
            // Probes would bury everything else; their children follow the parent's flag.
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        await next(context);
        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            activity.SetStatus(ActivityStatusCode.Error);
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            activity.SetTag("http.route", route);
            activity.DisplayName = $"{context.Request.Method} {route}";
        }
    }

    private static string Accept(string sent, Activity? activity)
    {
        activity?.SetTag("fittrack.correlation_id", sent);
        return sent;
    }
}

internal sealed class CorrelationStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<CorrelationMiddleware>();
        next(app);
    };
}
