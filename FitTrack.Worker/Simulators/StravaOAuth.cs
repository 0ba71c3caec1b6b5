using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace FitTrack.Worker.Simulators;

/// <summary>
/// Strava's sign-in (providers 2.2): a code that works once, access for six hours, and refresh tokens that end with their first use,
/// which is stricter than Strava.
/// </summary>
internal sealed class StravaOAuth(Sandbox sandbox)
{
    private static readonly TimeSpan AccessLasts = TimeSpan.FromHours(6);
    private static readonly TimeSpan CodeLasts = TimeSpan.FromMinutes(10);
    private static readonly string[] KnownScopes = ["read", "read_all", "profile:read_all", "profile:write", "activity:read", "activity:read_all", "activity:write"];

    private readonly Lock _gate = new();
    private readonly List<StravaGrant> _grants = [];

    public bool IsConnected(long athlete)
    {
        lock (_gate)
            return _grants.Exists(g => g.Athlete == athlete && g.Code is null);
    }

    /// <summary>The consent page, or Strava's refusal of what the link says.</summary>
    public IResult Ask(HttpContext call)
    {
        if (Problem(call) is { } problem)
            return problem;
        var scopes = Scopes(call);
        var accounts = sandbox.Strava.Accounts.Select(a => (a.Id, $"{a.Name} · {a.Id} · {a.Detail}"));
        return ConsentPage.Form(call, "Authorize FitTrack to use Strava", "Nothing here asks for a password.", accounts, scopes, [("agree", "true", "Authorize")]);
    }

    public async Task<IResult> AnswerAsync(HttpContext call)
    {
        if (Problem(call) is { } problem)
            return problem;
        var form = await call.Request.ReadFormAsync(call.RequestAborted);
        var (back, state) = (call.Query("redirect_uri")!, call.Query("state"));
        if (form["agree"] != "true")
            return Results.Redirect(Wire.With(back, ("state", state), ("error", "access_denied")));

        var athlete = sandbox.Strava.Find(form["account"].ToString()) is null ? sandbox.Strava.NewAthlete(null) : long.Parse(form["account"].ToString(), CultureInfo.InvariantCulture);
        var granted = string.Join(',', Scopes(call).Where(s => form["scope"].Contains(s)));
        var grant = new StravaGrant { Athlete = athlete, Scope = granted, Code = Token(), CodeExpiresAt = sandbox.Now + CodeLasts };
        lock (_gate)
            _grants.Add(grant);
        return Results.Redirect(Wire.With(back, ("state", state), ("code", grant.Code), ("scope", granted)));
    }

    public async Task<IResult> TokenAsync(HttpContext call)
    {
        if (!call.Request.HasFormContentType)
            return Bad("Application", "client_id");
        var form = await call.Request.ReadFormAsync(call.RequestAborted);
        if (form["client_id"] != sandbox.Options.StravaClientId)
            return Bad("Application", "client_id");
        if (form["client_secret"] != sandbox.Options.StravaClientSecret)
            return Bad("Application", "client_secret");
        lock (_gate)
        {
            return form["grant_type"].ToString() switch
            {
                "authorization_code" => Exchange(form["code"]),
                "refresh_token" => Refresh(form["refresh_token"]),
                _ => Bad("Application", "grant_type"),
            };
        }
    }

    /// <summary>Ends what the token belongs to; the webhook says so afterwards.</summary>
    public async Task<IResult> DeauthorizeAsync(HttpContext call)
    {
        var form = call.Request.HasFormContentType ? await call.Request.ReadFormAsync(call.RequestAborted) : FormCollection.Empty;
        var token = Bearer(call) ?? call.Query("access_token") ?? form["access_token"].ToString();
        if (ByAccessToken(token) is not { } grant)
            return Unauthorized();
        sandbox.Webhooks.Post([.. sandbox.Strava.Happen($"{grant.Athlete}", "authorized_false")]);
        return Wire.Answer(new { access_token = token });
    }

