using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Seeding;

namespace FitTrack.Worker.Simulators;

/// <summary>Terra v2 (providers, section 1): accounts, reading data, and the webhooks about them. The widget is in <see cref="TerraWidget"/>.</summary>
internal sealed class TerraSimulator : ISimulatedProvider
{
    public const string ProviderName = "terra";
    private const string Version = "2022-03-16";
    private const int MostDaysARequest = 1_825;
    private const int MostDaysAnHour = 6_000;

    /// <summary>More days than this come by webhook. Invented: where Terra draws the line is not published.</summary>
    private const int MostDaysAtOnce = 31;

    private const int ItemsAMessage = 10;

    private readonly Sandbox _sandbox;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TerraUser> _users = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

    public TerraSimulator(Sandbox sandbox)
    {
        _sandbox = sandbox;
        foreach (var demo in Enumerable.Range(0, sandbox.Options.DemoUsers).Select(i => DemoTrackers.Of(sandbox.Options.Seed, i)))
            _users[demo.Account] = new TerraUser(demo.Account, demo.TerraProvider, null, sandbox.NewDemoAthlete(demo.Account, demo.Name), sandbox.Now);
    }

    public string Name => ProviderName;

    public IReadOnlyList<string> Events => ["user_reauth", "access_revoked", "connection_error", "deauth", "healthcheck", "unknown_type"];

    public IReadOnlyList<AccountView> Accounts
    {
        get
        {
            lock (_gate)
                return [.. _users.Values.Select(u => new AccountView(u.Id, u.Athlete.Name, u.Provider, true))];
        }
    }

    public IResult Error(HttpContext call, int status, string detail)
    {
        var title = status switch { 400 => "bad request", 401 => "unauthorized", 404 => "not found", 429 => "too many requests", _ => "error" };
        return Wire.Answer(new { type = "about:blank", title, instance = call.Request.Path.Value!.Replace(TerraRoutes.Base, "", StringComparison.Ordinal), detail }, status, "application/problem+json");
    }

    public IResult RateLimited(HttpContext call) => RateLimited(call, "r2", 60);

    public Athlete? Find(string account) => User(account)?.Athlete;

    public TerraUser? User(string? id)
    {
        if (id is null)
            return null;
        lock (_gate)
        {
            if (_users.TryGetValue(id, out var user))
                return user;
            return _sandbox.Options.RememberEarlierRuns && Guid.TryParse(id, out _) && !_gone.Contains(id)
                ? _users[id] = new TerraUser(id, "GARMIN", null, _sandbox.NewAthlete(id, "From an earlier run"), _sandbox.Now)
                : null;
        }
    }

    /// <summary>A sign-in at a provider: with an account that is known already Terra swaps its id and says so first.</summary>
    public (TerraUser User, IReadOnlyList<Delivery> Webhooks) Connect(string provider, string? reference, string? existing, string? name, string? session)
    {
        var id = _sandbox.NextId().ToString();
        TerraUser? old;
        TerraUser user;
        lock (_gate)
        {
            old = existing is null ? null : _users.GetValueOrDefault(existing);
            user = new TerraUser(id, old?.Provider ?? provider, reference, old?.Athlete ?? _sandbox.NewAthlete(id, name ?? $"{provider} {_users.Count + 1}"), _sandbox.Now);
            Swap(old, user);
        }

        var auth = Message("auth", id, new
        {
            type = "auth",
            status = "success",
            widget_session_id = session,
            user = user.View,
            reference_id = reference,
            message = "User has successfully authenticated",
            version = Version,
        });
        return (user, old is null ? [auth] : [Reauth(old, user), auth]);
    }

    public IResult UserInfo(HttpContext call)
    {
        if (call.Query("reference_id") is { } reference)
        {
            lock (_gate)
                return Wire.Answer(_users.Values.Where(u => u.Reference == reference).Select(Info).ToArray());
        }

        return User(call.Query("user_id")) is { } user ? Wire.Answer(Info(user)) : NotFound(call);

        static object Info(TerraUser user) => new { user = user.View, status = "authenticated", is_authenticated = true };
    }

