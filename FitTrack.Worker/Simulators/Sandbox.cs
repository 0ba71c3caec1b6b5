using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FitTrack.Worker.Simulators;

/// <summary>What happened to a workout.</summary>
internal enum Change
{
    Created,
    Corrected,
    Deleted,
}

/// <param name="Id">The account's id at the provider.</param>
/// <param name="Detail">What tells it from others: the tracker, the API key, whether it is connected.</param>
internal sealed record AccountView(string Id, string Name, string Detail, bool Connected);

/// <summary>What the page can do with every provider.</summary>
internal interface ISimulatedProvider
{
    /// <summary>As in the address: <c>terra</c>.</summary>
    string Name { get; }

    IReadOnlyList<AccountView> Accounts { get; }

    /// <summary>What can happen to an account beside efforts.</summary>
    IReadOnlyList<string> Events { get; }

    /// <summary>The provider's answer of that status, in its own shape.</summary>
    IResult Error(HttpContext call, int status, string detail);

    IResult RateLimited(HttpContext call);

    /// <summary>Null when there is no such account.</summary>
    Athlete? Find(string account);

    /// <summary>The webhooks that tell of it; none where the provider has no webhooks.</summary>
    IReadOnlyList<Delivery> Announce(string account, SimulatedWorkout workout, Change change);

    IReadOnlyList<Delivery> Announce(string account, SimulatedDay day);

    /// <summary>Lets one of <see cref="Events"/> happen.</summary>
    IReadOnlyList<Delivery> Happen(string account, string what);
}

/// <summary>
/// One customer's world at the providers: credentials, accounts, faults and where webhooks go. The host has one; tests open more, each
/// with a clock of its own, so that they share a host and nothing else.
/// </summary>
internal sealed class Sandbox
{
    private readonly string _name;
    private readonly string _run;
    private int _ids;

    /// <param name="name">Empty for the host's own; worlds of different names have different accounts.</param>
    /// <param name="http">Carries the webhooks.</param>
    public Sandbox(string name, SimulatorOptions options, TimeProvider clock, HttpMessageInvoker http)
    {
        (_name, _run) = (name, $"{name}:{options.Seed}:{clock.GetUtcNow().UtcTicks}");
        Options = options;
        Clock = clock;
        Efforts = new Efforts(options.Seed, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone));
        Webhooks = new Webhooks(http, clock);
        Terra = new TerraSimulator(this);
        Widget = new TerraWidget(this);
        Strava = new StravaSimulator(this);
        Hevy = new HevySimulator(this);
    }

    public SimulatorOptions Options { get; }

    public TimeProvider Clock { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public Efforts Efforts { get; }

    public Faults Faults { get; } = new();

    public Webhooks Webhooks { get; }

    public TerraSimulator Terra { get; }

    public TerraWidget Widget { get; }

    public StravaSimulator Strava { get; }

    public HevySimulator Hevy { get; }

    public IReadOnlyList<ISimulatedProvider> Providers => [Terra, Strava, Hevy];

    /// <summary>Ids follow from seed and start: a second run never repeats those of the first, which the product may remember.</summary>
    public Guid NextId() => Dice.Id($"{_run}:{Interlocked.Increment(ref _ids)}");

    /// <summary>The same in every run: for what people keep, such as a key.</summary>
    public Guid LastingId(string kind, int number) => Dice.Id($"{_name}:{Options.Seed}:{kind}:{number}");

    /// <summary>A member of the demo: what they do begins with the start, beside what the demo has of them.</summary>
    public Athlete NewDemoAthlete(string key, string name) => new(Efforts, key, name, Efforts.DayOf(Now), Efforts.DayOf(Now).AddDays(1));

    public Athlete NewAthlete(string key, string name) => new(Efforts, key, name, Efforts.DayOf(Now).AddDays(-Options.HistoryDays));
}

/// <summary>The worlds by name: <c>/{name}/terra/...</c>, and the one without a name at <c>/terra/...</c>.</summary>
internal sealed class Sandboxes(Sandbox standard)
{
    private readonly ConcurrentDictionary<string, Sandbox> _named = new(StringComparer.Ordinal);

    public void Add(string name, Sandbox sandbox) => _named[name] = sandbox;

    /// <summary>Before routing: finds the world that is meant and takes its name off the path.</summary>
    public Task ChooseAsync(HttpContext call, RequestDelegate next)
    {
        var name = call.Request.Path.Value is { Length: > 1 } path ? path.Split('/')[1] : "";
        if (_named.TryGetValue(name, out var sandbox))
        {
            call.Request.Path.StartsWithSegments("/" + name, StringComparison.Ordinal, out var rest);
            (call.Request.PathBase, call.Request.Path) = ("/" + name, rest);
        }

        call.Features.Set(sandbox ?? standard);
        return next(call);
    }
}

/// <summary>What the providers' wires have in common.</summary>
internal static class Wire
{
    /// <summary>Property names are written as they stand in the code.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Sandbox Sandbox(this HttpContext call) => call.Features.Get<Sandbox>() ?? throw new InvalidOperationException("No sandbox was chosen.");

    public static IResult Answer(object body, int status = 200, string type = "application/json") => Results.Json(body, Json, type, status);

    public static byte[] Bytes(object body) => JsonSerializer.SerializeToUtf8Bytes(body, Json);

    public static string? Query(this HttpContext call, string name) => call.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <summary>A whole number within bounds; <paramref name="otherwise"/> when there is none, null when it is none.</summary>
    public static int? Number(this HttpContext call, string name, int otherwise, int least, int most) =>
        call.Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    public static string Root(this HttpContext call) => $"{call.Request.Scheme}://{call.Request.Host}{call.Request.PathBase}";

    /// <summary>The address with more query parameters; those without a value are left out.</summary>
    public static string With(string address, params (string Name, string? Value)[] parameters) =>
        parameters.Where(p => p.Value is not null).Aggregate(address, (url, p) => $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{p.Name}={Uri.EscapeDataString(p.Value!)}");
}
