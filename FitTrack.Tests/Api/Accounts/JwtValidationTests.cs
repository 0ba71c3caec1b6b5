using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FitTrack.Api.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class JwtValidationTests : IAsyncLifetime
{
    private const string NotSignedIn = "none";

    private readonly TestClock _clock = new();
    private readonly RevokedSessions _revoked = new();
    private readonly TokenForge _forge;
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;

    public JwtValidationTests() => _forge = new TokenForge(_clock, TokenForge.OwnKey).Trusting();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = 512 * 1024);
        builder.Services.AddRouting().AddAuthorization().AddSingleton<TimeProvider>(_clock).AddSingleton<IJwtKeys>(_forge).AddSingleton<IRevokedSessions>(_revoked);
        builder.Services.AddFitTrackJwt();
        _app = builder.Build();
        _app.MapGet("/me", (HttpContext context) => $"{context.User.Identity?.Name} {context.User.FindFirst("sid")?.Value} {context.User.IsInRole("premium")} {context.User.FindFirst("email")?.Value}")
            .RequireAuthorization();
        _app.MapGet("/verdict", async (HttpContext context) =>
        {
            var result = await context.AuthenticateAsync();
            return result.Failure?.Message ?? (result.Succeeded ? "ok" : NotSignedIn);
        });
        await _app.StartAsync(Ct);
        _http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Request_WhenTokenIsGood_HasItsShortClaims()
    {
        using var answer = await SendAsync("/me", _forge.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal($"{_forge.User} {_forge.Session} True ana@example.com", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Request_WhenThereIsNoToken_Is401WithAChallenge()
    {
        using var answer = await _http.GetAsync("/me", Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(NotSignedIn, await VerdictAsync(null));
    }

    [Theory]
    [InlineData("Basic", "dXNlcjpwYXNz")]
    [InlineData("Bearerx", "abc")]
    public async Task Request_WhenSchemeIsAnother_IsTakenAsNotSignedIn(string scheme, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/verdict");
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, value);
        using var answer = await _http.SendAsync(request, Ct);

        Assert.Equal(NotSignedIn, await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Request_WhenTokenHasExpired_SaysSo()
    {
        var token = _forge.Token();
        Assert.Equal("ok", await VerdictAsync(token));

        _clock.Advance(TimeSpan.FromSeconds(1800 + 29));
        Assert.Equal("ok", await VerdictAsync(token));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Token expired", await VerdictAsync(token));
        Assert.Equal("Token expired", await VerdictAsync(_forge.Token(p => p["exp"] = p["iat"]!.GetValue<long>() - 1900)));
        using var answer = await SendAsync("/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"Token expired\"", answer.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task Request_WhenSessionIsSignedOut_IsRefusedAtOnce()
    {
        var token = _forge.Token();
        Assert.Equal("ok", await VerdictAsync(token));

        _revoked.Add(_forge.Session);

        Assert.Equal("Invalid token", await VerdictAsync(token));
    }

    [Fact]
    public async Task Request_WhenKeyIsWithdrawn_IsRefusedAtOnce()
    {
        var token = _forge.Token();
        Assert.Equal("ok", await VerdictAsync(token));

        _forge.Distrust();

        Assert.Equal("Invalid token", await VerdictAsync(token));
    }

    [Fact]
    public async Task Request_WhenKeyIsNew_IsAcceptedAfterReadingTheKeysAgain()
    {
        _forge.Distrust();
        _forge.TrustingAfterReload();

        Assert.Equal("ok", await VerdictAsync(_forge.Token()));
        Assert.Equal("ok", await VerdictAsync(_forge.Token()));
        Assert.Equal(1, _forge.Reloads);
    }

    [Fact]
    public async Task Request_WhenHeaderComesTwice_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/verdict");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer " + _forge.Token(), "Bearer " + _forge.Token()]);
        using var answer = await _http.SendAsync(request, Ct);

        Assert.Equal("Invalid token", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public void TryRead_WhenTokenIsOneMegabyte_IsRefusedByItsLength() =>
        Assert.False(JwtReader.TryRead(_forge.Token(p => p["padding"] = new string('x', 1024 * 1024)), new JwtOptions(), out _));

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Request_WhenTokenIsForged_IsRefused(string name)
    {
        var forged = Forge(name);

        Assert.Equal("Invalid token", await VerdictAsync(forged));
        using var answer = await SendAsync("/me", forged);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    public static TheoryData<string> Forgeries() => [.. new JwtValidationTests().All().Keys];

    private string Forge(string name) => All()[name]();

    private Dictionary<string, Func<string>> All() => new(StringComparer.Ordinal)
    {
        ["words"] = () => "not a token",
        ["two parts"] = () => Part(0) + "." + Part(1),
        ["four parts"] = () => _forge.Token() + ".x",
        ["empty signature"] = () => Part(0) + "." + Part(1) + ".",
        ["empty payload"] = () => Part(0) + ".." + Part(2),
        ["truncated"] = () => _forge.Token()[..^4],
        ["quarter of a megabyte"] = () => _forge.Token(p => p["padding"] = new string('x', 256 * 1024)),
        ["just too long"] = () => _forge.Token(p => p["padding"] = new string('x', 8000)),
        ["padded base64"] = () => _forge.Token() + "=",
        ["plain base64"] = () => _forge.Token().Replace('-', '+').Replace('_', '/') + "+",
        ["blank inside"] = () => _forge.Token().Insert(20, " "),
        ["other spelling of the signature"] = () => OtherSpelling(_forge.Token()),
        ["no JSON"] = () => _forge.Sign("{", "{}"),
        ["array"] = () => _forge.Sign("[]", "[]"),
        ["alg none"] = () => Unsigned("none"),
        ["alg None, no signature check"] = () => _forge.Token(header: h => h["alg"] = "None"),
        ["no alg"] = () => _forge.Token(header: h => h.Remove("alg")),
        ["RS512"] = () => _forge.Token(header: h => h["alg"] = "RS512"),
        ["HS256 with the public key"] = Hs256,
        ["other typ"] = () => _forge.Token(header: h => h["typ"] = "logout+jwt"),
        ["crit"] = () => _forge.Token(header: h => h["crit"] = new global::System.Text.Json.Nodes.JsonArray("exp")),
        ["unknown kid"] = () => _forge.Token(header: h => h["kid"] = "somebody"),
        ["no kid"] = () => _forge.Token(header: h => h.Remove("kid")),
        ["numeric kid"] = () => _forge.Token(header: h => h["kid"] = 1),
        ["own key in the header"] = OwnKey,
        ["payload changed"] = () => Part(0) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(_forge.Payload().ToJsonString())) + "." + Part(2),
        ["foreign issuer"] = () => _forge.Token(p => p["iss"] = "fittrack2"),
        ["no issuer"] = () => _forge.Token(p => p.Remove("iss")),
        ["foreign audience"] = () => _forge.Token(p => p["aud"] = "other"),
        ["no audience"] = () => _forge.Token(p => p.Remove("aud")),
        ["no expiry"] = () => _forge.Token(p => p.Remove("exp")),
        ["expiry as text"] = () => _forge.Token(p => p["exp"] = "9999999999"),
        ["expiry beyond time"] = () => _forge.Token(p => p["exp"] = 1e300),
        ["negative expiry"] = () => _forge.Token(p => p["exp"] = -1),
        ["issued in the future"] = () => _forge.Token(p => p["iat"] = p["iat"]!.GetValue<long>() + 31),
        ["not yet valid"] = () => _forge.Token(p => p["nbf"] = p["iat"]!.GetValue<long>() + 31),
        ["no issue time"] = () => _forge.Token(p => p.Remove("iat")),
        ["no subject"] = () => _forge.Token(p => p.Remove("sub")),
        ["subject is no id"] = () => _forge.Token(p => p["sub"] = "admin"),
        ["no session"] = () => _forge.Token(p => p.Remove("sid")),
        ["no role"] = () => _forge.Token(p => p.Remove("role")),
        ["duplicate claim"] = () => _forge.Sign(TokenForge.Header().ToJsonString(), _forge.Payload().ToJsonString().Replace("\"role\"", "\"role\":\"admin\",\"role\"", StringComparison.Ordinal)),
        ["duplicate header"] = () => _forge.Sign("""{"alg":"RS256","alg":"RS256","kid":"test-key-1"}""", _forge.Payload().ToJsonString()),
        ["deep"] = () => _forge.Sign(TokenForge.Header().ToJsonString(), "{\"x\":" + new string('[', 2000) + new string(']', 2000) + "}"),
        ["broken UTF-8"] = () => Part(0) + "." + Base64Url.EncodeToString([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) + "." + Part(2),
    };

    private string Part(int index) => _forge.Token().Split('.')[index];

    private string Unsigned(string alg)
    {
        var header = TokenForge.Header();
        header["alg"] = alg;
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Part(1) + ".";
    }

    private string Hs256()
    {
        var header = TokenForge.Header();
        header["alg"] = "HS256";
        var input = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Part(1);
        return input + "." + Base64Url.EncodeToString(HMACSHA256.HashData(_forge.Key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(input)));
    }

    private string OwnKey()
    {
        var own = new TokenForge(_clock, TokenForge.ForeignKey);
        var key = own.Key.ExportParameters(false);
        return own.Token(header: h => h["jwk"] = new global::System.Text.Json.Nodes.JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = "AQAB" });
    }

    /// <summary>256 bytes leave four unused bits in the last character; setting one of them gives another text for the same bytes.</summary>
    private static string OtherSpelling(string token)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + alphabet[alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }

    private async Task<string> VerdictAsync(string? token)
    {
        using var answer = await SendAsync("/verdict", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return await _http.SendAsync(request, Ct);
    }
}
