using System.Net.Sockets;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FitTrack.Tests.Fixtures;

/// <summary>
/// The Api's pipeline on a real Kestrel, with endpoints that a test maps itself: for what no feature's endpoint can be made to do on
/// request, and for what only a real server does (body limits, callers that hang up).
/// </summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpHost(WebApplication app, TestClock clock, LogRecorder logs)
    {
        _app = app;
        Clock = clock;
        Logs = logs;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public TestClock Clock { get; }

    public LogRecorder Logs { get; }

    public Uri Address { get; }

    /// <param name="map">Maps the endpoints.</param>
    /// <param name="connectionString">Without one, the database is unreachable.</param>
    public static async Task<HttpHost> StartAsync(Action<WebApplication> map, string? connectionString = null, params (string Key, string Value)[] settings)
    {
        var clock = new TestClock();
        var logs = new LogRecorder();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:fittrack"] = connectionString ?? "Host=127.0.0.1;Port=9;Database=none;Username=none;Timeout=2",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddFitTrackDatabase();
        builder.AddApiHttp();
        builder.Services.AddValidation();
        builder.Services.AddSingleton<IJwtKeys>(TestTokens.Keys);
        builder.Services.AddFitTrackJwt();
        builder.Services.AddAuthorization();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        builder.Logging.ClearProviders().AddProvider(logs);

        var app = builder.Build();
        app.UseApiHttp();
        app.MapDefaultEndpoints("/api/v1/health");
        app.MapApiDocuments();
        map(app);
        await app.StartAsync();
        return new HttpHost(app, clock, logs);
    }

    /// <param name="token">An access token, see <see cref="TestTokens"/>.</param>
    public HttpClient NewClient(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return client;
    }

    /// <summary>A raw connection, for what no client library sends.</summary>
    public async Task<NetworkStream> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address.Host, Address.Port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public AsyncServiceScope NewScope() => _app.Services.CreateAsyncScope();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
