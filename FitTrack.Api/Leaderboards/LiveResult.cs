using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace FitTrack.Api.Leaderboards;

/// <summary>
/// Server-sent events of one board. A stream ends after five minutes, so that who signed out in between hears no more; browsers
/// come back by themselves and say what they heard last (WHATWG HTML, "Server-sent events").
/// </summary>
internal sealed class LiveResult(LiveBoard board, LiveBoards boards, string? heard, TimeProvider clock) : IResult, IEndpointMetadataProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            await WriteAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The listener has gone, which is how most streams end.
        }
        finally
        {
            boards.Leave(board);
        }
    }

    private async Task WriteAsync(HttpContext http)
    {
        var (response, ct) = (http.Response, http.RequestAborted);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync("retry: 2000\n\n"u8.ToArray(), ct);
        using var over = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token);
        var last = heard;
        for (var now = board.Now; !now.IsLast && !over.IsCancellationRequested; now = board.Now)
        {
            if (now.Event.Id == last)
                await response.Body.WriteAsync(": nothing new\n\n"u8.ToArray(), ct);
            else
                await response.Body.WriteAsync(now.Event.Bytes, ct);
            last = now.Event.Id;
            await response.Body.FlushAsync(ct);
            await now.Ended.Task.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }
}
