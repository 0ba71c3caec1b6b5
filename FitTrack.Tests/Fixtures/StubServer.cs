using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>A real Kestrel on a free loopback port that plays the other side: it records what it gets and answers as it is told.</summary>
public sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubRequest> _requests = new();

    private StubServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _requests.Enqueue(new StubRequest(context.Request.Method, context.Request.Path, headers, body.ToArray()));
            await answer(context);
        });
    }

    public Uri Url => new(_app.Urls.First());

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static async Task<StubServer> StartAsync(RequestDelegate answer)
    {
        var server = new StubServer(answer);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Answers with these statuses in turn, the last one for ever.</summary>
    public static Task<StubServer> StartAsync(params int[] statuses)
    {
        var next = -1;
        return StartAsync(context =>
        {
            context.Response.StatusCode = statuses[Math.Min(Interlocked.Increment(ref next), statuses.Length - 1)];
            return context.Response.WriteAsync(context.Response.StatusCode.ToString(CultureInfo.InvariantCulture), context.RequestAborted);
        });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

public sealed record StubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
