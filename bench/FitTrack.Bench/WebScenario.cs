using System.Globalization;
using System.Net;
using System.Text;
using FitTrack.Core.Accounts;

namespace FitTrack.Bench;

/// <summary>The front end's pages: how long one takes, and how many a second, against a static Razor page of the same size.</summary>
internal sealed class WebScenario(Product product, BenchOptions options)
{
    private const int Callers = 16;
    private const string Board = "/leaderboards";

    private static readonly string[] Pages = ["/", "/drawings", "/tickets", "/points", "/notifications", "/settings", Board, "/tiers", "/winners"];

    /// <summary>So long the two programs that a page passes compile its methods under load; the bare page is done in a tenth of it.</summary>
    private static readonly TimeSpan Compilation = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _warmUp = TimeSpan.FromSeconds(options.Seconds);

    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Seconds);

    /// <summary>Each page of the demo's member, one request after the other; the slowest counts. Then the board with its hundred rows.</summary>
    public async Task<IReadOnlyList<Line>> TimesAsync()
    {
        var cookie = await SignInAsync(DemoAccounts.MemberEmail, DemoAccounts.Password);
        var slowest = (Page: "", Milliseconds: 0.0);
        foreach (var page in Pages)
        {
            var times = await LoadAsync(page, [cookie]);
            var p95 = times.Latency.Milliseconds(0.95);
            if (p95 > slowest.Milliseconds)
                slowest = (page, p95);
        }

        var board = await LoadAsync(Board, [await SignInAsync(Population.Email(1), Population.Password)]);
        return
        [
            Line.AtMost($"server time of a page, p95, the slowest of {Pages.Length}: {slowest.Page}", slowest.Milliseconds, "ms", 50),
            Line.AtMost("board page of 100 rows, p95", board.Latency.Milliseconds(0.95), "ms", 15),
        ];
    }

    /// <summary>Answers a second of a page for many members at once, against the bare page, in turns.</summary>
    public async Task<IReadOnlyList<Line>> ThroughputAsync()
    {
        var cookies = new string[Callers];
        for (var i = 0; i < Callers; i++)
            cookies[i] = await SignInAsync(Population.Email(i + 1), Population.Password);
        return [await AgainstBareAsync("dashboard", "/", cookies, 0.15), await AgainstBareAsync("board page", Board, cookies, 0.4)];
    }

    private async Task<Line> AgainstBareAsync(string name, string path, string[] cookies, double goal)
    {
        var bytes = await SizeAsync(path, cookies[0]);
        var url = new Uri($"http://127.0.0.1:{Until.FreePort()}/");
        using var bare = await BareRazor.StartAsync(url, bytes);
        try
        {
            var page = await LoadAsync(path, cookies, Compilation);
            var plain = LoadGenerator.Request("GET", "/", "localhost");
            var limit = await new LoadGenerator(url).RunAsync(cookies.Length, Compilation, _duration, (_, _) => plain, 200);
            return Line.Ratio(string.Create(CultureInfo.InvariantCulture, $"{name}, {bytes:N0} bytes, against a bare Razor page"), page, limit, goal);
        }
        finally
        {
            bare.Kill();
        }
    }

    private Task<LoadResult> LoadAsync(string path, string[] cookies, TimeSpan? warmUp = null)
    {
        var requests = cookies.Select(cookie => LoadGenerator.Request("GET", path, "localhost", extraHeaders: $"Cookie: {cookie}\r\n")).ToArray();
        return new LoadGenerator(product.Web).RunAsync(requests.Length, warmUp ?? _warmUp, _duration, (c, _) => requests[c], 200);
    }

    private async Task<int> SizeAsync(string path, string cookie)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = product.Web };
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return Encoding.UTF8.GetByteCount(await http.GetStringAsync(path));
    }

    /// <summary>Signs in as a browser does; answers its cookies.</summary>
    private async Task<string> SignInAsync(string email, string password)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = product.Web };
        var token = (await http.GetStringAsync("/")).Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("email", email), new("password", password), new("__RequestVerificationToken", token)]);
        using var answer = await http.PostAsync("/sign-in", form);
        var all = cookies.GetCookies(product.Web);
        return all["fittrack"] is not null ? string.Join("; ", all.Select(c => $"{c.Name}={c.Value}")) : throw new InvalidOperationException($"{email} could not sign in: {answer.Headers.Location}");
    }
}
