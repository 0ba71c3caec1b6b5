using System.Net;
using FitTrack.ServiceDefaults.Correlation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FitTrack.ServiceDefaults.Http;

/// <summary>
/// Every client of <see cref="IHttpClientFactory"/> gets: a total timeout, retries with jitter, a circuit breaker, a timeout for each attempt,
/// service discovery (<c>http://api</c>) and the correlation id. Only requests that may be repeated are: GET, HEAD, OPTIONS, PUT, DELETE,
/// and others marked with <see cref="MayRetry"/>. Failures end as <see cref="HttpRequestException"/>,
/// <see cref="TimeoutRejectedException"/> or <see cref="BrokenCircuitException"/>.
/// </summary>
public static partial class HttpResilience
{
    /// <summary>Set on a POST that is safe to repeat (it carries an idempotency key), or to false on any request that must go out once.</summary>
    public static readonly HttpRequestOptionsKey<bool> MayRetry = new("FitTrack.MayRetry");

    private static readonly HttpRequestOptionsKey<HttpTimeouts> Timeouts = new("FitTrack.Timeouts");

    /// <summary>Other timeouts for one client, for instance a language model that needs a minute.</summary>
    public static IHttpClientBuilder WithTimeouts(this IHttpClientBuilder builder, TimeSpan attempt, TimeSpan total)
    {
        var timeouts = new HttpTimeouts(attempt, total);
        return builder.ConfigureHttpClient(client => client.Timeout = WithBody(timeouts.Attempt, timeouts.Total))
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Insert(0, new TimeoutsHandler(timeouts)));
    }

    internal static void AddResilientHttpClients(this IServiceCollection services)
    {
        services.AddOptions<HttpResilienceOptions>().BindConfiguration(HttpResilienceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddTransient<CorrelationHandler>();
        services.ConfigureHttpClientDefaults(http => AddServiceDiscoveryHandler(AddResilienceHandler(http)).AddHttpMessageHandler<CorrelationHandler>()
            .ConfigureHttpClient(static (services, client) =>
            {
                var options = services.GetRequiredService<IOptions<HttpResilienceOptions>>().Value;
                client.Timeout = WithBody(options.AttemptTimeout, options.TotalTimeout);
            }));
    }

    /// <summary>
    /// The pipeline ends with the answer's headers; a body that is buffered comes after it and has an attempt's time more. The client's own 100 seconds
    /// would let a body hang for longer, and cut off what was given longer.
    /// </summary>
    private static TimeSpan WithBody(TimeSpan attempt, TimeSpan total) => total + attempt;

    private static partial IHttpClientBuilder AddResilienceHandler(IHttpClientBuilder http);

    private static partial IHttpClientBuilder AddServiceDiscoveryHandler(IHttpClientBuilder http);

    private static partial HttpRequestMessage? RequestOf(ResilienceContext context);

    /// <summary>From the outside in: total timeout, retries, circuit, timeout of an attempt.</summary>
    private static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<HttpResilienceOptions>>().Value;
        var clock = services.GetRequiredService<TimeProvider>();
        pipeline.TimeProvider = clock;
        pipeline
            .AddTimeout(new TimeoutStrategyOptions { Name = "total", TimeoutGenerator = args => new(TimeoutsOf(args.Context)?.Total ?? options.TotalTimeout) })
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = args => new(IsTransient(args.Outcome) && IsRepeatable(RequestOf(args.Context)) && Pause(args.Outcome, clock) is var pause && (pause is null || pause <= options.MaxRetryDelay)),
                DelayGenerator = args => new(Pause(args.Outcome, clock)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = options.BreakAtFailureRatio,
                MinimumThroughput = options.BreakAtMinimumCalls,
                SamplingDuration = options.BreakSampling,
                BreakDuration = options.BreakDuration,
                ShouldHandle = args => new(IsTransient(args.Outcome)),
            })
            .AddTimeout(new TimeoutStrategyOptions { Name = "attempt", TimeoutGenerator = args => new(TimeoutsOf(args.Context)?.Attempt ?? options.AttemptTimeout) });
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    /// <summary>A stream that was sent is gone, so such a body is never repeated.</summary>
    private static bool IsRepeatable(HttpRequestMessage? request) => request is { Content: not StreamContent }
        && (request.Options.TryGetValue(MayRetry, out var marked) ? marked : Idempotent.Contains(request.Method));

    private static readonly HashSet<HttpMethod> Idempotent = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Put, HttpMethod.Delete];

    private static TimeSpan? Pause(Outcome<HttpResponseMessage> outcome, TimeProvider clock) => outcome.Result?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static HttpTimeouts? TimeoutsOf(ResilienceContext context) =>
        RequestOf(context) is { } request && request.Options.TryGetValue(Timeouts, out var timeouts) ? timeouts : null;

    private sealed record HttpTimeouts(TimeSpan Attempt, TimeSpan Total);

    private sealed class TimeoutsHandler(HttpTimeouts timeouts) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.Set(Timeouts, timeouts);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
