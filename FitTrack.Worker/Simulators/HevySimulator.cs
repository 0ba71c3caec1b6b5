using System.Globalization;
using FitTrack.Core.Seeding;
using FitTrack.Core.Trackers;

namespace FitTrack.Worker.Simulators;

/// <summary>Hevy v1 (providers, section 3): workouts and what happened to them, for whoever has the key. It sends no webhooks.</summary>
internal sealed class HevySimulator : ISimulatedProvider
{
    public const string ProviderName = "hevy";
    private const int MostWorkouts = 10;
    private const int MostTemplates = 100;

    private static readonly (string Id, string Title, string Muscle)[] Exercises =
    [
        ("79D0BB3A", "Bench Press (Barbell)", "chest"), ("D04AC939", "Squat (Barbell)", "quadriceps"), ("C6272009", "Deadlift (Barbell)", "lower_back"),
        ("55E6546F", "Bent Over Row (Barbell)", "upper_back"), ("7B8D84E8", "Overhead Press (Barbell)", "shoulders"), ("1B2B1E7C", "Pull Up", "lats"),
    ];

    private readonly Sandbox _sandbox;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Athlete> _keys = new(StringComparer.OrdinalIgnoreCase);

    public HevySimulator(Sandbox sandbox)
    {
        _sandbox = sandbox;
        foreach (var name in new[] { "Heidi", "Henrik", "Helena" })
            NewKey(name);
        foreach (var demo in DemoTrackers.BesideOf(sandbox.Options.Seed, sandbox.Options.DemoUsers, TrackerService.Hevy))
            _keys[demo.Secret!] = sandbox.NewDemoAthlete($"hevy:{demo.Secret}", demo.Name);
    }

    public string Name => ProviderName;

    public IReadOnlyList<string> Events => ["revoke_key"];

    /// <summary>An account's id is its key, which a person pastes into FitTrack.</summary>
    public IReadOnlyList<AccountView> Accounts
    {
        get
        {
            lock (_gate)
                return [.. _keys.Select(k => new AccountView(k.Key, k.Value.Name, "API key", true))];
        }
    }

    public string NewKey(string? name)
    {
        lock (_gate)
        {
            // What was pasted once works in the next run too.
            var key = _sandbox.LastingId(ProviderName, _keys.Count).ToString();
            _keys[key] = _sandbox.NewAthlete($"hevy:{key}", name ?? $"Lifter {_keys.Count + 1}");
            return key;
        }
    }

    /// <summary>A wrong key is plain text called HTML; everything else is JSON.</summary>
    public IResult Error(HttpContext call, int status, string detail) =>
        status == 401 ? Results.Text("InvalidApiKey", "text/html", statusCode: 401) : Wire.Answer(new { error = detail }, status);

    /// <summary>Invented: Hevy publishes no limit.</summary>
    public IResult RateLimited(HttpContext call)
    {
        call.Response.Headers.RetryAfter = "30";
        return Error(call, 429, "Too many requests");
    }

    public Athlete? Find(string account)
    {
        lock (_gate)
            return _keys.GetValueOrDefault(account);
    }

    public IReadOnlyList<Delivery> Announce(string account, SimulatedWorkout workout, Change change) => [];

    public IReadOnlyList<Delivery> Announce(string account, SimulatedDay day) => [];

    public IReadOnlyList<Delivery> Happen(string account, string what)
    {
        lock (_gate)
            _keys.Remove(account);
        return [];
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/hevy/v1").AddEndpointFilter((call, next) => Faults.BeforeAsync(call, next, s => s.Hevy));
        api.MapGet("/user/info", (HttpContext c) => As(c, (hevy, athlete) =>
            Wire.Answer(new { data = new { id = Dice.Id(athlete.Key), name = athlete.Name, url = $"https://hevy.com/user/{athlete.Name}" } })));
        api.MapGet("/workouts", (HttpContext c) => As(c, (hevy, athlete) =>
            hevy.Page(c, "workouts", MostWorkouts, [.. athlete.All(hevy._sandbox.Now).OrderByDescending(w => w.Start)], Workout)));
        api.MapGet("/workouts/count", (HttpContext c) => As(c, (hevy, athlete) => Wire.Answer(new { workout_count = athlete.All(hevy._sandbox.Now).Count })));
        api.MapGet("/workouts/events", (HttpContext c) => As(c, (hevy, athlete) => hevy.EventsOf(c, athlete)));
        api.MapGet("/workouts/{id}", (HttpContext c, string id) => As(c, (hevy, athlete) =>
            athlete.All(hevy._sandbox.Now).FirstOrDefault(w => $"{Id(w)}" == id) is { } workout ? Wire.Answer(Workout(workout)) : hevy.Error(c, 404, "Workout not found")));
        api.MapGet("/exercise_templates", (HttpContext c) => As(c, (hevy, _) => hevy.Page(c, "exercise_templates", MostTemplates, Exercises, static e => new
        {
            id = e.Id,
            title = e.Title,
            type = "weight_reps",
            primary_muscle_group = e.Muscle,
            secondary_muscle_groups = Array.Empty<string>(),
            is_custom = false,
        })));
    }

