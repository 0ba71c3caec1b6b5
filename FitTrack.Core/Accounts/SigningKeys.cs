using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>The public half of a signing key as published (RFC 7517).</summary>
public sealed record PublicJwk(string Kty, string Use, string Alg, string Kid, string N, string E)
{
    /// <summary>The key, for verification. The caller owns it.</summary>
    public RSA ToRsa() => RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(N), Exponent = Base64Url.DecodeFromChars(E) });
}

/// <summary>A key as it is kept: the newest signs.</summary>
public sealed record StoredSigningKey(PublicJwk Jwk, byte[] ProtectedPrivateKey, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo);

/// <summary>The RSA keys that sign access tokens, shared by all instances through the database.</summary>
public sealed class SigningKeys(FitTrackDbContext db, IDataProtectionProvider protection, IMessageBus bus, TimeProvider clock)
{
    private const string ProtectionPurpose = "FitTrack.Accounts.SigningKeys";
    private const int KeyBits = 2048;

    /// <summary>Keys that still verify: the newest, and older ones until the last token they signed has expired.</summary>
    public async Task<List<StoredSigningKey>> LoadAsync(TimeSpan tokenLifetime, CancellationToken ct)
    {
        var oldest = clock.Now() - tokenLifetime;
        var keys = await db.Set<SigningKey>().AsNoTracking()
            .Where(k => k.ValidTo == null || k.ValidTo > oldest)
            .OrderByDescending(k => k.Serial)
            .ToListAsync(ct);
        return keys.ConvertAll(k => new StoredSigningKey(
            JsonSerializer.Deserialize<PublicJwk>(k.PublicJwk, JsonSerializerOptions.Web)!, k.ProtectedPrivateKey, k.ValidFrom, k.ValidTo));
    }

    /// <summary>Makes the first key if there is none. Of two instances that try at once, one stores its key; both then load that one.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        if (await db.Set<SigningKey>().AnyAsync(ct))
            return;
        using var rsa = RSA.Create(KeyBits);
        var jwk = Describe(rsa);
        var privateKey = protection.CreateProtector(ProtectionPurpose).Protect(rsa.ExportPkcs8PrivateKey());
        var entry = db.Add(SigningKey.Create(jwk.Kid, serial: 1, JsonSerializer.Serialize(jwk, JsonSerializerOptions.Web), privateKey, clock.Now()));
        try
        {
            await db.SaveChangesAsync(ct);
            bus.Publish(AccountTopics.SigningKeys, jwk.Kid);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            entry.State = EntityState.Detached;
        }
    }

    /// <summary>The private key, for signing. The caller owns it.</summary>
    /// <exception cref="CryptographicException">It was protected under another master key.</exception>
    public RSA Open(StoredSigningKey key)
    {
        var pkcs8 = protection.CreateProtector(ProtectionPurpose).Unprotect(key.ProtectedPrivateKey);
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        CryptographicOperations.ZeroMemory(pkcs8);
        return rsa;
    }

    private static PublicJwk Describe(RSA rsa)
    {
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var (n, e) = (Base64Url.EncodeToString(parameters.Modulus), Base64Url.EncodeToString(parameters.Exponent));
        // RFC 7638: the required members in lexicographic order, without spaces.
        var thumbprint = SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}"""));
        return new PublicJwk("RSA", "sig", "RS256", Base64Url.EncodeToString(thumbprint), n, e);
    }
}
