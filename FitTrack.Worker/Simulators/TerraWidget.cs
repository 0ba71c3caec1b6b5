using System.Collections.Concurrent;
using System.Text.Json;

namespace FitTrack.Worker.Simulators;

/// <param name="Success">Where the browser goes afterwards; null leaves it on Terra's page.</param>
internal sealed record TerraSession(string Id, string? Reference, IReadOnlyList<string> Providers, string? Success, string? Failure, DateTimeOffset ExpiresAt);

/// <summary>The page on which a person picks a tracker and signs in there (providers 1.2), both for the new and for the retired call.</summary>
internal sealed class TerraWidget(Sandbox sandbox)
{
    private const int ExpiresIn = 900;

    /// <summary>Connected on the web; APPLE, SAMSUNG and HEALTH_CONNECT need a phone.</summary>
    public static readonly string[] WebProviders = ["GARMIN", "FITBIT", "GOOGLE", "OURA", "WHOOP", "POLAR", "SUUNTO", "WITHINGS", "COROS", "PELOTON", "WAHOO", "HUAWEI"];

    public static readonly string[] PhoneProviders = ["APPLE", "SAMSUNG", "HEALTH_CONNECT"];

    private readonly ConcurrentDictionary<string, TerraSession> _sessions = new(StringComparer.Ordinal);

    public async Task<IResult> OpenAsync(HttpContext call, bool legacy)
    {
        if (legacy && sandbox.Options.LegacyWidgetGone)
            return Refused(410, "This endpoint is no longer available. Use POST /api/widget/session instead.");
        JsonElement asked;
        try
        {
            asked = await JsonSerializer.DeserializeAsync<JsonElement>(call.Request.Body, Wire.Json, call.RequestAborted);
        }
        catch (JsonException)
        {
            return Refused(400, "invalid request body");
        }

        if (asked.ValueKind != JsonValueKind.Object)
            return Refused(400, "invalid request body");
        string? Text(string name) => asked.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var wanted = Text("providers")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? WebProviders;
        var offered = wanted.Where(p => WebProviders.Contains(p, StringComparer.OrdinalIgnoreCase)).Select(p => p.ToUpperInvariant()).ToList();
        if (offered.Count == 0)
            return Refused(400, "none of the providers can be connected on the web");

        var session = new TerraSession(
            sandbox.NextId().ToString(), Text("reference_id"), offered, Text("auth_success_redirect_url"), Text("auth_failure_redirect_url"), sandbox.Now.AddSeconds(ExpiresIn));
        _sessions[session.Id] = session;
        return Wire.Answer(
            new { status = "success", session_id = session.Id, url = $"{call.Root()}{TerraRoutes.Session}/{session.Id}", expires_in = ExpiresIn }, legacy ? 200 : 201);
    }

    public IResult Show(HttpContext call, string id)
    {
        if (Find(id) is not { } session)
            return ConsentPage.Note(call, "This session has ended", "Start again from where you came.", 410);
        var accounts = sandbox.Terra.Accounts.Where(a => session.Providers.Contains(a.Detail, StringComparer.Ordinal)).TakeLast(20);
        return ConsentPage.Form(
            call, "Connect a tracker", $"For {session.Reference ?? "nobody in particular"}. Nothing here asks for a password.",
            accounts.Select(a => (a.Id, $"{a.Name} · {a.Detail} · {a.Id[..8]}")), [], [.. session.Providers.Select(p => ("provider", p, p))]);
    }

