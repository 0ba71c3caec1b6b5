using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Accounts;

/// <summary>256 random bits that are told once and then only recognised: the database keeps their SHA-256.</summary>
internal static class SecretToken
{
    private const int Size = 32;

    /// <summary>43 characters of base64url.</summary>
    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));

    /// <summary>What the database keeps of a token; null when the text cannot be one.</summary>
    public static byte[]? HashOf(string? token) => IsWellFormed(token) ? SHA256.HashData(Encoding.ASCII.GetBytes(token!)) : null;

    /// <summary>Encrypts a successor so that only who holds <paramref name="token"/> can read it.</summary>
    public static byte[] Seal(string successor, string token)
    {
        var nonce = new byte[12];
        var plaintext = Base64Url.DecodeFromChars(successor);
        var sealedBytes = new byte[plaintext.Length + 16];
        using var aes = new AesGcm(SealingKey(token), 16);
        // The key is used for this one message only, so a fixed nonce is safe.
        aes.Encrypt(nonce, plaintext, sealedBytes.AsSpan(0, plaintext.Length), sealedBytes.AsSpan(plaintext.Length));
        return sealedBytes;
    }

    /// <summary>The inverse of <see cref="Seal"/>.</summary>
    public static string Unseal(byte[] sealedBytes, string token)
    {
        var plaintext = new byte[sealedBytes.Length - 16];
        using var aes = new AesGcm(SealingKey(token), 16);
        aes.Decrypt(new byte[12], sealedBytes.AsSpan(0, plaintext.Length), sealedBytes.AsSpan(plaintext.Length), plaintext);
        return Base64Url.EncodeToString(plaintext);
    }

    private static byte[] SealingKey(string token) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(token), 32, info: "FitTrack.RefreshSuccessor"u8.ToArray());

    private static bool IsWellFormed(string? token) =>
        token is { Length: 43 } && Base64Url.IsValid(token, out var length) && length == Size;
}
