namespace FitTrack.Worker.Simulators;

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
