using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FitTrack.Tests.Fixtures;

/// <summary>A Terra that knows exactly what a test wrote into it, for tests that count.</summary>
public sealed class ScriptedTerra : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Account, string Kind), List<string>> _items = new();
    private StubServer? _server;

    public StubServer Server => _server ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>What it answers while it is down; null while it is not.</summary>
    public int? Down { get; set; }

    /// <summary>What it was asked, as <c>activity?start_date=...</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Runs before each answer.</summary>
    public Func<Task>? Before { get; set; }

    public async Task StartAsync() => _server = await StubServer.StartAsync(AnswerAsync);

    /// <param name="message">A message as <see cref="TerraSender"/> makes them; its items are what <c>GET /activity</c> or <c>/daily</c> gives.</param>
    public void Has(string account, string message)
    {
        var root = JsonElement.Parse(message);
        var items = _items.GetOrAdd((account, root.GetProperty("type").GetString()!), _ => []);
        lock (items)
            items.AddRange(root.GetProperty("data").EnumerateArray().Select(i => i.GetRawText()));
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext call)
    {
        if (Before is { } before)
            await before();
        var (kind, account) = (call.Request.Path.Value!.Split('/')[^1], call.Request.Query["user_id"].ToString());
        Asked.Enqueue(kind + call.Request.QueryString);
        if (Down is { } status)
        {
            call.Response.StatusCode = status;
            return;
        }

        var items = _items.GetOrAdd((account, kind), _ => []);
        string[] all;
        lock (items)
            all = [.. items];
        call.Response.ContentType = "application/json";
        await call.Response.WriteAsync($"{{\"user\":{{\"user_id\":\"{account}\"}},\"type\":\"{kind}\",\"data\":[{string.Join(',', all)}]}}", call.RequestAborted);
    }
}
