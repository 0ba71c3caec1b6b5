using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
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
    private readonly HashSet<long> _revoked = [];
    private readonly Dictionary<string, long> _promised = new(StringComparer.Ordinal);
    private int _tokens;

    public bool IsConnected(long athlete)
    {
        lock (_gate)
            return _grants.Exists(g => g.Athlete == athlete && g.Code is null);
    }

    /// <summary>This refresh token always begins a new grant: the demo holds it from the start, and again after its database was reset.</summary>
    public void Promise(string refreshToken, long athlete) => _promised[refreshToken] = athlete;

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
        var grant = new StravaGrant { Athlete = athlete, Scope = granted, Code = RandomNumberGenerator.GetHexString(40, lowercase: true), CodeExpiresAt = sandbox.Now + CodeLasts };
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
        if (ByToken(token) is not { } grant)
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
        if (ByToken(token) is { } grant)
            sandbox.Webhooks.Post([.. sandbox.Strava.Happen($"{grant.Athlete}", "authorized_false")]);
        return Results.Ok();
    }

    public void Revoke(long athlete)
    {
        lock (_gate)
        {
            _grants.RemoveAll(g => g.Athlete == athlete);
            _revoked.Add(athlete);
        }
    }

    /// <summary>Who asks; null when the token is unknown or has expired.</summary>
    public StravaGrant? Who(HttpContext call) => ByToken(Bearer(call)) is { } grant && grant.AccessToken == Bearer(call) && grant.ExpiresAt > sandbox.Now ? grant : null;

    public static IResult Unauthorized() => StravaSimulator.Fault(401, "Authorization Error", "Athlete", "access_token", "invalid");

    private static string? Bearer(HttpContext call) =>
        AuthenticationHeaderValue.TryParse(call.Request.Headers.Authorization, out var header) && header.Scheme == "Bearer" ? header.Parameter : null;

    private static IResult Bad(string resource, string field, string code = "invalid") => StravaSimulator.Fault(400, "Bad Request", resource, field, code);

    private static List<string> Scopes(HttpContext call) =>
        [.. (call.Query("scope") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Where(s => KnownScopes.Contains(s, StringComparer.Ordinal))];

    private IResult? Problem(HttpContext call) =>
        call.Query("client_id") != sandbox.Options.StravaClientId ? Bad("Application", "client_id")
        : !Uri.TryCreate(call.Query("redirect_uri"), UriKind.Absolute, out var back) || back.Scheme is not ("http" or "https") ? Bad("Application", "redirect_uri")
        : call.Query("response_type") != "code" ? Bad("Application", "response_type")
        : Scopes(call).Count == 0 ? Bad("Application", "scope") : null;

    /// <summary>Tokens say by themselves what they are for, so that those of an earlier run can be taken up; which one is the latest is remembered in a run only.</summary>
    private string NewToken(string kind, StravaGrant grant, DateTimeOffset until)
    {
        var text = $"{kind}.{grant.Athlete}.{grant.Scope}.{until.ToUnixTimeSeconds()}.{sandbox.Now.UtcTicks}.{Interlocked.Increment(ref _tokens)}";
        return $"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}.{Seal(text)}";
    }

    private string Seal(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(sandbox.Options.StravaClientSecret), Encoding.UTF8.GetBytes(text)))[..32];

    private StravaGrant? ByToken(string? token)
    {
        lock (_gate)
        {
            if (string.IsNullOrEmpty(token))
                return null;
            return _grants.Find(g => g.Code is null && (g.AccessToken == token || g.RefreshToken == token)) ?? Promised(token) ?? Earlier(token);
        }
    }

    private StravaGrant? Promised(string token)
    {
        if (!_promised.TryGetValue(token, out var athlete))
            return null;
        _revoked.Remove(athlete);
        _grants.RemoveAll(g => g.Athlete == athlete);
        var grant = new StravaGrant { Athlete = athlete, Scope = "read,activity:read_all", RefreshToken = token };
        _grants.Add(grant);
        return grant;
    }

    private StravaGrant? Earlier(string token)
    {
        if (!sandbox.Options.RememberEarlierRuns || token.Split('.') is not [var hex, var seal] || hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigitLower))
            return null;
        var text = Encoding.UTF8.GetString(Convert.FromHexString(hex));
        if (Seal(text) != seal || text.Split('.') is not [var kind, var id, var scope, var until, _, _])
            return null;
        var athlete = long.Parse(id, CultureInfo.InvariantCulture);
        var grant = _grants.Find(g => g.Athlete == athlete && g.Code is null);
        if (_revoked.Contains(athlete) || (kind == "access" ? grant?.AccessToken : grant?.RefreshToken) is not null)
            return null;
        if (grant is null)
        {
            sandbox.Strava.Remember(athlete);
            _grants.Add(grant = new StravaGrant { Athlete = athlete, Scope = scope });
        }

        if (kind == "access")
            (grant.AccessToken, grant.ExpiresAt) = (token, DateTimeOffset.FromUnixTimeSeconds(long.Parse(until, CultureInfo.InvariantCulture)));
        else
            grant.RefreshToken = token;
        return grant;
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
        _revoked.Remove(grant.Athlete);
        Renew(grant);
        grant.RefreshToken = NewToken("refresh", grant, DateTimeOffset.MaxValue);
        return Answer(grant, sandbox.Strava.Person(grant.Athlete));
    }

    private IResult Refresh(StringValues token)
    {
        if (ByToken(token) is not { } grant || grant.RefreshToken != token)
            return Bad("RefreshToken", "refresh_token");
        grant.RefreshToken = NewToken("refresh", grant, DateTimeOffset.MaxValue);
        if (grant.AccessToken is null || grant.ExpiresAt - sandbox.Now <= TimeSpan.FromHours(1))
            Renew(grant);
        return Answer(grant, null);
    }

    private void Renew(StravaGrant grant)
    {
        grant.ExpiresAt = sandbox.Now + AccessLasts;
        grant.AccessToken = NewToken("access", grant, grant.ExpiresAt);
    }

    private IResult Answer(StravaGrant grant, object? athlete)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["token_type"] = "Bearer",
            ["expires_at"] = grant.ExpiresAt.ToUnixTimeSeconds(),
            ["expires_in"] = (long)(grant.ExpiresAt - sandbox.Now).TotalSeconds,
            ["refresh_token"] = grant.RefreshToken!,
            ["access_token"] = grant.AccessToken!,
        };
        if (athlete is not null)
            values["athlete"] = athlete;
        return Wire.Answer(values);
    }
}
