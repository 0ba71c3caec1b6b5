using System.Net.ServerSentEvents;
using FitTrack.Web.Api;

namespace FitTrack.Web.Components.Leaderboards;

/// <summary>
/// Tells a page that the board it shows has changed. What the board says is fetched as the page itself, so that there is one way to show it; the
/// Api's stream is opened with the token from the cookie and passed on event by event, with its ids, so that it resumes where it ended.
/// </summary>
internal static class LiveBoard
{
    public static void MapLiveBoard(this IEndpointRouteBuilder routes) => routes.MapGet("/live/boards", ListenAsync).RequireAuthorization();

    private static async Task ListenAsync(string kind, string tier, HttpContext http, FitTrackApi api, IHostApplicationLifetime lifetime)
    {
        // The server waits for open requests before it stops.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            using var stream = await api.ListenAsync(kind, tier, http.Request.Headers["Last-Event-ID"], over.Token);
            if (!stream.IsSuccessStatusCode)
            {
                http.Response.StatusCode = (int)stream.StatusCode;
                return;
            }

            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            await http.Response.Body.FlushAsync(over.Token);
            await foreach (var item in SseParser.Create(await stream.Content.ReadAsStreamAsync(over.Token)).EnumerateAsync(over.Token))
            {
                await http.Response.WriteAsync($"id: {item.EventId}\ndata: {item.EventType}\n\n", over.Token);
                await http.Response.Body.FlushAsync(over.Token);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The reader has gone, or this server stops; the browser comes back by itself.
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !http.Response.HasStarted)
        {
            http.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }
}
