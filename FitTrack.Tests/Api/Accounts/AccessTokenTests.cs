using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Api.Accounts;

public sealed class AccessTokenTests(ApiFixture api, PostgresServer server) : IClassFixture<ApiFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jwks_WhenPublished_VerifiesAnIssuedToken()
    {
        var member = await api.NewMemberAsync();
        var parts = member.AccessToken.Split('.');
        var header = JsonElement.Parse(Base64Url.DecodeFromChars(parts[0]));
        var keys = (await api.NewClient().GetJsonAsync("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray().ToList();
        var key = Assert.Single(keys);
        Assert.Equal(header.GetProperty("kid").GetString(), key.GetProperty("kid").GetString());
        Assert.Equal(("RSA", "sig", "RS256"), (key.GetProperty("kty").GetString(), key.GetProperty("use").GetString(), key.GetProperty("alg").GetString()));
        Assert.False(key.TryGetProperty("d", out _));

        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });
        Assert.Equal(2048, rsa.KeySize);
        Assert.True(rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Login_WhenTokenIsRead_HoldsTheClaimsOfTheContract()
    {
        var member = await api.NewMemberAsync(new MemberPlan { Role = UserRole.Premium });
        var claims = JsonElement.Parse(Base64Url.DecodeFromChars(member.AccessToken.Split('.')[1]));
        Assert.Equal(["aud", "email", "exp", "iat", "iss", "jti", "role", "sid", "sub"], claims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.Equal(member.Id, claims.GetProperty("sub").GetGuid());
        Assert.Equal((member.Email, "premium"), (claims.GetProperty("email").GetString(), claims.GetProperty("role").GetString()));
        Assert.Equal(1800, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(api.Clock.Now.ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    [Scenario("2", "Accessing protected endpoint without token")]
    [Scenario("2", "Accessing protected endpoint with expired token")]
    [Scenario("2", "Accessing protected endpoint with invalid token")]
    public async Task Me_WhenTokenIsMissingExpiredOrTampered_Is401WithItsReason()
    {
        await using var own = new ApiFactory(api.Database.ConnectionString);
        var member = await own.NewMemberAsync();
        await RefusedAsync(own, null, "Authentication required");
        var last = member.AccessToken[^10];
        await RefusedAsync(own, member.AccessToken[..^10] + (last == 'A' ? 'B' : 'A') + member.AccessToken[^9..], "Invalid token");
        await RefusedAsync(own, "abc.def.ghi", "Invalid token");
        own.Clock.Advance(TimeSpan.FromMinutes(31));
        await RefusedAsync(own, member.AccessToken, "Token expired");
    }

    [Fact]
    public async Task SigningKeys_WhenInstancesStartTogether_AreOne()
    {
        await using var database = await NewDatabaseAsync();
        var factories = Enumerable.Range(0, 3).Select(_ => new ApiFactory(database.ConnectionString)).ToList();
        var kids = await Task.WhenAll(factories.Select(async f => (await f.CreateClient().GetJsonAsync("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray().Single().GetProperty("kid").GetString()));
        Assert.Single(kids.Distinct(StringComparer.Ordinal));
        await using var db = database.Open();
        var stored = await db.Set<SigningKey>().SingleAsync(Ct);
        Assert.ThrowsAny<CryptographicException>(() =>
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(stored.ProtectedPrivateKey, out _);
        });

        // What one signs, the other verifies.
        var member = await factories[0].NewMemberAsync();
        var other = factories[1].CreateClient();
        other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", member.AccessToken);
        await other.GetJsonAsync("/api/v1/users/me");
        foreach (var factory in factories)
            await factory.DisposeAsync();
    }

    private static async Task RefusedAsync(ApiFactory factory, string? token, string detail)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("/api/v1/users/me", Ct);
        Assert.Equal(detail, (await response.ReadProblemAsync(HttpStatusCode.Unauthorized)).Detail);
    }

    private Task<TestDatabase> NewDatabaseAsync() => server.CreateDatabaseAsync(Ct);
}
