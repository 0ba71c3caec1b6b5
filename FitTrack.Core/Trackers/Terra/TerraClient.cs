using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitTrack.Core.Trackers.Syncing;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Terra;

/// <summary>A page of Terra's on which a member signs in at a provider.</summary>
/// <param name="Url">Where the browser goes.</param>
/// <param name="SessionId">Terra's name for it.</param>
public sealed record TerraSession(Uri Url, string SessionId);

/// <summary>Terra's REST interface, version 2 (providers 1.1 to 1.5).</summary>
public sealed class TerraClient(HttpClient http, IOptions<TerraOptions> options, TimeProvider clock)
{
    private const string Name = "Terra";

    /// <summary>Opens the widget for one provider.</summary>
    /// <param name="provider">Terra's name for it, such as <c>GARMIN</c>.</param>
    public async Task<ProviderAnswer<TerraSession>> OpenWidgetAsync(Guid userId, string provider, Uri success, Uri failure, CancellationToken ct)
    {
        var url = options.Value.LegacyWidget ? ProviderHttp.At(options.Value.BaseUrl, "/auth/generateWidgetSession") : options.Value.WidgetUrl;
        using var request = Request(HttpMethod.Post, url);
        request.Content = JsonContent.Create(new
        {
            reference_id = TerraMessages.ReferenceOf(userId),
            providers = provider,
            language = "en",
            auth_success_redirect_url = success,
            auth_failure_redirect_url = failure,
        });
        var answer = await AskAsync(request, ct);
        if (answer.Fault is { } fault)
            return fault;
        return Uri.TryCreate(answer.Value.Child("url").Text(), UriKind.Absolute, out var page) && page.Scheme is "http" or "https"
            ? new TerraSession(page!, answer.Value.Child("session_id").Text(200) ?? "")
            : new ProviderFault(FaultKind.Unavailable, "Terra opened no widget session.");
    }

    /// <summary>An account's data of some days.</summary>
    /// <param name="kind"><c>activity</c> or <c>daily</c>.</param>
    /// <returns>The items; none when Terra sends them as webhooks instead, as it does with long ranges.</returns>
    public async Task<ProviderAnswer<IReadOnlyList<JsonElement>>> ReadAsync(string kind, string account, DateOnly from, DateOnly until, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, ProviderHttp.At(
            options.Value.BaseUrl,
            $"/{kind}?user_id={Uri.EscapeDataString(account)}&start_date={SyncWindow.Text(from)}&end_date={SyncWindow.Text(until)}&to_webhook=false&with_samples=false"));
        var answer = await AskAsync(request, ct);
        if (answer.Fault is { } fault)
            return fault;
        return answer.Value.Child("data") is { ValueKind: JsonValueKind.Array } data ? data.EnumerateArray().ToArray() : Array.Empty<JsonElement>();
    }

    /// <summary>Whether Terra still knows the account, and is signed in at its provider.</summary>
    public async Task<ProviderAnswer<bool>> IsSignedInAsync(string account, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, ProviderHttp.At(options.Value.BaseUrl, "/userInfo?user_id=" + Uri.EscapeDataString(account)));
        var answer = await AskAsync(request, ct);
        return answer.Fault switch
        {
            null => answer.Value.Child("is_authenticated").ValueKind != JsonValueKind.False,
            { Kind: FaultKind.NotFound } => false,
            var fault => fault,
        };
    }

    /// <returns>Null when Terra has forgotten the account, or never knew it.</returns>
    public async Task<ProviderFault?> DeauthenticateAsync(string account, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Delete, ProviderHttp.At(options.Value.BaseUrl, "/auth/deauthenticateUser?user_id=" + Uri.EscapeDataString(account)));
        return (await AskAsync(request, ct)).Fault is { Kind: not FaultKind.NotFound } fault ? fault : null;
    }

    private HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Add("dev-id", options.Value.DevId);
        request.Headers.Add("x-api-key", options.Value.ApiKey);
        return request;
    }

    private Task<ProviderAnswer<JsonElement>> AskAsync(HttpRequestMessage request, CancellationToken ct) => http.AskAsync(request, Name, clock, FaultOf, ct);

    /// <summary>Newer endpoints write problem details, older ones <c>{status, message}</c>. 424: the member's permission at the provider is gone.</summary>
    private static (FaultKind Kind, string? Message) FaultOf(HttpResponseMessage response, JsonElement body)
    {
        var kind = response.StatusCode == HttpStatusCode.FailedDependency ? FaultKind.SignInNeeded : ProviderHttp.UsualKind(response.StatusCode);
        return (kind, body.Child("detail").Text(200) ?? body.Child("message").Text(200));
    }
}