    public IResult Subscriptions()
    {
        lock (_gate)
            return Wire.Answer(new { users = _users.Values.Select(u => u.View).ToArray() });
    }

    public IResult Deauthenticate(HttpContext call)
    {
        if (User(call.Query("user_id")) is not { } user)
            return NotFound(call);
        _sandbox.Webhooks.Post([.. Happen(user.Id, "deauth")]);
        return Wire.Answer(new { status = "success" });
    }

    /// <summary><c>/activity</c> and <c>/daily</c>: at once, or by webhook where asked for or where it is much.</summary>
    public IResult Data(HttpContext call, string type)
    {
        if (User(call.Query("user_id")) is not { } user)
            return NotFound(call);
        if (Instant(call.Query("start_date")) is not { } from)
            return Error(call, 400, "invalid start_date");
        var to = _sandbox.Now;
        if (call.Query("end_date") is { } end)
        {
            if (Instant(end) is not { } until || until < from)
                return Error(call, 400, "invalid end_date");
            to = until;
        }

        var days = call.Query("end_date") is null ? 1 : Math.Max(1, (int)Math.Ceiling((to - from).TotalDays));
        if (days > MostDaysARequest)
            return RateLimited(call, "r1", null);
        if (Charge(user, days) is var left && left < 0)
            return RateLimited(call, "r2", 3_600);
        call.Response.Headers["X-Terra-RateLimit-Limit"] = $"{MostDaysAnHour}";
        call.Response.Headers["X-Terra-RateLimit-Remaining"] = $"{left}";
        call.Response.Headers["X-Terra-RateLimit-Reset-After"] = "3600";

        var data = Items(user, type, from, to);
        if (days <= MostDaysAtOnce && call.Query("to_webhook") == "false")
            return Wire.Answer(new { user = Identity(user), type, data });
        var reference = _sandbox.NextId().ToString();
        _sandbox.Webhooks.Post([.. Chunks(user, type, data, reference)]);
        return Wire.Answer(new { status = "success", type, reference, trace_id = _sandbox.NextId().ToString(), user = Identity(user), message = "This is a large request and will be sent in chunks to the webhook" });
    }

    public IReadOnlyList<Delivery> Announce(string account, SimulatedWorkout workout, Change change) =>
        User(account) is { } user ? [DataMessage(user, "activity", [TerraData.Activity(workout, user.Provider)], workout.ChangedAt)] : [];

    public IReadOnlyList<Delivery> Announce(string account, SimulatedDay day) =>
        User(account) is { } user ? [DataMessage(user, "daily", [TerraData.Daily(day, user.Provider)], _sandbox.Now)] : [];

    public IReadOnlyList<Delivery> Happen(string account, string what)
    {
        if (User(account) is not { } user)
            return [];
        if (what == "user_reauth")
            return Connect(user.Provider, user.Reference, user.Id, null, null).Webhooks;
        if (what == "deauth")
        {
            lock (_gate)
            {
                _users.Remove(user.Id);
                _gone.Add(user.Id);
            }
        }

        object body = what switch
        {
            "deauth" => new { type = what, status = "success", user = user.View, message = "User deauthenticated" },
            "access_revoked" => new { type = what, status = "warning", user = user.View, message = "The user has revoked access at the provider" },
            "connection_error" => new { type = what, status = "warning", user = user.View, message = "The provider answered 401" },
            "healthcheck" => new { type = what, status = "success" },
            _ => new { type = "something_new", user = user.View },
        };
        return [Message(what, user.Id, body)];
    }

