using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Accounts;

/// <summary>The public half of a signing key as published (RFC 7517).</summary>
public sealed record PublicJwk(string Kty, string Use, string Alg, string Kid, string N, string E)
{
    /// <summary>The key, for verification. The caller owns it.</summary>
    public RSA ToRsa() => RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(N), Exponent = Base64Url.DecodeFromChars(E) });
}

/// <summary>A key as it is kept. The newest that is valid already signs.</summary>
public sealed record StoredSigningKey(PublicJwk Jwk, byte[] ProtectedPrivateKey, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo);

/// <summary>The RSA keys that sign access tokens, shared by all instances through the database.</summary>
public sealed class SigningKeys(FitTrackDbContext db, IDataProtectionProvider protection, IMessageBus bus, IOptions<AccountsOptions> options, TimeProvider clock)
{
    private const string ProtectionPurpose = "FitTrack.Accounts.SigningKeys";
    private const int KeyBits = 2048;

    /// <summary>All keys that are kept, newest first: the newest, which may not sign yet, and older ones for as long as somebody may come back with a token of theirs.</summary>
    public async Task<List<StoredSigningKey>> LoadAsync(CancellationToken ct)
    {
        var keys = await db.Set<SigningKey>().AsNoTracking().OrderByDescending(k => k.Serial).ToListAsync(ct);
        return keys.ConvertAll(k => new StoredSigningKey(
            JsonSerializer.Deserialize<PublicJwk>(k.PublicJwk, JsonSerializerOptions.Web)!, k.ProtectedPrivateKey, k.ValidFrom, k.ValidTo));
    }

    /// <summary>Makes the first key if there is none. Of two instances that try at once, one stores its key; both then load that one.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        if (!await db.Set<SigningKey>().AnyAsync(ct))
            await AddAsync(serial: 1, validFrom: clock.Now(), ct);
    }

    /// <summary>
    /// Makes the next key shortly before the newest has signed for its time: published now, it signs from that time on, while the old one verifies
    /// until its last token has expired. Of several Workers, one stores its key. A key is kept for as long as a session lasts without use, and a day: a client
    /// that comes back with its old token is told that it has expired, not that it is forged.
    /// </summary>
    /// <returns>Whether this call made a key.</returns>
    public async Task<bool> RotateAsync(CancellationToken ct)
    {
        var (now, rules) = (clock.Now(), options.Value);
        var forgotten = now - rules.RefreshLifetime - TimeSpan.FromDays(1);
        await db.Set<SigningKey>().Where(k => k.ValidTo < forgotten).ExecuteDeleteAsync(ct);
        if (await db.Set<SigningKey>().OrderByDescending(k => k.Serial).FirstOrDefaultAsync(ct) is not { } newest)
            return await AddAsync(serial: 1, validFrom: now, ct);
        var due = newest.ValidFrom + rules.SigningKeyLifetime;
        if (now < due - rules.SigningKeyLead)
            return false;

        // After a long rest too, the key is known everywhere before it signs.
        var from = due > now + rules.SigningKeyLead ? due : now + rules.SigningKeyLead;
        newest.RetireFrom(from);
        return await AddAsync(newest.Serial + 1, from, ct);
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

    /// <summary>Saves a new key, with what else was changed; false when another instance was quicker.</summary>
    private async Task<bool> AddAsync(int serial, DateTimeOffset validFrom, CancellationToken ct)
    {
        using var rsa = RSA.Create(KeyBits);
        var jwk = Describe(rsa);
        var pkcs8 = rsa.ExportPkcs8PrivateKey();
        var privateKey = protection.CreateProtector(ProtectionPurpose).Protect(pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
        db.Add(SigningKey.Create(jwk.Kid, serial, JsonSerializer.Serialize(jwk, JsonSerializerOptions.Web), privateKey, validFrom, clock.Now()));
        try
        {
            await db.SaveChangesAsync(ct);
            bus.Publish(AccountTopics.SigningKeys, jwk.Kid);
            return true;
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            db.ChangeTracker.Clear();
            return false;
        }
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