    private static IResult As(HttpContext call, Func<HevySimulator, Athlete, IResult> answer)
    {
        var hevy = call.Sandbox().Hevy;
        return hevy.Find(call.Request.Headers["api-key"].ToString()) is { } athlete ? answer(hevy, athlete) : hevy.Error(call, 401, "");
    }

    /// <summary>What changed after a time, newest first; a deletion tells no more than which workout it was.</summary>
    private IResult EventsOf(HttpContext call, Athlete athlete)
    {
        if (!DateTimeOffset.TryParse(call.Query("since") ?? "1970-01-01T00:00:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
            return Error(call, 400, "Invalid since");
        var changed = athlete.All(_sandbox.Now, deleted: true).Where(w => w.ChangedAt > since).OrderByDescending(w => w.ChangedAt).ToList();
        return Page(call, "events", MostWorkouts, changed, static w =>
            w.Deleted ? new { type = "deleted", id = Id(w), deleted_at = Utc(w.ChangedAt) } : new { type = "updated", workout = Workout(w) });
    }

    private IResult Page<T>(HttpContext call, string name, int most, IReadOnlyList<T> all, Func<T, object> view)
    {
        if (call.Number("pageSize", 5, 1, most) is not { } size)
            return Error(call, 400, "Invalid page size");
        var pages = Math.Max(1, (all.Count + size - 1) / size);
        if (call.Number("page", 1, 1, int.MaxValue) is not { } page)
            return Error(call, 400, "Invalid page");
        return page > pages ? Error(call, 404, "Page not found")
            : Wire.Answer(new Dictionary<string, object>(StringComparer.Ordinal) { ["page"] = page, ["page_count"] = pages, [name] = all.Skip((page - 1) * size).Take(size).Select(view).ToArray() });
    }

    private static Guid Id(SimulatedWorkout workout) => Dice.Id($"{workout.Key}");

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Offset(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Every effort is a lifting session here: two or three exercises, a warm-up and three working sets each.</summary>
    private static object Workout(SimulatedWorkout workout)
    {
        var dice = new Dice($"{workout.Key}:sets");
        return new
        {
            id = Id(workout),
            title = workout.Changed ? "Strength (corrected)" : "Strength",
            routine_id = (string?)null,
            description = "",
            start_time = Offset(workout.Start),
            end_time = Offset(workout.End),
            updated_at = Utc(workout.ChangedAt),
            created_at = Utc(workout.End),
            exercises = Enumerable.Range(0, dice.Next(2, 4)).Select(i => Exercise(i, Exercises[dice.Next(0, Exercises.Length)], dice.Next(20, 40) * 2.5)).ToArray(),
        };
    }

    private static object Exercise(int index, (string Id, string Title, string Muscle) exercise, double kilograms) => new
    {
        index,
        title = exercise.Title,
        notes = "",
        exercise_template_id = exercise.Id,
        supersets_id = (int?)null,
        sets = Enumerable.Range(0, 4).Select(i => new
        {
            index = i,
            type = i == 0 ? "warmup" : "normal",
            weight_kg = i == 0 ? kilograms / 2 : kilograms,
            reps = i == 0 ? 10 : 8 - i,
            distance_meters = (double?)null,
            duration_seconds = (double?)null,
            rpe = i == 3 ? 8.5 : (double?)null,
            custom_metric = (double?)null,
        }).ToArray(),
    };
}
