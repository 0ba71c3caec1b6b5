using System.Diagnostics;
using System.Globalization;
using System.Net;
using FitTrack.Core.Accounts;

namespace FitTrack.Bench;

/// <summary>What sign-in costs, and what it does to everybody else.</summary>
internal sealed class AuthScenario(Product product, BenchOptions options)
{
    public const int Members = 256;
    public const int Cost = 12;

    private const string Open = "/.well-known/jwks.json";
    private const int Rounds = 5;
    private const int Samples = 60;

    private static readonly int Cores = Environment.ProcessorCount;

    /// <summary>As the product decides by itself.</summary>
    private static readonly int HashingCores = Math.Max(1, Cores / 2);

    /// <summary>Enough that somebody always waits; more would only wait longer, and a sign-in that is under way at the end is not counted.</summary>
    private static readonly int Signers = 3 * HashingCores;

    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Seconds);

    /// <summary>The same endpoint without and with a token, one request at a time: what a token adds after its first use, and at its first.</summary>
    public async Task<IReadOnlyList<Line>> ValidationAsync(Population population)
    {
        var tokens = await population.SignInAsync(Samples);
        var first = await FirstUseAsync(tokens);
        var bare = LoadGenerator.Request("GET", Open, "localhost");
        var signed = tokens.Select(t => LoadGenerator.Request("GET", Open, "localhost", t)).ToArray();
        var added = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var without = await MedianAsync(_ => bare);
            added.Add(1000 * (await MedianAsync(n => signed[n % signed.Length]) - without));
        }

        return
        [
            Line.AtMost("token validation, added to a request", Median(added), "µs", 60),
            Line.AtMost("token validation, first request of a token", first, "µs", 1000),
        ];

        async Task<double> MedianAsync(Func<long, byte[]> request) =>
            (await new LoadGenerator(product.Api).RunAsync(1, TimeSpan.FromSeconds(0.5), _duration / Rounds, (_, n) => request(n), 200)).Latency.Milliseconds(0.5);
    }

    /// <summary>Wrong passwords for addresses with and without an account, in turns; nobody fails often enough to be locked out.</summary>
    public async Task<IReadOnlyList<Line>> EnumerationAsync()
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            known.Add(await FailAsync(http, Population.Email(Members - 1 - i)));
            unknown.Add(await FailAsync(http, string.Create(CultureInfo.InvariantCulture, $"nobody{i}-{options.Run}@fittrack.example")));
        }

        var difference = 100 * Math.Abs(Median(known) - Median(unknown)) / Math.Max(Median(known), Median(unknown));
        return [new Line("login with a wrong password, known and unknown address", $"{Median(known):F1} ms and {Median(unknown):F1} ms", "", difference, 5, AtLeast: false)];
    }

    /// <summary>Sign-ins without end on half the cores, beside somebody who only looks at their account.</summary>
    public async Task<IReadOnlyList<Line>> StormAsync(Population population)
    {
        var raw = RawRate();
        var reader = (await population.SignInAsync(1))[0];
        var warmUp = TimeSpan.FromSeconds(Math.Min(3, options.Seconds));
        var storm = new LoadGenerator(product.Api).RunAsync(Signers, warmUp, 3 * _duration, (c, _) => LogIn(Population.Email(c + 1)), 200);
        var others = await VisitAsync(reader, warmUp + (3 * _duration));
        var logins = await storm;
        var half = raw * HashingCores / Cores;
        return
        [
            new Line("login storm", logins.ToString(), $"{half:F1}/s of raw bcrypt on {HashingCores} of {Cores} cores", logins.PerSecond / half, 0.9, AtLeast: true),
            Line.AtMost("another endpoint during the storm, p99", others.Milliseconds(0.99), "ms", 50),
        ];
    }

    /// <summary>Far more sign-ins at once than may wait: each is let in or told at once when to come back.</summary>
    public async Task<Line> FullQueueAsync()
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        var answers = await Task.WhenAll(Enumerable.Range(0, 160).Select(async i =>
        {
            using var answer = await http.PostAsJsonAsync("api/v1/auth/login", new { email = Population.Email(i), password = Population.Password });
            return (answer.StatusCode, Waits: answer.Headers.RetryAfter is not null);
        }));
        var (signedIn, turnedAway) = (answers.Count(a => a.StatusCode == HttpStatusCode.OK), answers.Count(a => a is { StatusCode: HttpStatusCode.ServiceUnavailable, Waits: true }));
        return new Line("160 logins at once", $"{signedIn} signed in, {turnedAway} told to come back", "", answers.Length - signedIn - turnedAway + (turnedAway == 0 ? 1 : 0), 0, AtLeast: false);
    }

    /// <summary>Fifty looks a second, as somebody has who is not the storm.</summary>
    private async Task<LatencyHistogram> VisitAsync(string token, TimeSpan duration)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var latency = new LatencyHistogram();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < duration && await pace.WaitForNextTickAsync();)
        {
            var asked = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync("api/v1/users/me");
            answer.EnsureSuccessStatusCode();
            latency.Add((long)Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
        }

        return latency;
    }

    private static byte[] LogIn(string email) =>
        LoadGenerator.Request("POST", "/api/v1/auth/login", "localhost", body: $$"""{"email":"{{email}}","password":"{{Population.Password}}"}""");

    /// <summary>Median of (first request of a token) less (the same without) in µs, in turns on one connection.</summary>
    private async Task<double> FirstUseAsync(string[] tokens)
    {
        using var http = new HttpClient { BaseAddress = product.Api };
        var (without, with) = (new List<double>(), new List<double>());
        foreach (var token in tokens)
        {
            without.Add(await TimeAsync(http, null));
            with.Add(await TimeAsync(http, token));
        }

        return 1000 * (Median(with) - Median(without));
    }

    private static async Task<double> TimeAsync(HttpClient http, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Open);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> FailAsync(HttpClient http, string email)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsJsonAsync("api/v1/auth/login", new { email, password = "Wrong-Miles-2026!" });
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return answer.StatusCode == HttpStatusCode.Unauthorized ? elapsed : throw new InvalidOperationException($"{email}: {answer.StatusCode}");
    }

    /// <summary>bcrypt verifications a second on every core, with nothing else to do.</summary>
    private double RawRate()
    {
        var hash = Bcrypt.Hash(Population.Password, Cost);
        var started = Stopwatch.GetTimestamp();
        long done = 0;
        var threads = Enumerable.Range(0, Cores).Select(_ => new Thread(() =>
        {
            while (Stopwatch.GetElapsedTime(started) < _duration && Bcrypt.Verify(Population.Password, hash))
                Interlocked.Increment(ref done);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
