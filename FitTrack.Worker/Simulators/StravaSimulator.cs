using System.Globalization;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;

namespace FitTrack.Worker.Simulators;

/// <summary>What one athlete allowed FitTrack, and the tokens for it.</summary>
internal sealed class StravaGrant
{
    public required long Athlete { get; init; }

    public required string Scope { get; init; }

    public string? Code { get; set; }

    public DateTimeOffset CodeExpiresAt { get; init; }

    /// <summary>Null while a grant of an earlier run has not shown it.</summary>
    public string? AccessToken { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <inheritdoc cref="AccessToken"/>
    public string? RefreshToken { get; set; }
}

/// <summary>Strava v3 (providers, section 2): athletes, activities, gear and webhooks. Sign-in and tokens are in <see cref="StravaOAuth"/>.</summary>
internal sealed class StravaSimulator : ISimulatedProvider
{
    public const string ProviderName = "strava";
    private const int MostPerPage = 200;

    private readonly Sandbox _sandbox;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Athlete> _athletes = [];

    public StravaSimulator(Sandbox sandbox)
    {
        _sandbox = sandbox;
        (Usage, OAuth, Subscription) = (new StravaUsage(sandbox), new StravaOAuth(sandbox), new StravaSubscription(sandbox));
        foreach (var name in new[] { "Stella", "Stefan", "Stina" })
            NewAthlete(name);
        foreach (var demo in DemoTrackers.BesideOf(sandbox.Options.Seed, sandbox.Options.DemoUsers, TrackerService.Strava))
        {
            var id = long.Parse(demo.Account, CultureInfo.InvariantCulture);
            _athletes[id] = sandbox.NewDemoAthlete($"strava:{id}", demo.Name);
            OAuth.Promise(demo.Secret!, id);
        }
    }

    public string Name => ProviderName;

    public StravaUsage Usage { get; }

    public StravaOAuth OAuth { get; }

    public StravaSubscription Subscription { get; }

    public IReadOnlyList<string> Events => ["authorized_false"];

    public IReadOnlyList<AccountView> Accounts
    {
        get
        {
            List<(long Id, string Name)> athletes;
            lock (_gate)
                athletes = [.. _athletes.Select(a => (a.Key, a.Value.Name))];
            return [.. athletes.Select(a => new AccountView($"{a.Id}", a.Name, OAuth.IsConnected(a.Id) ? "connected" : "not connected", OAuth.IsConnected(a.Id)))];
        }
    }

    public static IResult Fault(int status, string message, string resource, string field, string code) =>
        Wire.Answer(new { message, errors = new[] { new { resource, field, code } } }, status);

    public IResult Error(HttpContext call, int status, string detail) =>
        status == 404 ? Wire.Answer(new { message = "Record Not Found", errors = new[] { new { resource = "Activity", field = "id", code = "not found" } } }, 404)
        : Fault(status, status switch { 400 => "Bad Request", 401 => "Authorization Error", 403 => "Forbidden", _ => "Service Unavailable" }, "Application", "", detail);

    public IResult RateLimited(HttpContext call)
    {
        Usage.Exhaust(call);
        return Fault(429, "Rate Limit Exceeded", "Application", "rate limit", "exceeded");
    }

    public long NewAthlete(string? name)
    {
        lock (_gate)
        {
            // An athlete is the same person in the next run.
            var id = 10_000_000 + new Dice($"{_sandbox.LastingId(ProviderName, _athletes.Count)}").Next(0, 90_000_000);
            _athletes[id] = _sandbox.NewAthlete($"strava:{id}", name ?? $"Athlete {_athletes.Count + 1}");
            return id;
        }
    }

    public Athlete? Find(string account) => long.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null;

    public Athlete? Find(long id)
    {
        lock (_gate)
            return _athletes.GetValueOrDefault(id);
    }

    /// <summary>An athlete of an earlier run is the same person in this one.</summary>
    public void Remember(long id)
    {
        lock (_gate)
            _athletes.TryAdd(id, _sandbox.NewAthlete($"strava:{id}", "From an earlier run"));
    }

    public IReadOnlyList<Delivery> Announce(string account, SimulatedWorkout workout, Change change) =>
        [Event(account, "activity", Id(workout), change switch { Change.Created => "create", Change.Deleted => "delete", _ => "update" }, change == Change.Corrected ? new { title = workout.Title } : new { })];

    /// <summary>Strava knows activities only.</summary>
    public IReadOnlyList<Delivery> Announce(string account, SimulatedDay day) => [];

    public IReadOnlyList<Delivery> Happen(string account, string what)
    {
        var athlete = long.Parse(account, CultureInfo.InvariantCulture);
        OAuth.Revoke(athlete);
        return [Event(account, "athlete", athlete, "update", new { authorized = "false" })];
    }

    public IResult Me(StravaGrant grant) => Wire.Answer(Person(grant.Athlete));

    public object Person(long id) => new { id, username = $"athlete_{id}", firstname = Find(id)?.Name, lastname = "Simulated", resource_state = 2 };