    /// <summary>The answer to the page: the signed webhook first, then the browser goes back.</summary>
    public async Task<IResult> AnswerAsync(HttpContext call, string id)
    {
        var form = await call.Request.ReadFormAsync(call.RequestAborted);
        if (Find(id) is not { } session || !_sessions.TryRemove(id, out _))
            return ConsentPage.Note(call, "This session has ended", "Start again from where you came.", 410);
        if (form["provider"] is not [{ } provider] || !session.Providers.Contains(provider, StringComparer.Ordinal))
        {
            await sandbox.Webhooks.SendAsync([sandbox.Terra.Message("auth_cancelled", "", new
            {
                type = "auth_cancelled", status = "error", flow_id = id, reason = "user_cancelled", reference_id = session.Reference,
            })]);
            return session.Failure is { } failure
                ? Results.Redirect(Wire.With(failure, ("reference_id", session.Reference), ("reason", "user_cancelled")))
                : ConsentPage.Note(call, "Cancelled", "Nothing was connected.");
        }

        var existing = form["account"].ToString();
        var (user, webhooks) = sandbox.Terra.Connect(provider, session.Reference, existing.Length > 0 ? existing : null, null, id);
        await sandbox.Webhooks.SendAsync(webhooks);
        return session.Success is { } success
            ? Results.Redirect(Wire.With(success, ("user_id", user.Id), ("resource", user.Provider), ("reference_id", session.Reference)))
            : ConsentPage.Note(call, "Connected", "You can close this page.");
    }

    private static IResult Refused(int status, string message) => Wire.Answer(new { status = "error", message }, status);

    private TerraSession? Find(string id) => _sessions.TryGetValue(id, out var session) && session.ExpiresAt > sandbox.Now ? session : null;
}

/// <summary>Terra's addresses: <c>/terra/api/v2/...</c> stands for <c>https://access.tryterra.co/api/v2/...</c>.</summary>
internal static class TerraRoutes
{
    public const string Base = "/terra/api/v2";
    public const string Session = "/terra/session";
    private const string WidgetSession = "/terra/api/widget/session";

    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("").AddEndpointFilter(AuthenticateAsync).AddEndpointFilter((call, next) => Faults.BeforeAsync(call, next, s => s.Terra));
        api.MapPost(WidgetSession, Task<IResult> (HttpContext c) => c.Sandbox().Widget.OpenAsync(c, legacy: false));
        api.MapPost($"{Base}/auth/generateWidgetSession", Task<IResult> (HttpContext c) => c.Sandbox().Widget.OpenAsync(c, legacy: true));
        api.MapDelete($"{Base}/auth/deauthenticateUser", (HttpContext c) => c.Sandbox().Terra.Deauthenticate(c));
        api.MapGet($"{Base}/userInfo", (HttpContext c) => c.Sandbox().Terra.UserInfo(c));
        api.MapGet($"{Base}/subscriptions", (HttpContext c) => c.Sandbox().Terra.Subscriptions());
        api.MapGet($"{Base}/integrations", () => Wire.Answer(new { status = "success", providers = TerraWidget.WebProviders, sdk_providers = TerraWidget.PhoneProviders }));
        api.MapGet($"{Base}/activity", (HttpContext c) => c.Sandbox().Terra.Data(c, "activity"));
        api.MapGet($"{Base}/daily", (HttpContext c) => c.Sandbox().Terra.Data(c, "daily"));
        foreach (var type in new[] { "body", "sleep", "nutrition", "menstruation", "athlete" })
            api.MapGet($"{Base}/{type}", (HttpContext c) => c.Sandbox().Terra.Error(c, 400, "data type is not enabled, enable on the dashboard"));

        app.MapGet(Session + "/{id}", (HttpContext c, string id) => c.Sandbox().Widget.Show(c, id));
        app.MapPost(Session + "/{id}", (HttpContext c, string id) => c.Sandbox().Widget.AnswerAsync(c, id));
    }

    private static async ValueTask<object?> AuthenticateAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var (request, sandbox) = (call.HttpContext.Request, call.HttpContext.Sandbox());
        var (id, key) = (request.Headers["dev-id"].ToString(), request.Headers["x-api-key"].ToString());
        if (id.Length == 0 || key.Length == 0)
            return sandbox.Terra.Error(call.HttpContext, 401, "dev-id or x-api-key headers are missing");
        if (id != sandbox.Options.TerraDevId || key != sandbox.Options.TerraApiKey)
            return sandbox.Terra.Error(call.HttpContext, 401, "dev-id or x-api-key are invalid");
        if (HttpMethods.IsPost(request.Method) && !request.HasJsonContentType())
            return sandbox.Terra.Error(call.HttpContext, 400, "Content-Type must be application/json");
        return await next(call);
    }
}
