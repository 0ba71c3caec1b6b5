using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers.Syncing;
using FitTrack.Core.Trackers.Terra;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Trackers.Strava;

/// <param name="AthleteId">Whose; null where a renewal does not repeat it.</param>
public sealed record StravaTokens(string Access, string Refresh, DateTimeOffset ExpiresAt, string? AthleteId);

/// <summary>Strava's interface, version 3 (providers 2.2 to 2.4). Every reading is counted by the governor first.</summary>
public sealed class StravaClient(HttpClient http, RateGovernor governor, IOptions<StravaOptions> options, TimeProvider clock)
{
    /// <summary>The most that Strava gives in one page.</summary>
    public const int PageSize = 200;

    public const string Scopes = "read,activity:read_all,profile:read_all";

    private const int QuarterHour = 900;
    private const int Day = 86_400;

    /// <summary>A code that was only just made is refused now and then; two seconds later it is known.</summary>
    private static readonly TimeSpan CodeDelay = TimeSpan.FromSeconds(2);

    public Uri AuthorizeUrl(string state, Uri redirect) => ProviderHttp.At(
        options.Value.BaseUrl,
        $"/oauth/authorize?client_id={Uri.EscapeDataString(options.Value.ClientId)}&redirect_uri={Uri.EscapeDataString(redirect.AbsoluteUri)}&response_type=code&approval_prompt=auto&scope={Uri.EscapeDataString(Scopes)}&state={state}");

    public async Task<ProviderAnswer<StravaTokens>> ExchangeAsync(string code, CancellationToken ct)
    {
        var answer = await TokenAsync("authorization_code", "code", code, ct);
        if (answer.Fault is not { Kind: FaultKind.SignInNeeded })
            return answer;
        await Task.Delay(CodeDelay, clock, ct);
        return await TokenAsync("authorization_code", "code", code, ct);
    }

    /// <summary>New tokens; the old refresh token may be worth nothing from here on.</summary>
    public Task<ProviderAnswer<StravaTokens>> RenewAsync(string refreshToken, CancellationToken ct) => TokenAsync("refresh_token", "refresh_token", refreshToken, ct);

    public async Task<ProviderFault?> DeauthorizeAsync(string accessToken, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ProviderHttp.At(options.Value.BaseUrl, "/oauth/deauthorize"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return (await http.AskAsync(request, "Strava", clock, FaultOf, ct)).Fault;
    }

    /// <summary>One page of the activities between two times; a page that is not full is the last one.</summary>
    public async Task<ProviderAnswer<IReadOnlyList<JsonElement>>> ActivitiesAsync(string accessToken, DateTimeOffset after, DateTimeOffset before, int page, CancellationToken ct)
    {
        var answer = await ReadAsync(string.Create(CultureInfo.InvariantCulture, $"/athlete/activities?after={after.ToUnixTimeSeconds()}&before={before.ToUnixTimeSeconds()}&page={page}&per_page={PageSize}"), accessToken, ct);
        if (answer.Fault is { } fault)
            return fault;
        return answer.Value is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToArray() : new ProviderFault(FaultKind.Unavailable, "Strava answered with no list.");
    }

    public Task<ProviderAnswer<JsonElement>> ActivityAsync(string accessToken, long id, CancellationToken ct) =>
        ReadAsync(string.Create(CultureInfo.InvariantCulture, $"/activities/{id}"), accessToken, ct);

    /// <summary>A shoe or a bicycle.</summary>
    public Task<ProviderAnswer<JsonElement>> GearAsync(string accessToken, string id, CancellationToken ct) => ReadAsync("/gear/" + Uri.EscapeDataString(id), accessToken, ct);

    private async Task<ProviderAnswer<JsonElement>> ReadAsync(string path, string accessToken, CancellationToken ct)
    {
        var limits = options.Value;
        if (await governor.TakeAsync(TrackerService.Strava, [new RateWindow(QuarterHour, limits.ReadsPerQuarterHour), new RateWindow(Day, limits.ReadsPerDay)], ct) is { } later)
            return new ProviderFault(FaultKind.LimitReached, "Strava's limit for this application is reached.", later);

        using var request = new HttpRequestMessage(HttpMethod.Get, ProviderHttp.At(limits.BaseUrl, "/api/v3" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var usage = new Usage(0, 0);
        var answer = await http.AskAsync(request, "Strava", clock, (response, body) => Note(response, body, ref usage), ct);
        if (answer.Fault is not { Kind: FaultKind.LimitReached } refused)
            return answer;

        // No Retry-After: the windows begin anew each quarter of an hour and at midnight UTC.
        var window = usage.Day >= limits.ReadsPerDay ? Day : QuarterHour;
        var until = refused.RetryAt ?? RateGovernor.StartOf(clock.Now(), window).AddSeconds(window);
        await governor.LearnAsync(TrackerService.Strava, QuarterHour, usage.QuarterHour, ct);
        await governor.LearnAsync(TrackerService.Strava, Day, usage.Day, ct);
        await governor.BlockAsync(TrackerService.Strava, until, ct);
        return refused with { RetryAt = until };
    }

    private static (FaultKind Kind, string? Message) Note(HttpResponseMessage response, JsonElement body, ref Usage usage)
    {
        usage = Usage.Of(response) ?? usage;
        return FaultOf(response, body);
    }

    private async Task<ProviderAnswer<StravaTokens>> TokenAsync(string grant, string name, string value, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, ProviderHttp.At(options.Value.BaseUrl, "/oauth/token"));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = options.Value.ClientId,
            ["client_secret"] = options.Value.ClientSecret,
            ["grant_type"] = grant,
            [name] = value,
        });
        var answer = await http.AskAsync(request, "Strava", clock, TokenFaultOf, ct);
        if (answer.Fault is { } fault)
            return fault;
        return answer.Value.Child("access_token").Text() is { } access && answer.Value.Child("refresh_token").Text() is { } refresh && answer.Value.Child("expires_at").Number() is { } expires
            ? new StravaTokens(access, refresh, DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(expires, 0, 4_102_444_800)), answer.Value.Child("athlete", "id").Number()?.ToString("F0", CultureInfo.InvariantCulture))
            : new ProviderFault(FaultKind.Unavailable, "Strava answered without tokens.");
    }

    /// <summary>Strava says 400 to a code or refresh token that is worth nothing, and names it; a wrong client is our own mistake.</summary>
    private static (FaultKind Kind, string? Message) TokenFaultOf(HttpResponseMessage response, JsonElement body)
    {
        var resource = body.Child("errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0 ? errors[0].Child("resource").Text(60) : null;
        var isMembers = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized && resource != "Application";
        return (isMembers ? FaultKind.SignInNeeded : ProviderHttp.UsualKind(response.StatusCode), body.Child("message").Text(200));
    }

    private static (FaultKind Kind, string? Message) FaultOf(HttpResponseMessage response, JsonElement body) =>
        (response.StatusCode == HttpStatusCode.Unauthorized ? FaultKind.SignInNeeded : ProviderHttp.UsualKind(response.StatusCode), body.Child("message").Text(200));

    /// <summary>Requests that Strava has counted, from its headers.</summary>
    private sealed record Usage(int QuarterHour, int Day)
    {
        public static Usage? Of(HttpResponseMessage response)
        {
            if (!response.Headers.TryGetValues("X-ReadRateLimit-Usage", out var values) && !response.Headers.TryGetValues("X-RateLimit-Usage", out values))
                return null;
            var parts = string.Join(',', values).Split(',');
            return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var quarter) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var day) ? new Usage(quarter, day) : null;
        }
    }
}
