using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FitTrack.ServiceDefaults.Correlation;

/// <summary>Outermost of all. Not an async method: it needs nothing after the answer, and a state machine per request would cost more than its work.</summary>
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
        return next(context);
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