    /// <summary>The newer way: Basic with the application's id and secret, and either token.</summary>
    public async Task<IResult> RevokeAsync(HttpContext call)
    {
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{sandbox.Options.StravaClientId}:{sandbox.Options.StravaClientSecret}"));
        if (!AuthenticationHeaderValue.TryParse(call.Request.Headers.Authorization, out var header) || header.Scheme != "Basic" || header.Parameter != expected)
            return StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid");
        var form = call.Request.HasFormContentType ? await call.Request.ReadFormAsync(call.RequestAborted) : FormCollection.Empty;
        var token = form["token"].ToString();
        StravaGrant? grant;
        lock (_gate)
            grant = _grants.Find(g => g.Code is null && (g.AccessToken == token || g.RefreshToken == token));
        if (grant is not null)
            sandbox.Webhooks.Post([.. sandbox.Strava.Happen($"{grant.Athlete}", "authorized_false")]);
        return Results.Ok();
    }

    public void Revoke(long athlete)
    {
        lock (_gate)
            _grants.RemoveAll(g => g.Athlete == athlete);
    }

    /// <summary>Who asks; null when the token is unknown or has expired.</summary>
    public StravaGrant? Who(HttpContext call) => ByAccessToken(Bearer(call)) is { } grant && grant.ExpiresAt > sandbox.Now ? grant : null;

    public static IResult Unauthorized() => StravaSimulator.Fault(401, "Authorization Error", "Athlete", "access_token", "invalid");

    private static string? Bearer(HttpContext call) =>
        AuthenticationHeaderValue.TryParse(call.Request.Headers.Authorization, out var header) && header.Scheme == "Bearer" ? header.Parameter : null;

    private static IResult Bad(string resource, string field, string code = "invalid") => StravaSimulator.Fault(400, "Bad Request", resource, field, code);

    private static List<string> Scopes(HttpContext call) =>
        [.. (call.Query("scope") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Where(s => KnownScopes.Contains(s, StringComparer.Ordinal))];

    /// <summary>Not to be guessed, and not the same in the next run.</summary>
    private static string Token() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    private IResult? Problem(HttpContext call) =>
        call.Query("client_id") != sandbox.Options.StravaClientId ? Bad("Application", "client_id")
        : !Uri.TryCreate(call.Query("redirect_uri"), UriKind.Absolute, out var back) || back.Scheme is not ("http" or "https") ? Bad("Application", "redirect_uri")
        : call.Query("response_type") != "code" ? Bad("Application", "response_type")
        : Scopes(call).Count == 0 ? Bad("Application", "scope") : null;

    private StravaGrant? ByAccessToken(string? token)
    {
        lock (_gate)
            return string.IsNullOrEmpty(token) ? null : _grants.Find(g => g.Code is null && g.AccessToken == token);
    }

    private IResult Exchange(StringValues code)
    {
        if (_grants.Find(g => g.Code is not null && g.Code == code) is not { } grant)
            return Bad("AuthorizationCode", "code");
        if (grant.CodeExpiresAt <= sandbox.Now)
            return Bad("AuthorizationCode", "code", "expired");
        // One application, one grant an athlete: an earlier sign-in is replaced.
        _grants.RemoveAll(g => g.Athlete == grant.Athlete && g != grant && g.Code is null);
        grant.Code = null;
        (grant.AccessToken, grant.RefreshToken, grant.ExpiresAt) = (Token(), Token(), sandbox.Now + AccessLasts);
        return Answer(grant, sandbox.Strava.Person(grant.Athlete));
    }

    private IResult Refresh(StringValues token)
    {
        if (_grants.Find(g => g.Code is null && g.RefreshToken == token) is not { } grant)
            return Bad("RefreshToken", "refresh_token");
        grant.RefreshToken = Token();
        if (grant.ExpiresAt - sandbox.Now <= TimeSpan.FromHours(1))
            (grant.AccessToken, grant.ExpiresAt) = (Token(), sandbox.Now + AccessLasts);
        return Answer(grant, null);
    }

    private IResult Answer(StravaGrant grant, object? athlete)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["token_type"] = "Bearer",
            ["expires_at"] = grant.ExpiresAt.ToUnixTimeSeconds(),
            ["expires_in"] = (long)(grant.ExpiresAt - sandbox.Now).TotalSeconds,
            ["refresh_token"] = grant.RefreshToken,
            ["access_token"] = grant.AccessToken,
        };
        if (athlete is not null)
            values["athlete"] = athlete;
        return Wire.Answer(values);
    }
}

