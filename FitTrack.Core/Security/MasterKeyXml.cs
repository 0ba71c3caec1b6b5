using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Security;

/// <summary>Wraps key ring entries with AES-256-GCM under <c>Security:MasterKey</c>.</summary>
internal sealed class MasterKeyXmlEncryptor(IOptions<SecurityOptions> options) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var key = options.Value.MasterKeyBytes();
        var plaintext = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[AesGcm.TagByteSizes.MaxSize];
        using (var aes = new AesGcm(key, tag.Length))
            aes.Encrypt(nonce, plaintext, ciphertext, tag, MasterKeyXml.Context);
        CryptographicOperations.ZeroMemory(plaintext);

        var element = new XElement(
            MasterKeyXml.Element,
            new XAttribute("masterKey", MasterKeyXml.IdOf(key)),
            new XElement("nonce", Convert.ToBase64String(nonce)),
            new XElement("tag", Convert.ToBase64String(tag)),
            new XElement("value", Convert.ToBase64String(ciphertext)));
        return new EncryptedXmlInfo(element, typeof(MasterKeyXmlDecryptor));
    }
}

/// <summary>The inverse of <see cref="MasterKeyXmlEncryptor"/>. The key ring stores this type's name, so it keeps its name and place.</summary>
public sealed class MasterKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <exception cref="CryptographicException">The entry was wrapped with another master key, or changed.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        var key = services.GetRequiredService<IOptions<SecurityOptions>>().Value.MasterKeyBytes();
        if ((string?)encryptedElement.Attribute("masterKey") != MasterKeyXml.IdOf(key))
            throw new CryptographicException("The key ring in the database was wrapped with another Security:MasterKey.");

        var ciphertext = Part(encryptedElement, "value");
        var plaintext = new byte[ciphertext.Length];
        var tag = Part(encryptedElement, "tag");
        using (var aes = new AesGcm(key, tag.Length))
            aes.Decrypt(Part(encryptedElement, "nonce"), ciphertext, tag, plaintext, MasterKeyXml.Context);
        return XElement.Parse(Encoding.UTF8.GetString(plaintext));
    }

    private static byte[] Part(XElement element, string name) =>
        Convert.FromBase64String((string?)element.Element(name) ?? throw new CryptographicException($"A key ring entry has no {name}."));
}

internal static class MasterKeyXml
{
    public const string Element = "masterKeyWrapped";

    /// <summary>Authenticated with the ciphertext, so that no other use of the master key can be mistaken for this one.</summary>
    public static byte[] Context => "FitTrack.DataProtection.v1"u8.ToArray();

    /// <summary>Tells which key wrapped an entry without telling the key.</summary>
    public static string IdOf(byte[] masterKey) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, 8, info: "FitTrack.MasterKeyId"u8.ToArray()));
}
