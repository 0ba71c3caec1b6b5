using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;

namespace FitTrack.Api.Accounts;

/// <summary>Signs access tokens (RFC 7519, RS256) for sessions.</summary>
internal sealed class AccessTokens(JwtKeys keys, JwtOptions options, TimeProvider clock)
{
    public async Task<string> IssueAsync(SessionGrant session, CancellationToken ct)
    {
        var (kid, key) = await keys.SigningKeyAsync(ct);
        var now = clock.GetUtcNow();
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "RS256", typ = "JWT", kid });
        var payload = JsonSerializer.SerializeToUtf8Bytes(new
        {
            iss = options.Issuer,
            aud = options.Audience,
            sub = session.UserId,
            email = session.Email,
            role = Naming.Snake(session.Role.ToString()),
            sid = session.SessionId,
            iat = now.ToUnixTimeSeconds(),
            exp = (now + options.Lifetime).ToUnixTimeSeconds(),
            jti = Guid.CreateVersion7(now),
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
