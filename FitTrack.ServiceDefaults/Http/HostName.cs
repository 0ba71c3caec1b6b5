using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>The <c>Host</c> header: the server takes more for one than addresses can have, and addresses are made of it.</summary>
public static class HostName
{
    /// <summary>Refuses a host from which no address can be made, with 400 and no body, as the server does with those it refuses itself.</summary>
    public static void UseHostName(this WebApplication app) => app.Use(static (HttpContext context, RequestDelegate next) =>
    {
        if (Uri.TryCreate($"{context.Request.Scheme}://{context.Request.Host}", UriKind.Absolute, out _))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    });
}
