using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Api.Accounts;

namespace FitTrack.Tests.Fixtures;

/// <summary>Access tokens for hosts without the accounts feature, signed with a key of this run. Elsewhere tests sign in.</summary>
internal static class TestTokens
{
    private const string Kid = "test-key";

    private static readonly RSA Key = RSA.Create(2048);

    public static IJwtKeys Keys { get; } = new OneKey();

    public static string For(Guid member, DateTimeOffset now, string role = "user", TimeSpan? lifetime = null, Guid? session = null)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", typ = "JWT", kid = Kid });
        var payload = JsonSerializer.SerializeToUtf8Bytes(new
        {
            sub = member,
            email = $"{member}@example.com",
            role,
            sid = session ?? Guid.NewGuid(),
            iat = now.ToUnixTimeSeconds(),
            exp = (now + (lifetime ?? TimeSpan.FromMinutes(30))).ToUnixTimeSeconds(),
            jti = Guid.NewGuid(),
            iss = "fittrack",
            aud = "fittrack-api",
        });
        var text = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        return $"{text}.{Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private sealed class OneKey : IJwtKeys
    {
        public bool TryGet(string kid, [NotNullWhen(true)] out RSA? key)
        {
            key = kid == Kid ? Key : null;
            return key is not null;
        }

        public ValueTask ReloadAsync(CancellationToken ct) => ValueTask.CompletedTask;
    }
}
