using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using FitTrack.Tests.Fixtures;
using FitTrack.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>What the front end does without the Api, and how it hands out its files.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    /// <summary>An administrator's, as far as the front end looks into them.</summary>
    internal static readonly string Tokens = $$"""{"accessToken":"x.{{Base64Url.EncodeToString("""{"role":"admin","sub":"1"}"""u8)}}.x","refreshToken":"r","expiresIn":1800}""";

    private StubServer _api = null!;
    private WebApplicationFactory<WebMarker> _web = null!;
    private HttpClient _client = null!;
    private int _status = 200;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = _status;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("login", StringComparison.Ordinal) ? Tokens : """{"items":[],"pagination":{"page":1,"perPage":20,"total":0,"totalPages":0}}""", context.RequestAborted);
        });
        _web = new WebApplicationFactory<WebMarker>().WithWebHostBuilder(host => host
            .UseEnvironment("Production")
            .UseSetting("Security:MasterKey", Convert.ToBase64String(new byte[32]))
            .UseSetting("services:api:http:0", _api.Url.ToString())
            .UseSetting("Http:MaxRetries", "1")
            .UseSetting("Http:RetryDelay", "00:00:00.01")
            .UseSetting("Logging:LogLevel:Default", "Error"));
        _client = _web.CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/drawings")]
    public async Task Page_WhenTheApiIsDown_SaysSoWithTheNumberToTellAndRecoversByItself(string page)
    {
        _status = 503;
        using (var down = await _client.GetAsync(page, Ct))
        {
            var html = await down.Content.ReadAsStringAsync(Ct);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
            Assert.Contains("FitTrack cannot be reached right now.", html, StringComparison.Ordinal);
            Assert.Contains(down.Headers.GetValues("X-Correlation-Id").Single(), html, StringComparison.Ordinal);
            Assert.Contains("Try again", html, StringComparison.Ordinal);
        }

        _status = 200;
        using var up = await _client.GetAsync(page, Ct);
        Assert.Equal(HttpStatusCode.OK, up.StatusCode);
        Assert.DoesNotContain("cannot be reached", await up.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyPageThatAsksTheApi_WhenItIsDown_SaysSoWithTheNumberToTell()
    {
        string[] askNothing = ["/error", "/not-found", "/offline", "/test", "/register", "/verify-email", "/forgot-password", "/reset-password", "/sign-in-again", "/settings/data", "/admin/integrity"];
        using var signedIn = await SignInAsync();
        _status = 503;
        var pages = SitePages.AddressesOf(_web.Services, "POST").Where(a => !a.StartsWith("/sign-", StringComparison.Ordinal) && a != "/theme").Except(askNothing, StringComparer.Ordinal).ToList();
        Assert.True(pages.Count > 30, $"{pages.Count} pages");
        foreach (var page in pages)
        {
            using var down = await _client.GetAsync(page, Ct);
            var html = await down.Content.ReadAsStringAsync(Ct);
            Assert.Equal((page, HttpStatusCode.ServiceUnavailable), (page, down.StatusCode));
            Assert.True(html.Contains(down.Headers.GetValues("X-Correlation-Id").Single(), StringComparison.Ordinal), page);
        }
    }

    [Fact]
    public async Task Downloads_ThatAreRefused_LeadToAFreshSignInOnlyWhereTheyWantOne()
    {
        using var signedIn = await SignInAsync();
        _status = 403;
        using var own = await _client.GetAsync("/settings/data/export", Ct);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in-again?ReturnUrl=%2Fsettings%2Fdata"), (own.StatusCode, own.Headers.Location?.OriginalString));
        using var winners = await _client.GetAsync("/admin/fulfillments/export", Ct);
        Assert.Equal(HttpStatusCode.Forbidden, winners.StatusCode);
    }

    [Fact]
    public async Task Downloads_WhenTheApiIsDown_AreAPageThatSaysSoAndProofsAreNone()
    {
        using var signedIn = await SignInAsync();
        _status = 503;
        foreach (var address in new[] { "/settings/data/export", "/admin/fulfillments/export", "/exports/ticket" })
        {
            using var down = await _client.GetAsync(address, Ct);
            var html = await down.Content.ReadAsStringAsync(Ct);
            Assert.Equal((address, HttpStatusCode.ServiceUnavailable), (address, down.StatusCode));
            Assert.Contains("FitTrack cannot be reached right now", html, StringComparison.Ordinal);
            Assert.Contains(down.Headers.GetValues("X-Correlation-Id").Single(), html, StringComparison.Ordinal);
        }

        await _api.DisposeAsync();
        foreach (var address in new[] { "/settings/data/export", "/admin/fulfillments/export", $"/verify/proof/{Guid.NewGuid()}", "/.well-known/draw-keys.json" })
        {
            using var gone = await _client.GetAsync(address, Ct);
            Assert.Equal((address, HttpStatusCode.ServiceUnavailable), (address, gone.StatusCode));
        }
    }

    [Fact]
    public async Task LiveEvents_WhenTheApiIsDown_TellTheBrowserToComeBackAndVisitorsNotTo()
    {
        using (var visitor = await _client.GetAsync("/live/leaderboards?kind=weekly", Ct))
            Assert.Equal(HttpStatusCode.NoContent, visitor.StatusCode);
        using var signedIn = await SignInAsync();
        _status = 503;
        await AssertComesBackAsync();
        await _api.DisposeAsync();
        await AssertComesBackAsync();

        async Task AssertComesBackAsync()
        {
            using var down = await _client.GetAsync("/live/leaderboards?kind=weekly", Ct);
            Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (down.StatusCode, down.Content.Headers.ContentType?.MediaType));
            Assert.Equal("retry: 5000\n\n", await down.Content.ReadAsStringAsync(Ct));
        }
    }

    [Fact]
    public async Task SignIn_WhenTheApiIsDown_LeadsBackWithTheReason()
    {
        using var answer = await SignInAsync(isDown: true);
        Assert.Equal("/?sign-in=unavailable&ReturnUrl=%2Ftickets", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Page_AsItGoesOut_IsCompressedKeptByNobodyAndNamesFingerprintedFiles()
    {
        var html = await _client.GetStringAsync("/", Ct);
        var files = html.Split("href=\"").Concat(html.Split("src=\"")).Skip(1).Select(part => part.Split('"')[0]).Where(f => f.EndsWith(".css", StringComparison.Ordinal) || f.EndsWith(".js", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= 3, string.Join(' ', files));
        foreach (var file in files)
        {
            using var answer = await GetAsync("/" + file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Matches(@"\.[a-z0-9]{10}\.(css|js)$", file);
        }

        using var page = await GetAsync("/");
        Assert.Equal(("br", true), (page.Content.Headers.ContentEncoding.Single(), page.Headers.CacheControl?.NoStore));
    }

    private async Task<HttpResponseMessage> SignInAsync(bool isDown = false)
    {
        var html = await _client.GetStringAsync("/", Ct);
        var token = html.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        _status = isDown ? 503 : 200;
        return await _client.PostAsync("/sign-in", new FormUrlEncodedContent([new("email", "ana@example.com"), new("password", "x"), new("returnUrl", "/tickets"), new("__RequestVerificationToken", token)]), Ct);
    }

    private Task<HttpResponseMessage> GetAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        return _client.SendAsync(request, Ct);
    }
}
