using System.Net.Http.Headers;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Web.Security;
using Microsoft.AspNetCore.Authentication;

namespace FitTrack.Web.Api;

/// <summary>What goes from the Api to the browser as it comes: downloads and live events.</summary>
internal static class ApiStreams
{
    private static readonly string[] Told = ["Content-Type", "Content-Disposition", "Cache-Control"];

    public static void MapApiStreams(this IEndpointRouteBuilder app)
    {
        app.MapGet("/live/leaderboards", (HttpContext context, IHttpClientFactory clients) => ForwardAsync(context, clients, "leaderboards/live" + context.Request.QueryString)).RequireAuthorization();
        app.MapGet("/settings/data/export", (HttpContext context, IHttpClientFactory clients) => ForwardAsync(context, clients, "users/me/export")).RequireAuthorization();
        app.MapGet("/exports/{ticket}", (string ticket, HttpContext context, IHttpClientFactory clients) => ForwardAsync(context, clients, "exports/" + Uri.EscapeDataString(ticket)));
    }

    private static async Task ForwardAsync(HttpContext context, IHttpClientFactory clients, string path)
    {
        var (response, ct) = (context.Response, context.RequestAborted);
        using var http = clients.CreateClient(ApiPassThrough.ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path);
        request.Options.Set(HttpResilience.MayRetry, false);
        if (await context.GetTokenAsync("access_token") is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (context.Request.Headers.TryGetValue("Last-Event-ID", out var last))
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last.AsEnumerable());
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if ((int)answer.StatusCode == StatusCodes.Status401Unauthorized)
            throw new SessionEndedException();
        if ((int)answer.StatusCode == StatusCodes.Status403Forbidden)
        {
            // The only refusal of a signed-in member's own stream: it wants a sign-in that is fresh.
            response.Redirect("/sign-in-again" + QueryString.Create("ReturnUrl", "/settings/data"));
            return;
        }

        response.StatusCode = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode)
            return;
        foreach (var header in Told)
        {
            if (answer.Headers.TryGetValues(header, out var values) || answer.Content.Headers.TryGetValues(header, out values))
                response.Headers[header] = values.ToArray();
        }

        // A stop waits for open answers, and live events do not end by themselves: the browser comes back.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
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
    }
}
