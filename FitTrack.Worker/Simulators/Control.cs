namespace FitTrack.Worker.Simulators;

/// <param name="Sport">A name of <see cref="SimulatedSport.All"/>; a run without one.</param>
/// <param name="Minutes">1 to 600.</param>
/// <param name="Steps">To add to the day, 1 to 60,000.</param>
/// <param name="Day">Today without one.</param>
internal sealed record ControlEffort(string? Sport, int? Minutes, int? Steps, DateOnly? Day, string? Twist);

/// <param name="Provider">Terra's name of the tracker.</param>
/// <param name="Reference">Terra's reference id, which names FitTrack's member.</param>
internal sealed record ControlAccount(string? Provider, string? Reference, string? Name);

/// <param name="Kind"><c>status</c>, <c>rateLimit</c>, <c>malformed</c>, <c>delay</c>, or <c>usedUp</c> (Strava's quarter hour).</param>
internal sealed record ControlFault(string? Kind, int? Times, int? Status, double? Seconds);

/// <summary>What the page does, as JSON under <c>/control</c>: nothing of it is the providers'.</summary>
internal static class Control
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/control");
        control.MapGet("", State);
        control.MapDelete("/faults", (HttpContext call) => call.Sandbox().Faults.Clear());
        var provider = control.MapGroup("/{provider}");
        provider.MapPost("/faults", Plan);
        provider.MapPost("/accounts", AddAsync);
        provider.MapPost("/accounts/{account}/workout", (HttpContext call, string provider, string account, ControlEffort effort) => ActAsync(call, provider, account, effort.Twist, (p, a) => Workout(call.Sandbox(), p, account, a, effort)));
        provider.MapPost("/accounts/{account}/day", (HttpContext call, string provider, string account, ControlEffort effort) => ActAsync(call, provider, account, effort.Twist, (p, a) => Day(call.Sandbox(), p, account, a, effort)));
        provider.MapPost("/accounts/{account}/correct", (HttpContext call, string provider, string account, ControlEffort effort) => ActAsync(call, provider, account, effort.Twist, (p, a) => Alter(p, account, a.Correct(call.Sandbox().Now), Change.Corrected)));
        provider.MapPost("/accounts/{account}/delete", (HttpContext call, string provider, string account, ControlEffort effort) => ActAsync(call, provider, account, effort.Twist, (p, a) => Alter(p, account, a.Delete(call.Sandbox().Now), Change.Deleted)));
        provider.MapPost("/accounts/{account}/events/{what}", (HttpContext call, string provider, string account, string what, ControlEffort effort) =>
            ActAsync(call, provider, account, effort.Twist, (p, _) => p.Events.Contains(what, StringComparer.Ordinal) ? p.Happen(account, what) : null));
    }

    private static IResult State(HttpContext call)
    {
        var sandbox = call.Sandbox();
        return Results.Json(new
        {
            now = sandbox.Now,
            sports = SimulatedSport.All.Select(s => s.Name),
            twists = Enum.GetNames<Twist>(),
            trackers = TerraWidget.WebProviders.Concat(TerraWidget.PhoneProviders),
            usage = sandbox.Strava.Usage.Text,
            providers = sandbox.Providers.Select(p => new
            {
                p.Name,
                p.Events,
                p.Accounts,
                faults = sandbox.Faults.Of(p.Name).Select(f => new { kind = f.Kind.ToString(), f.Times, f.Status, f.Seconds }),
            }),
            deliveries = sandbox.Webhooks.Reports.Select(View),
        });
    }

    private static IResult Plan(HttpContext call, string provider, ControlFault asked)
    {
        var sandbox = call.Sandbox();
        if (Of(sandbox, provider) is null)
            return NoSuch("provider");
        if (asked.Kind == "usedUp")
        {
            sandbox.Strava.Usage.Exhaust();
            return Results.NoContent();
        }

        if (!Enum.TryParse<FaultKind>(asked.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            return NoSuch("kind of fault");
        sandbox.Faults.Plan(provider, new Fault(kind, asked.Times ?? 1, asked.Status ?? 503, asked.Seconds ?? 5));
        return Results.NoContent();
    }

    private static async Task<IResult> AddAsync(HttpContext call, string provider, ControlAccount asked)
    {
        var sandbox = call.Sandbox();
        switch (provider)
        {
            case TerraSimulator.ProviderName:
                var (user, webhooks) = sandbox.Terra.Connect(asked.Provider ?? "FITBIT", asked.Reference, null, asked.Name, null);
                return Results.Json(new { id = user.Id, deliveries = (await sandbox.Webhooks.SendAsync(webhooks)).Select(View) });
            case StravaSimulator.ProviderName:
                return Results.Json(new { id = $"{sandbox.Strava.NewAthlete(asked.Name)}" });
            case HevySimulator.ProviderName:
                return Results.Json(new { id = sandbox.Hevy.NewKey(asked.Name) });
            default:
                return NoSuch("provider");
        }
    }

    private static async Task<IResult> ActAsync(HttpContext call, string provider, string account, string? twist, Func<ISimulatedProvider, Athlete, IReadOnlyList<Delivery>?> act)
    {
        var sandbox = call.Sandbox();
        if (Of(sandbox, provider) is not { } simulated || simulated.Find(account) is not { } athlete)
            return NoSuch("account");
        if (!Enum.TryParse<Twist>(twist ?? "None", ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            return NoSuch("twist");
        return act(simulated, athlete) is { } deliveries
            ? Results.Json(new { deliveries = (await sandbox.Webhooks.SendAsync(deliveries, parsed)).Select(View) })
            : NoSuch("effort");
    }

    private static IReadOnlyList<Delivery>? Workout(Sandbox sandbox, ISimulatedProvider provider, string account, Athlete athlete, ControlEffort effort)
    {
        var sport = effort.Sport is null ? SimulatedSport.All[0] : SimulatedSport.All.FirstOrDefault(s => string.Equals(s.Name, effort.Sport, StringComparison.OrdinalIgnoreCase));
        if (sport is null || effort.Minutes is < 1 or > 600)
            return null;
        var workout = athlete.Produce(sport, (effort.Minutes ?? 40) * 60, sandbox.Now);
        var created = provider.Announce(account, workout, Change.Created);
        // The wrong order needs two things to order.
        return string.Equals(effort.Twist, nameof(Twist.Reordered), StringComparison.OrdinalIgnoreCase) && athlete.Correct(sandbox.Now) is { } corrected
            ? [.. created, .. provider.Announce(account, corrected, Change.Corrected)] : created;
    }

    private static IReadOnlyList<Delivery>? Day(Sandbox sandbox, ISimulatedProvider provider, string account, Athlete athlete, ControlEffort effort)
    {
        if (effort.Steps is < 1 or > 60_000)
            return null;
        var day = effort.Day ?? sandbox.Efforts.DayOf(sandbox.Now);
        athlete.AddSteps(day, effort.Steps ?? 5_000);
        return athlete.Day(day, sandbox.Now) is { } summary ? provider.Announce(account, summary) : null;
    }

    private static IReadOnlyList<Delivery>? Alter(ISimulatedProvider provider, string account, SimulatedWorkout? altered, Change change) =>
        altered is null ? null : provider.Announce(account, altered, change);

    private static ISimulatedProvider? Of(Sandbox sandbox, string name) => sandbox.Providers.FirstOrDefault(p => p.Name == name);

    private static IResult NoSuch(string what) => Results.Json(new { message = $"There is no such {what}." }, statusCode: 404);

    private static object View(DeliveryReport report) =>
        new { report.At, report.Provider, report.Account, report.Type, report.Attempt, twist = report.Twist.ToString(), report.Outcome };
}