/// <summary>The application's calls in this quarter hour and on this UTC day (providers 2.4), which every answer tells.</summary>
internal sealed class StravaUsage(Sandbox sandbox)
{
    private readonly Lock _gate = new();
    private (long Window, int Count) _quarter;
    private (long Window, int Count) _quarterReads;
    private (long Window, int Count) _day;
    private (long Window, int Count) _dayReads;

    public string Text
    {
        get
        {
            lock (_gate)
            {
                Count(0, 0);
                return $"{_quarter.Count} of {sandbox.Options.StravaLimit} calls this quarter hour, {_day.Count} of {sandbox.Options.StravaDailyLimit} today";
            }
        }
    }

    /// <summary>Counts a call and says whether it is within the limits; one over them counts too.</summary>
    public bool Take(HttpContext call)
    {
        lock (_gate)
        {
            Count(1, HttpMethods.IsGet(call.Request.Method) ? 1 : 0);
            Tell(call);
            var options = sandbox.Options;
            return _quarter.Count <= options.StravaLimit && _day.Count <= options.StravaDailyLimit && _quarterReads.Count <= options.StravaReadLimit && _dayReads.Count <= options.StravaDailyReadLimit;
        }
    }

    /// <summary>As if this quarter hour's calls were used up, on this one answer.</summary>
    public void Exhaust(HttpContext call)
    {
        lock (_gate)
            Tell(call, atLeast: true);
    }

    /// <summary>Uses up this quarter hour.</summary>
    public void Exhaust()
    {
        lock (_gate)
            Count(sandbox.Options.StravaLimit, sandbox.Options.StravaReadLimit);
    }

    private void Count(int calls, int reads)
    {
        var now = sandbox.Now.ToUnixTimeSeconds();
        Add(ref _quarter, now / 900, calls);
        Add(ref _quarterReads, now / 900, reads);
        Add(ref _day, now / 86_400, calls);
        Add(ref _dayReads, now / 86_400, reads);
    }

    private static void Add(ref (long Window, int Count) counter, long window, int more) =>
        counter = (window, (counter.Window == window ? counter.Count : 0) + more);

    private void Tell(HttpContext call, bool atLeast = false)
    {
        var (headers, options) = (call.Response.Headers, sandbox.Options);
        int Used(int count, int limit) => atLeast ? Math.Max(count, limit) : count;
        headers["X-RateLimit-Limit"] = $"{options.StravaLimit},{options.StravaDailyLimit}";
        headers["X-RateLimit-Usage"] = $"{Used(_quarter.Count, options.StravaLimit)},{_day.Count}";
        headers["X-ReadRateLimit-Limit"] = $"{options.StravaReadLimit},{options.StravaDailyReadLimit}";
        headers["X-ReadRateLimit-Usage"] = $"{Used(_quarterReads.Count, options.StravaReadLimit)},{_dayReads.Count}";
    }
}

/// <summary>The application's one webhook subscription (providers 2.5).</summary>
internal sealed class StravaSubscription(Sandbox sandbox)
{
    /// <summary>Null while nobody has subscribed.</summary>
    public Uri? Callback { get; private set; } = sandbox.Options.StravaWebhook;

    public long Id { get; } = sandbox.Options.StravaSubscriptionId;

