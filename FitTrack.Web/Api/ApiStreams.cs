using System.Net;
using System.Net.Http.Headers;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace FitTrack.Web.Api;

/// <summary>What goes from the Api to the browser as it comes: downloads and live events.</summary>
internal static partial class ApiStreams
{
    private static readonly string[] Told = ["Content-Type", "Content-Disposition", "Cache-Control"];

    public static void MapApiStreams(this IEndpointRouteBuilder app)
    {
        app.MapGet("/live/leaderboards", ForwardEventsAsync);
        app.MapGet("/settings/data/export", (HttpContext context) => ForwardAsync(context, "users/me/export", freshSignIn: true)).RequireAuthorization();
        app.MapGet("/exports/{ticket}", (string ticket, HttpContext context) => ForwardAsync(context, "exports/" + Uri.EscapeDataString(ticket)));
        app.MapGet("/admin/fulfillments/export", (HttpContext context) => ForwardAsync(context, "admin/fulfillments/export" + context.Request.QueryString))
            .RequireAuthorization(new AuthorizeAttribute { Roles = "admin" });
    }

    /// <summary>The beginning of the Api's answer; null when there is none, and then the response is 503.</summary>
    public static async Task<HttpResponseMessage?> AskAsync(HttpContext context, HttpRequestMessage request)
    {
        using var http = context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient(ApiPassThrough.ClientName);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            Unreachable(Log(context), request.RequestUri, e.Message);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return null;
        }
    }

    /// <param name="context">Of the download.</param>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="freshSignIn">The Api wants one, and its 403 says that it is too old.</param>
    private static async Task ForwardAsync(HttpContext context, string path, bool freshSignIn = false)
    {
        using var request = await RequestAsync(context, path);
        using var answer = await AskAsync(context, request);
        if (answer is null)
            return;
        if ((int)answer.StatusCode == StatusCodes.Status401Unauthorized)
            throw new SessionEndedException();
        if (freshSignIn && (int)answer.StatusCode == StatusCodes.Status403Forbidden)
        {
            context.Response.Redirect("/sign-in-again" + QueryString.Create("ReturnUrl", "/settings/data"));
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode)
            await CopyAsync(context, answer);
    }

    /// <summary>
    /// Browsers come back for more events by themselves after an answer of 200, and never after another (WHATWG HTML, "Server-sent events"): so it is
    /// 200 while the Api is away, and 204 when nobody is signed in any more.
    /// </summary>
    private static async Task ForwardEventsAsync(HttpContext context)
    {
        using var request = await RequestAsync(context, "leaderboards/live" + context.Request.QueryString);
        if (context.Request.Headers.TryGetValue("Last-Event-ID", out var last))
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last.AsEnumerable());
        var isSignedIn = request.Headers.Authorization is not null;
        using var answer = isSignedIn ? await AskAsync(context, request) : null;
        if (answer is { IsSuccessStatusCode: true })
        {
            await CopyAsync(context, answer);
            return;
        }

        if (!isSignedIn || answer is { StatusCode: < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests })
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        (context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.CacheControl) = (StatusCodes.Status200OK, "text/event-stream", "no-store");
        await context.Response.WriteAsync("retry: 5000\n\n", context.RequestAborted);
    }

    private static async Task<HttpRequestMessage> RequestAsync(HttpContext context, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path);
        request.Options.Set(HttpResilience.MayRetry, false);
        if (await context.GetTokenAsync("access_token") is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static async Task CopyAsync(HttpContext context, HttpResponseMessage answer)
    {
        var response = context.Response;
        foreach (var header in Told)
        {
            if (answer.Headers.TryGetValues(header, out var values) || answer.Content.Headers.TryGetValues(header, out values))
                response.Headers[header] = values.ToArray();
        }

        // A stop waits for open answers, and live events do not end by themselves: the browser comes back.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await using var stream = await answer.Content.ReadAsStreamAsync(over.Token);
        await response.StartAsync(over.Token);
        try
        {
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, over.Token) is > 0 and var length)
            {
                await response.Body.WriteAsync(buffer.AsMemory(0, length), over.Token);
                await response.Body.FlushAsync(over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (IOException e)
        {
            // The Api has gone in the middle. What was sent so far must not look like the whole.
            Unreachable(Log(context), answer.RequestMessage?.RequestUri, e.Message);
            context.Abort();
        }
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiStreams));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Api did not answer {Address}: {Reason}")]
    private static partial void Unreachable(ILogger logger, Uri? address, string reason);
}
