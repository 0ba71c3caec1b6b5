using System.Security.Cryptography;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>The keys that manifests are signed with. Public halves stay published for good, at /.well-known/draw-keys.json.</summary>
public sealed class DrawKeys(FitTrackDbContext db, DrawingSecrets secrets, TimeProvider clock)
{
    /// <summary>Every key there ever was, oldest first.</summary>
    public async Task<IReadOnlyList<DrawKeyJwk>> PublicAsync(CancellationToken ct)
    {
        var keys = await db.Set<DrawKey>().AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.KeyId).ToListAsync(ct);
        return keys.ConvertAll(PublicHalf);
    }

    internal static DrawKeyJwk PublicHalf(DrawKey key) => ManifestSignature.PublicKey(key.X, key.Y, key.KeyId);

    /// <summary>Signs with the newest key that is not retired; the first manifest ever makes the first key, saved with the caller's work.</summary>
    internal async Task<(string Signature, string KeyId)> SignAsync(byte[] canonicalJson, CancellationToken ct)
    {
        var key = await db.Set<DrawKey>().Where(k => k.RetiredAt == null).OrderByDescending(k => k.CreatedAt).ThenBy(k => k.KeyId).FirstOrDefaultAsync(ct);
        using var signer = ManifestSignature.NewKey();
        if (key is null) db.Add(key = Store(signer));
        else signer.ImportPkcs8PrivateKey(secrets.OpenKey(key.SealedPrivateKey), out _);
        return (ManifestSignature.Sign(signer, canonicalJson), key.KeyId);
    }

    internal async Task<bool> VerifyAsync(string keyId, byte[] canonicalJson, string signature, CancellationToken ct)
    {
        if (await db.Set<DrawKey>().AsNoTracking().SingleOrDefaultAsync(k => k.KeyId == keyId, ct) is not { } key) return false;
        using var verifier = ManifestSignature.FromPublicKey(key.X, key.Y);
        return ManifestSignature.Verify(verifier, canonicalJson, signature);
    }

    private DrawKey Store(ECDsa signer)
    {
        var jwk = ManifestSignature.PublicKey(signer, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        return DrawKey.Create(jwk.Kid, jwk.X, jwk.Y, secrets.SealKey(signer.ExportPkcs8PrivateKey()), clock.Now());
    }
}
