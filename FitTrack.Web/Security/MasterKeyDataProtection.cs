using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Web.Security;

/// <summary>
/// Protects cookies and antiforgery tokens with AES-256-GCM under keys derived (HKDF-SHA-256, one per purpose) from
/// <c>Security:MasterKey</c>. The Web front end has no database, so it keeps no key ring: every instance derives the
/// same keys, and a restart signs nobody out. Layout of a protected value: version (1) ‖ nonce (12) ‖ tag (16) ‖ ciphertext.
/// </summary>
internal sealed class MasterKeyDataProtection : IDataProtector
{
    private const byte FormatVersion = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + NonceSize + TagSize;

    private readonly byte[] _key;

    public MasterKeyDataProtection(byte[] masterKey)
        : this(masterKey, "FitTrack.Web")
    {
    }

    private MasterKeyDataProtection(byte[] parentKey, string purpose) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, parentKey, 32, info: Encoding.UTF8.GetBytes(purpose));

    public IDataProtector CreateProtector(string purpose) => new MasterKeyDataProtection(_key, purpose);

    public byte[] Protect(byte[] plaintext)
    {
        var result = new byte[HeaderSize + plaintext.Length];
        result[0] = FormatVersion;
        var nonce = result.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, plaintext, result.AsSpan(HeaderSize), result.AsSpan(1 + NonceSize, TagSize));
        return result;
    }

    /// <exception cref="CryptographicException">The value was not protected with this key and purpose, or was changed.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < HeaderSize || protectedData[0] != FormatVersion)
            throw new CryptographicException("Not a protected value of this version.");
        var plaintext = new byte[protectedData.Length - HeaderSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(protectedData.AsSpan(1, NonceSize), protectedData.AsSpan(HeaderSize), protectedData.AsSpan(1 + NonceSize, TagSize), plaintext);
        return plaintext;
    }
}