    public async Task<IResult> CreateAsync(HttpContext call)
    {
        var form = await call.Request.ReadFormAsync(call.RequestAborted);
        if (!IsOurs(form["client_id"], form["client_secret"]))
            return StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid");
        if (Callback is not null)
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "", "already exists");
        if (form["callback_url"].ToString() is not { Length: > 0 and <= 255 } address || !Uri.TryCreate(address, UriKind.Absolute, out var callback))
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "callback url", "invalid");

        var challenge = sandbox.NextId().ToString("N");
        if (!await sandbox.Webhooks.AnswersAsync(new Uri(Wire.With(address, ("hub.mode", "subscribe"), ("hub.verify_token", form["verify_token"].ToString()), ("hub.challenge", challenge))), Echoes))
            return StravaSimulator.Fault(400, "Bad Request", "PushSubscription", "callback url", "not verifiable");
        Callback = callback;
        return Wire.Answer(new { id = Id }, 201);

        bool Echoes(string body)
        {
            try
            {
                using var answer = JsonDocument.Parse(body);
                return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("hub.challenge", out var echoed) && echoed.ValueEquals(challenge);
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    public IResult List(HttpContext call) =>
        !IsOurs(call.Query("client_id"), call.Query("client_secret")) ? StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid")
        : Wire.Answer(Callback is null ? [] : new object[] { new { id = Id, resource_state = 2, application_id = 1, callback_url = Callback.ToString() } });

    public IResult Delete(HttpContext call, string id)
    {
        if (!IsOurs(call.Query("client_id"), call.Query("client_secret")))
            return StravaSimulator.Fault(401, "Authorization Error", "Application", "client_id", "invalid");
        if (Callback is null || id != $"{Id}")
            return StravaSimulator.Fault(404, "Resource Not Found", "PushSubscription", "id", "not found");
        Callback = null;
        return Results.NoContent();
    }

    private bool IsOurs(string? id, string? secret) => id == sandbox.Options.StravaClientId && secret == sandbox.Options.StravaClientSecret;
}

/// <summary>Strava's addresses: <c>/strava/...</c> stands for <c>https://www.strava.com/...</c>.</summary>
internal static class StravaRoutes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var site = app.MapGroup("/strava/oauth");
        site.MapGet("/authorize", (HttpContext c) => c.Sandbox().Strava.OAuth.Ask(c));
        site.MapPost("/authorize", Task<IResult> (HttpContext c) => c.Sandbox().Strava.OAuth.AnswerAsync(c));
        var tokens = site.MapGroup("").AddEndpointFilter((call, next) => Faults.BeforeAsync(call, next, s => s.Strava));
        tokens.MapPost("/token", Task<IResult> (HttpContext c) => c.Sandbox().Strava.OAuth.TokenAsync(c));
        tokens.MapPost("/deauthorize", Task<IResult> (HttpContext c) => c.Sandbox().Strava.OAuth.DeauthorizeAsync(c));
        tokens.MapPost("/revoke", Task<IResult> (HttpContext c) => c.Sandbox().Strava.OAuth.RevokeAsync(c));

        var api = app.MapGroup("/strava/api/v3");
        var subscriptions = api.MapGroup("/push_subscriptions");
        subscriptions.MapPost("", Task<IResult> (HttpContext c) => c.Sandbox().Strava.Subscription.CreateAsync(c));
        subscriptions.MapGet("", (HttpContext c) => c.Sandbox().Strava.Subscription.List(c));
        subscriptions.MapDelete("/{id}", (HttpContext c, string id) => c.Sandbox().Strava.Subscription.Delete(c, id));

        var data = api.MapGroup("").AddEndpointFilter(LimitAsync).AddEndpointFilter((call, next) => Faults.BeforeAsync(call, next, s => s.Strava));
        data.MapGet("/athlete", (HttpContext c) => As(c, (strava, grant) => strava.Me(grant), "read"));
        data.MapGet("/athlete/activities", (HttpContext c) => As(c, (strava, grant) => strava.List(c, grant)));
        data.MapGet("/activities/{id}", (HttpContext c, string id) => As(c, (strava, grant) => strava.Get(c, grant, id)));
        data.MapGet("/activities/{id}/laps", (HttpContext c, string id) => As(c, (strava, grant) => strava.Laps(c, grant, id)));
        data.MapGet("/gear/{id}", (HttpContext c, string id) => As(c, (strava, grant) => strava.Gear(c, grant, id), "read"));
    }

    private static IResult As(HttpContext call, Func<StravaSimulator, StravaGrant, IResult> answer, string scope = "activity:read")
    {
        var strava = call.Sandbox().Strava;
        return strava.OAuth.Who(call) is not { } grant ? StravaOAuth.Unauthorized()
            : grant.Scope.Split(',').Any(s => s.StartsWith(scope, StringComparison.Ordinal)) ? answer(strava, grant)
            : StravaSimulator.Fault(401, "Authorization Error", "AccessToken", scope + "_permission", "missing");
    }

    private static async ValueTask<object?> LimitAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var strava = call.HttpContext.Sandbox().Strava;
        return strava.Usage.Take(call.HttpContext) ? await next(call) : strava.RateLimited(call.HttpContext);
    }
}
