using System.Net;
using FitTrack.ServiceDefaults.Http;
using FitTrack.Tests.Fixtures;
using FitTrack.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Web;

/// <summary>What the front end tells browsers, what it takes from forms, and what it tells the Api about visitors.</summary>
public sealed class WebSecurityTests : IAsyncLifetime
{
    private static readonly string MasterKey = Convert.ToBase64String(new byte[32]);

    private StubServer _api = null!;
    private WebApplicationFactory<WebMarker> _web = null!;
    private HttpClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await StubServer.StartAsync(context =>
        {
            var isLogin = context.Request.Path.Value!.EndsWith("login", StringComparison.Ordinal);
            (context.Response.StatusCode, context.Response.ContentType) = isLogin ? (200, "application/json") : (404, "text/plain");
            return context.Response.WriteAsync(isLogin ? OutageTests.Tokens : "", context.RequestAborted);
        });
        _web = new WebApplicationFactory<WebMarker>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Production").UseSetting("Security:MasterKey", MasterKey).UseSetting("services:api:http:0", _api.Url.ToString());
            host.ConfigureServices(services => services.AddTransient<IStartupFilter, RemoteAddress>());
        });
        _client = _web.CreateClient(new() { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _web.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Get_WhenTheHostIsNone_Is400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Host", "pages.example:99999");
        using var response = await _client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("/drawings?page=abc")]
    [InlineData("/winners?page=99999999999&page=2")]
    [InlineData("/drawings?page=")]
    public async Task Get_WithNonsenseInTheAddress_IsThePageWithoutIt(string url)
    {
        using var response = await _client.GetAsync(url, Ct);
        // The Api of these tests has nothing, and the page answers what it does; nonsense that is read would be an error.
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is nothing here", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/app.css")]
    [InlineData("/nothing")]
    public async Task Get_WhateverTheAnswer_CarriesTheSecurityHeaders(string url)
    {
        using var response = await _client.GetAsync(url, Ct);
        var headers = response.Headers.ToDictionary(h => h.Key, h => string.Join(' ', h.Value), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, headers["Content-Security-Policy"]);
        Assert.Equal(("nosniff", "DENY"), (headers["X-Content-Type-Options"], headers["X-Frame-Options"]));
        Assert.Contains("max-age=31536000", headers["Strict-Transport-Security"], StringComparison.Ordinal);
        Assert.True(headers.ContainsKey("Permissions-Policy") && headers.ContainsKey("Referrer-Policy"));
    }

    [Theory]
    [InlineData("/test/")]
    [InlineData("/Test")]
    [InlineData("/test/main.js")]
    [InlineData("/test/api/v1/users")]
    [InlineData("/mail")]
    [InlineData("/mail/1")]
    [Scenario("1", "Test page is disabled in production mode")]
    public async Task Get_OfTheTestPageInProduction_IsNotFoundAndAsksNobody(string url)
    {
        using var response = await _client.GetAsync(url, Ct);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(_api.Requests);
    }

    [Fact]
    public async Task Get_OfAPage_HasNothingInlineThatThePolicyWouldBlock()
    {
        var html = await _client.GetStringAsync("/", Ct);
        Assert.Contains("<form", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?i)<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", html);
    }

    [Fact]
    public async Task Post_OfAFormWithoutItsToken_IsRefusedAndReachesNobody()
    {
        using var form = new FormUrlEncodedContent([new("email", "ana@example.com"), new("password", "Twelve-Miles-2026!")]);
        using var response = await _client.PostAsync("/sign-in", form, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("This form is not valid any more", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.DoesNotContain(_api.Requests, r => r.Path.Contains("login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_OfAnyFormWithoutItsTokenOrWithAnother_IsRefusedAndReachesNobody()
    {
        var visitors = (await _client.GetStringAsync("/", Ct)).Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("email", "ana@example.com"), new("password", "x"), new("__RequestVerificationToken", visitors)]);
        using var signedIn = await _client.PostAsync("/sign-in", form, Ct);
        Assert.Equal("/", signedIn.Headers.Location?.ToString());
        // The colours are the exception: another site could at most switch the light on.
        var addresses = SitePages.AddressesOf(_web.Services, "POST").Where(a => a is not ("/theme" or "/test")).ToList();
        Assert.True(addresses.Count > 40, $"{addresses.Count} addresses");
        var asked = _api.Requests.Count;
        foreach (var (address, token) in addresses.SelectMany(a => new[] { (a, (string?)null), (a, "CfDJ8"), (a, visitors) }))
        {
            using var sent = new FormUrlEncodedContent([new("_handler", "buy"), new("__RequestVerificationToken", token ?? "")]);
            using var response = await _client.PostAsync(address, sent, Ct);
            Assert.Equal((address, HttpStatusCode.BadRequest), (address, response.StatusCode));
            Assert.Contains("This form is not valid any more", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        Assert.Equal(asked, _api.Requests.Count);
    }

    [Fact]
    public async Task Post_OfMoreThanAPageTakes_SaysSo()
    {
        await using var web = _web.WithWebHostBuilder(host => host.UseSetting("Logging:LogLevel:Default", "Error"));
        web.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        using var client = web.CreateClient();
        using var form = new FormUrlEncodedContent([new("email", new string('a', 70_000))]);
        using var response = await client.PostAsync("/register", form, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("That is too much at once", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OfAPage_TellsTheApiWhoseBrowserAsks()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add(RemoteAddress.Header, "203.0.113.77");
        // What the visitor says about themselves is nobody's concern.
        request.Headers.Add(ClientAddress.ForwardedFor, "192.0.2.1");
        using var response = await _client.SendAsync(request, Ct);

        var proof = ClientAddress.FrontEndProof(new ConfigurationBuilder().AddInMemoryCollection([new("Security:MasterKey", MasterKey)]).Build());
        Assert.NotEmpty(_api.Requests);
        Assert.All(_api.Requests, r => Assert.Equal(("203.0.113.77", proof), (r.Headers[ClientAddress.ForwardedFor], r.Headers[ClientAddress.ProofHeader])));
    }
}
