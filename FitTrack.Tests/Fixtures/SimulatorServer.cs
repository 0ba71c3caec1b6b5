using System.Collections.Concurrent;
using System.Net;
using FitTrack.Tests.Fixtures;
using FitTrack.Worker.Simulators;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

[assembly: AssemblyFixture(typeof(SimulatorServer))]

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// The simulated Terra, Strava and Hevy for all tests of a run, on a loopback port that is opened with the first <see cref="OpenAsync"/>.
/// Each call opens a world of its own: accounts, faults, limits, clock and webhooks are shared with nobody.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private WebApplication? _app;
    private int _worlds;

    /// <param name="clock">The world's time; a new clock without one.</param>
    /// <param name="receiver">Takes the webhooks, such as <c>api.Factory.Server.CreateHandler()</c>; without one they are recorded and acknowledged.</param>
    internal async Task<SimulatedWorld> OpenAsync(TestClock? clock = null, HttpMessageHandler? receiver = null, Action<SimulatorOptions>? change = null)
    {
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _app ??= await StartAsync();
        }
        finally
        {
            _starting.Release();
        }

        var options = new SimulatorOptions { DemoUsers = 0, RememberEarlierRuns = false, TerraWebhook = new("http://localhost/api/v1/webhooks/terra"), StravaWebhook = new("http://localhost/api/v1/webhooks/strava") };
        change?.Invoke(options);
        var webhooks = new WebhookRecorder(receiver);
        var name = $"world{Interlocked.Increment(ref _worlds)}";
        var sandbox = new Sandbox(name, options, clock ?? new TestClock(), new HttpMessageInvoker(webhooks));
        _app.Services.GetRequiredService<Sandboxes>().Add(name, sandbox);
        return new SimulatedWorld(new Uri($"{_app.Urls.First()}/{name}/"), sandbox, webhooks);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _starting.Dispose();
    }

    private static async Task<WebApplication> StartAsync()
    {
        var app = SimulatorHost.Build([], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        });
        await app.StartAsync();
        return app;
    }
}

/// <param name="Url">Above <c>terra/</c>, <c>strava/</c> and <c>hevy/</c>.</param>
/// <param name="Webhooks">What it has sent.</param>
internal sealed record SimulatedWorld(Uri Url, Sandbox Sandbox, WebhookRecorder Webhooks)
{
    public SimulatorOptions Options => Sandbox.Options;

    public TestClock Clock => (TestClock)Sandbox.Clock;

    /// <summary>The settings that lead the product here.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Trackers:Terra:BaseUrl"] = $"{Url}terra/api/v2",
        ["Trackers:Terra:WidgetUrl"] = $"{Url}terra/api/widget/session",
        ["Trackers:Terra:DevId"] = Options.TerraDevId,
        ["Trackers:Terra:ApiKey"] = Options.TerraApiKey,
        ["Trackers:Terra:WebhookSecret"] = Options.TerraWebhookSecret,
        ["Trackers:Strava:BaseUrl"] = $"{Url}strava",
        ["Trackers:Strava:ClientId"] = Options.StravaClientId,
        ["Trackers:Strava:ClientSecret"] = Options.StravaClientSecret,
        ["Trackers:Hevy:BaseUrl"] = $"{Url}hevy",
    };

    /// <summary>A client with these headers, without following redirects.</summary>
    public HttpClient NewClient(params (string Name, string Value)[] headers)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Url };
        foreach (var (name, value) in headers)
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        return client;
    }

    /// <summary>Does what the page does with an account (<c>workout</c>, <c>day</c>, <c>correct</c>, <c>delete</c>, <c>events/...</c>); answers what the webhooks came to.</summary>
    public async Task<IReadOnlyList<string>> ActAsync(string provider, string account, string what, object? effort = null)
    {
        using var answer = await NewClient().PostJsonAsync($"control/{provider}/accounts/{account}/{what}", effort ?? new { });
        return [.. (await answer.ReadJsonAsync()).GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("outcome").GetString()!)];
    }

    /// <summary>A client with Terra's credentials.</summary>
    public HttpClient NewTerraClient() => NewClient(("dev-id", Options.TerraDevId), ("x-api-key", Options.TerraApiKey));
}

/// <summary>Keeps each webhook, and passes it on where somebody listens.</summary>
internal sealed class WebhookRecorder(HttpMessageHandler? receiver) : HttpMessageHandler
{
    private readonly HttpMessageInvoker? _receiver = receiver is null ? null : new(receiver);
    private readonly ConcurrentQueue<StubRequest> _requests = new();

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    /// <summary>Answers that come first, before it goes back to accepting.</summary>
    public ConcurrentQueue<HttpStatusCode> Refusals { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        _requests.Enqueue(new StubRequest(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body));
        if (Refusals.TryDequeue(out var refusal))
            return new HttpResponseMessage(refusal);
        return _receiver is null ? new HttpResponseMessage(HttpStatusCode.OK) : await _receiver.SendAsync(request, cancellationToken);
    }
}
