using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Web.Components.Shared;
using FitTrack.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;

namespace FitTrack.Web.Api;

/// <summary>An answer of the Api: its status (503 when it could not be reached), its value when it was a success, and else why not.</summary>
/// <param name="Link">The address of its Link header (RFC 8288), if it has one.</param>
public readonly record struct ApiResult<T>(int Status, T? Value, Problem? Problem = null, string? Link = null)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public bool Unreachable => Status >= 500;

    /// <summary>In words for the member; null after a success.</summary>
    public string? Trouble => Succeeded ? null
        : Unreachable ? Text.Unreachable
        : Problem is { Errors: { Count: > 0 } errors } ? string.Join(' ', errors.Select(e => e.Message))
        : Problem?.Detail ?? Text.DidNotWork;
}

/// <summary>The Api as the pages need it. Calls carry the signed-in member's access token from the cookie.</summary>
internal sealed partial class FitTrackApi(HttpClient http, IHttpContextAccessor context, IMemoryCache shared, ILogger<FitTrackApi> logger)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="email">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="twoFactorCode">Of the authenticator, or a recovery code; null where two-factor sign-in is off.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Tokens>> LogInAsync(string email, string password, string? twoFactorCode, CancellationToken ct) =>
        SendAsync<Tokens>(HttpMethod.Post, "auth/login", new { email, password, twoFactorCode }, authorize: false, ct);

    public Task<ApiResult<Tokens>> RefreshAsync(string refreshToken, CancellationToken ct) =>
        SendAsync<Tokens>(HttpMethod.Post, "auth/refresh", new { refreshToken }, authorize: false, ct);

    /// <param name="everywhere">On every device, not only here.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<object>> LogOutAsync(bool everywhere, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, everywhere ? "auth/logout-all" : "auth/logout", new { }, authorize: true, ct);

    public Task<ApiResult<Me>> GetMeAsync(CancellationToken ct) => GetAsync<Me>("users/me", ct);

    /// <summary>What is the same for everybody, asked for once in a while.</summary>
    private async Task<ApiResult<T>> GetSharedAsync<T>(string path, TimeSpan keep, CancellationToken ct)
        where T : class
    {
        if (shared.TryGetValue(path, out ApiResult<T> known))
            return known;
        var answer = await GetAsync<T>(path, ct);
        if (answer.Succeeded)
            shared.Set(path, answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = keep, Size = 1 });
        return answer;
    }

    private Task<ApiResult<T>> GetAsync<T>(string path, CancellationToken ct)
        where T : class => SendAsync<T>(HttpMethod.Get, path, body: null, authorize: true, ct);

    /// <param name="method">How.</param>
    /// <param name="path">Below <c>/api/v1/</c>.</param>
    /// <param name="body">Goes as JSON, unless it is content already.</param>
    /// <param name="authorize">As the signed-in member, if somebody is.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="key">Idempotency key: the call may be repeated, and happens once.</param>
    private async Task<ApiResult<T>> SendAsync<T>(HttpMethod method, string path, object? body, bool authorize, CancellationToken ct, string? key = null)
        where T : class
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        var isSignedIn = false;
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
            request.Options.Set(HttpResilience.MayRetry, true);
        }

        if (body is not null)
            request.Content = body as HttpContent ?? JsonContent.Create(body, options: Json);
        if (authorize && context.HttpContext is { } current && await current.GetTokenAsync("access_token") is { } token)
            (request.Headers.Authorization, isSignedIn) = (new AuthenticationHeaderValue("Bearer", token), true);

        try
        {
            using var response = await http.SendAsync(request, ct);
            var status = (int)response.StatusCode;
            if (isSignedIn && status == 401 && !path.StartsWith("auth/", StringComparison.Ordinal))
                throw new SessionEndedException();
            if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true)
                return new ApiResult<T>(status, null, Link: response.Headers.TryGetValues("Link", out var links) ? links.First().Split('<', '>')[1] : null);
            return response.IsSuccessStatusCode
                ? new ApiResult<T>(status, await response.Content.ReadFromJsonAsync<T>(Json, ct))
                : new ApiResult<T>(status, null, await response.Content.ReadFromJsonAsync<Problem>(Json, ct));
        }
        catch (Exception e) when (e is not SessionEndedException && (e is not OperationCanceledException || !ct.IsCancellationRequested))
        {
            Unreachable(method, path, e.Message);
            return new ApiResult<T>(503, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Api did not answer {Method} {Path}: {Reason}")]
    private partial void Unreachable(HttpMethod method, string path, string reason);
}
