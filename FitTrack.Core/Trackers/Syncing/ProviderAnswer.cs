using System.Net;
using System.Text.Json;
using Polly;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>Why a provider did not do what was asked of it.</summary>
public enum FaultKind
{
    /// <summary>It is down, slow or answers nonsense; the same request may succeed later.</summary>
    Unavailable,

    /// <summary>Too many requests.</summary>
    LimitReached,

    /// <summary>The member's sign-in at the provider no longer holds.</summary>
    SignInNeeded,

    NotFound,

    /// <summary>It will answer the same the next time.</summary>
    Refused,
}

/// <param name="Message">For the member and the log; without secrets.</param>
/// <param name="RetryAt">Not before then, where the provider says so.</param>
public sealed record ProviderFault(FaultKind Kind, string Message, DateTimeOffset? RetryAt = null);

/// <summary>What a provider answered: a value, or why there is none.</summary>
public sealed class ProviderAnswer<T>
{
    private readonly T? _value;

    private ProviderAnswer(T? value, ProviderFault? fault) => (_value, Fault) = (value, fault);

    public ProviderFault? Fault { get; }

    /// <exception cref="InvalidOperationException">There is a <see cref="Fault"/>.</exception>
    public T Value => Fault is null ? _value! : throw new InvalidOperationException(Fault.Message);

    public static implicit operator ProviderAnswer<T>(T value) => new(value, null);

    public static implicit operator ProviderAnswer<T>(ProviderFault fault) => new(default, fault);
}

/// <summary>What the providers' clients have in common. Time-outs, retries and the circuit breaker come with every client of the host.</summary>
internal static class ProviderHttp
{
    private const int MostBytes = 32 << 20;

    /// <summary>A client that keeps no more of an answer than it must; one page is far below that.</summary>
    public static void Configure(HttpClient http) => http.MaxResponseContentBufferSize = MostBytes;

    public static Uri At(Uri baseUrl, string path) => new(baseUrl.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>Sends a request and reads JSON.</summary>
    /// <param name="faultOf">What an answer that is no success means; it gets the body as JSON, undefined where it is none.</param>
    public static async Task<ProviderAnswer<JsonElement>> AskAsync(
        this HttpClient http, HttpRequestMessage request, string provider, TimeProvider clock, Func<HttpResponseMessage, JsonElement, (FaultKind Kind, string? Message)> faultOf, CancellationToken ct)
    {
        try
        {
            using var response = await http.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            if (response.IsSuccessStatusCode)
                return body.Length == 0 ? default(JsonElement) : Parse(body);
            var (kind, message) = faultOf(response, TryParse(body));
            return new ProviderFault(kind, $"{provider} answered {(int)response.StatusCode}{(message is null ? "" : ": " + message)}.", RetryAt(response, clock));
        }
        catch (JsonException)
        {
            return new ProviderFault(FaultKind.Unavailable, $"{provider} answered with something that is not JSON.");
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or ExecutionRejectedException or IOException or OperationCanceledException)
        {
            return new ProviderFault(FaultKind.Unavailable, $"{provider} could not be reached ({e.GetType().Name}).");
        }
    }

    /// <summary>What a status means where a provider has nothing of its own to say about it.</summary>
    public static FaultKind UsualKind(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => FaultKind.LimitReached,
        HttpStatusCode.NotFound => FaultKind.NotFound,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FaultKind.Unavailable,
        _ => FaultKind.Refused,
    };

    private static JsonElement Parse(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private static JsonElement TryParse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? default : Parse(body);
        }
        catch (JsonException)
        {
            // Error pages of proxies and plain texts say nothing that the status does not.
            return default;
        }
    }

    private static DateTimeOffset? RetryAt(HttpResponseMessage response, TimeProvider clock) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => clock.GetUtcNow() + delta,
        { Date: { } date } => date,
        _ => null,
    };
}