    public IResult List(HttpContext call, StravaGrant grant)
    {
        var now = _sandbox.Now;
        if (call.Number("page", 1, 1, int.MaxValue) is not { } page || call.Number("per_page", 30, 1, MostPerPage) is not { } size
            || call.Number("after", 0, 0, int.MaxValue) is not { } after || call.Number("before", int.MaxValue, 0, int.MaxValue) is not { } before)
        {
            return Fault(400, "Bad Request", "Activity", "page, per_page, after or before", "invalid");
        }

        var from = DateTimeOffset.FromUnixTimeSeconds(after);
        var found = Find(grant.Athlete)!.All(now).Where(w => w.Start > from && w.Start < DateTimeOffset.FromUnixTimeSeconds(before));
        // Newest first; with after, ascending, as has been reported of the real one.
        var ordered = after > 0 ? found : found.Reverse();
        return Wire.Answer(ordered.Skip((int)Math.Min((page - 1L) * size, int.MaxValue)).Take(size).Select(w => StravaData.Activity(w, grant.Athlete, detailed: false)).ToArray());
    }

    public IResult Get(HttpContext call, StravaGrant grant, string id) =>
        Find(grant.Athlete)!.All(_sandbox.Now).FirstOrDefault(w => $"{Id(w)}" == id) is { } workout
            ? Wire.Answer(StravaData.Activity(workout, grant.Athlete, detailed: true)) : Error(call, 404, "");

    public IResult Laps(HttpContext call, StravaGrant grant, string id) =>
        Find(grant.Athlete)!.All(_sandbox.Now).FirstOrDefault(w => $"{Id(w)}" == id) is { } workout
            ? Wire.Answer(new[] { new { id = Id(workout) + 1, lap_index = 1, name = "Lap 1", distance = workout.Meters, moving_time = workout.Seconds, elapsed_time = workout.Seconds } })
            : Error(call, 404, "");

    public IResult Gear(HttpContext call, StravaGrant grant, string id) =>
        id == StravaData.ShoeOf(grant.Athlete) ? Wire.Answer(StravaData.Shoe(grant.Athlete, Find(grant.Athlete)!.All(_sandbox.Now).Where(w => w.Sport.OnFoot).Sum(w => w.Meters)))
        : Error(call, 404, "");

    /// <summary>Positive, and exact in JSON numbers that are read as doubles.</summary>
    public static long Id(SimulatedWorkout workout) => (long)(workout.Key >> 12);

    private Delivery Event(string account, string type, long id, string aspect, object updates) =>
        new(ProviderName, account, $"{type} {aspect}", Subscription.Callback, Wire.Bytes(new
        {
            aspect_type = aspect,
            event_time = _sandbox.Now.ToUnixTimeSeconds(),
            object_id = id,
            object_type = type,
            owner_id = long.Parse(account, CultureInfo.InvariantCulture),
            subscription_id = Subscription.Id,
            updates,
        }), static (_, _, _) => []);
}

/// <summary>Strava's models (providers 2.3).</summary>
internal static class StravaData
{
    public static string ShoeOf(long athlete) => $"g{athlete}";

    public static object Shoe(long athlete, double meters) => new
    {
        id = ShoeOf(athlete),
        primary = true,
        name = "Simulated Pegasus",
        nickname = "",
        resource_state = 3,
        retired = false,
        distance = (long)meters,
        brand_name = "Nike",
        model_name = "Pegasus",
        description = "",
    };

    public static object Activity(SimulatedWorkout workout, long athlete, bool detailed)
    {
        var id = StravaSimulator.Id(workout);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["resource_state"] = detailed ? 3 : 2,
            ["athlete"] = new { id = athlete, resource_state = 1 },
            ["id"] = id,
            ["external_id"] = $"simulated_{id}",
            ["upload_id"] = id + 7,
            ["name"] = workout.Title,
            ["distance"] = workout.Meters,
            ["moving_time"] = workout.Seconds,
            ["elapsed_time"] = workout.Seconds,
            ["total_elevation_gain"] = 0,
            ["type"] = workout.Sport.Strava,
            ["sport_type"] = workout.Sport.Strava,
            ["workout_type"] = null,
            ["start_date"] = workout.Start.UtcDateTime.ToString("s", CultureInfo.InvariantCulture) + "Z",
            // A local time, although it carries a Z.
            ["start_date_local"] = workout.Start.DateTime.ToString("s", CultureInfo.InvariantCulture) + "Z",
            ["timezone"] = "(GMT-05:00) America/New_York",
            ["utc_offset"] = workout.Start.Offset.TotalSeconds,
            ["start_latlng"] = Array.Empty<double>(),
            ["end_latlng"] = Array.Empty<double>(),
            ["map"] = new { id = $"a{id}", summary_polyline = "", resource_state = 2 },
            ["trainer"] = workout.Sport.Speed == 0,
            ["commute"] = false,
            ["manual"] = false,
            ["private"] = false,
            ["flagged"] = false,
            ["visibility"] = "everyone",
            ["gear_id"] = workout.Sport.OnFoot ? ShoeOf(athlete) : null,
            ["average_speed"] = workout.Sport.Speed,
            ["max_speed"] = workout.Sport.Speed * 1.4,
            ["has_heartrate"] = true,
            ["average_heartrate"] = workout.HeartRate,
            ["max_heartrate"] = workout.HeartRate + 23,
            ["device_name"] = "Simulated watch",
            ["kudos_count"] = 0,
        };
        if (detailed)
        {
            values["description"] = null;
            values["calories"] = workout.Seconds / 6;
            values["laps"] = Array.Empty<object>();
        }

        return values;
    }
}