    /// <summary>A webhook that says what happened in words of Terra's.</summary>
    public Delivery Message(string type, string account, object body, DateTimeOffset? orderedAt = null, string? reference = null, string chunk = "")
    {
        var trace = _sandbox.NextId() + chunk;
        return new Delivery(ProviderName, account, type, _sandbox.Options.TerraWebhook, Wire.Bytes(body), Headers);

        IEnumerable<(string Name, string Value)> Headers(byte[] sent, DateTimeOffset now, Twist twist)
        {
            yield return ("X-Terra-Trace-Id", trace);
            yield return ("X-Terra-Ordering-Timestamp", (orderedAt ?? now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            if (reference is not null)
                yield return ("terra-reference", reference);
            if (twist == Twist.Unsigned)
                yield break;
            var signature = Sign(sent, twist == Twist.OldTimestamp ? now.AddMinutes(-10) : now, twist == Twist.BrokenSignature);
            yield return ("X-Terra-Signature", signature);
            yield return ("Terra-Signature", signature);
        }
    }

    private static object Identity(TerraUser user) => new { user_id = user.Id, provider = user.Provider, reference_id = user.Reference };

    /// <summary><c>t=seconds,v1=hex(HMAC-SHA256(secret, t.body))</c>; broken, the last digit is another.</summary>
    private string Sign(byte[] body, DateTimeOffset at, bool broken)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. body];
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_sandbox.Options.TerraWebhookSecret), signed);
        if (broken)
            hash[^1] ^= 1;
        return $"t={time},v1={Convert.ToHexStringLower(hash)}";
    }

    private Delivery Reauth(TerraUser old, TerraUser user) =>
        Message("user_reauth", user.Id, new { type = "user_reauth", status = "warning", old_user = old.View, new_user = user.View, message = "User has reauthenticated", version = Version });

    private void Swap(TerraUser? old, TerraUser user)
    {
        if (old is not null)
        {
            _users.Remove(old.Id);
            _gone.Add(old.Id);
        }

        _users[user.Id] = user;
    }

    private List<object> Items(TerraUser user, string type, DateTimeOffset from, DateTimeOffset to)
    {
        var now = _sandbox.Now;
        if (type == "activity")
            return [.. user.Athlete.Workouts(from, to, now).Select(w => TerraData.Activity(w, user.Provider))];
        var days = new List<object>();
        var first = _sandbox.Efforts.DayOf(from);
        for (var day = first < user.Athlete.Since ? user.Athlete.Since : first; _sandbox.Efforts.StartOf(day) < to; day = day.AddDays(1))
        {
            if (user.Athlete.Day(day, now) is { } summary)
                days.Add(TerraData.Daily(summary, user.Provider));
        }

        return days;
    }

    private Delivery DataMessage(TerraUser user, string type, IReadOnlyList<object> data, DateTimeOffset at, string? reference = null, string chunk = "") =>
        Message(type, user.Id, new { type, user = user.View, data, version = Version }, at, reference, chunk);

    private IEnumerable<Delivery> Chunks(TerraUser user, string type, List<object> data, string reference)
    {
        var parts = data.Chunk(ItemsAMessage).ToList();
        yield return Message("large_request_processing", user.Id, new { type = "large_request_processing", status = "processing", reference, user = user.View, message = "Large request is being processed" }, reference: reference);
        yield return Message("large_request_sending", user.Id, new { type = "large_request_sending", expected_payloads = parts.Count, reference, user = user.View }, reference: reference);
        foreach (var (i, part) in parts.Index())
            yield return DataMessage(user, type, part, _sandbox.Now, reference, $":chunk:{i + 1}");
    }

    /// <summary>A date is local midnight; ten digits are Unix seconds.</summary>
    private DateTimeOffset? Instant(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? _sandbox.Efforts.StartOf(day)
        : text?.Length == 10 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : null;

    /// <summary>Days left in this hour after the request; negative when it was one too many, which is not charged.</summary>
    private int Charge(TerraUser user, int days)
    {
        lock (_gate)
        {
            var now = _sandbox.Now;
            while (user.Asked.TryPeek(out var oldest) && oldest.At <= now.AddHours(-1))
                user.Asked.Dequeue();
            var left = MostDaysAnHour - user.Asked.Sum(a => a.Days) - days;
            if (left >= 0)
                user.Asked.Enqueue((now, days));
            return left;
        }
    }

    private IResult RateLimited(HttpContext call, string rule, int? retryAfter)
    {
        call.Response.Headers["X-Terra-RateLimit-Rule"] = rule;
        if (retryAfter is { } seconds)
            call.Response.Headers.RetryAfter = $"{seconds}";
        return Error(call, 429, rule == "r1" ? "the request spans too many days" : "too many days were requested in the last hour");
    }

    private IResult NotFound(HttpContext call) => Error(call, 404, "user not found");
}
