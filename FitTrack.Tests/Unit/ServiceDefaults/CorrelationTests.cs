using System.Collections.Concurrent;
using FitTrack.ServiceDefaults.Correlation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FitTrack.Tests.Unit.ServiceDefaults;

public sealed class CorrelationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a")]
    [InlineData("0HN7.client_42-x")]
    public async Task Answer_WhenCallerSendsASafeId_CarriesIt(string id)
    {
        await using var host = await DefaultsHost.StartAsync(map: app => app.MapGet("/", (HttpContext context) => context.TraceIdentifier));

        using var answer = await SendAsync(host, id);

        Assert.Equal(id, answer.Headers.GetValues("X-Correlation-Id").Single());
        Assert.Equal(id, await answer.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("has blank")]
    [InlineData("ana@example.com")]
    [InlineData("<script>")]
    [InlineData("a;b")]
    [InlineData("")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Answer_WhenCallersIdIsUnsafe_CarriesATraceIdInstead(string id)
    {
        await using var host = await DefaultsHost.StartAsync(map: app => app.MapGet("/", () => ""));

        using var answer = await SendAsync(host, id);

        Assert.Matches("^[0-9a-f]{32}$", answer.Headers.GetValues("X-Correlation-Id").Single());
    }

    [Fact]
    public async Task Answers_WhenSentOverOneConnection_HaveIdsOfTheirOwn()
    {
        await using var host = await DefaultsHost.StartAsync(map: app => app.MapGet("/", () => ""));

        using var first = await host.Http.GetAsync("/", Ct);
        using var second = await host.Http.GetAsync("/", Ct);

        Assert.NotEqual(first.Headers.GetValues("X-Correlation-Id").Single(), second.Headers.GetValues("X-Correlation-Id").Single());
    }

    [Fact]
    public async Task Log_WhenWrittenInARequest_CarriesTheId()
    {
        using var log = new ScopeLog();
        await using var host = await DefaultsHost.StartAsync(
            b => b.Logging.AddProvider(log),
            app => app.MapGet("/", (ILogger<CorrelationTests> logger) =>
            {
                using (logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["Drawing"] = 7 }))
                    logger.LogWarning("drawn");
            }));

        using var answer = await SendAsync(host, "abc-1");

        var scopes = log.Lines["drawn"];
        Assert.Equal("abc-1", scopes["CorrelationId"]);
        Assert.Equal(7, scopes["Drawing"]);
    }

    [Fact]
    public void Begin_WhenDisposed_RestoresWhatWasBefore()
    {
        using (CorrelationId.Begin("outer"))
        {
            using (CorrelationId.Begin("in ner"))
                Assert.Matches("^[0-9a-f]{32}$", CorrelationId.Current);
            Assert.Equal("outer", CorrelationId.Current);
        }

        Assert.Null(CorrelationId.Current);
    }

    private static Task<HttpResponseMessage> SendAsync(DefaultsHost host, string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("X-Correlation-Id", id);
        return host.Http.SendAsync(request, Ct);
    }

    [ProviderAlias("Scopes")]
    private sealed class ScopeLog : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = null!;

        public ConcurrentDictionary<string, Dictionary<string, object?>> Lines { get; } = new(StringComparer.Ordinal);

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(ScopeLog log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => log._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                var members = new Dictionary<string, object?>(StringComparer.Ordinal);
                log._scopes.ForEachScope(
                    static (scope, members) =>
                    {
                        if (scope is not IEnumerable<KeyValuePair<string, object?>> pairs)
                            return;
                        foreach (var (key, value) in pairs)
                            members[key] = value;
                    },
                    members);
                log.Lines[formatter(state, exception)] = members;
            }
        }
    }
}
