using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>A P-256 public key as a JSON Web Key (RFC 7517), as it stands in bundles and at /.well-known/draw-keys.json.</summary>
public sealed record DrawKeyJwk(
    [property: JsonPropertyName("kty")] string Kty,
    [property: JsonPropertyName("crv")] string Crv,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y,
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("alg")] string Alg,
    [property: JsonPropertyName("use")] string Use);

/// <summary>Signs manifests: ES256 (P-256, SHA-256), raw r‖s, base64url (FTDRAW-1, step 2).</summary>
internal static class ManifestSignature
{
    public const string Algorithm = "ES256";

    public static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string Sign(ECDsa key, ReadOnlySpan<byte> canonicalJson) =>
        Base64Url.EncodeToString(key.SignData(canonicalJson, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public static bool Verify(ECDsa key, ReadOnlySpan<byte> canonicalJson, string signature) =>
        key.VerifyData(canonicalJson, Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public static DrawKeyJwk PublicKey(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return PublicKey(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), keyId);
    }

    public static DrawKeyJwk PublicKey(string x, string y, string keyId) => new("EC", "P-256", x, y, keyId, Algorithm, "sig");

    public static ECDsa FromPublicKey(string x, string y) => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
    });
}
