using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace FitTrack.Tests.Fixtures;

/// <summary>A time-stamp authority of our own (RFC 3161), with a root that it descends from.</summary>
internal sealed class TestTimestampAuthority : IDisposable
{
    private const string TstInfo = "1.2.840.113549.1.9.16.1.4";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";
    private static readonly DateTimeOffset Founded = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _certificate;

    public TestTimestampAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = root.CreateSelfSigned(Founded, Founded.AddYears(100));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var own = new CertificateRequest("CN=Test time", key, HashAlgorithmName.SHA256);
        own.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(TimeStamping)], critical: true));
        using var issued = own.Create(_root, Founded, Founded.AddYears(99), [1]);
        _certificate = issued.CopyWithPrivateKey(key);
    }

    public X509Certificate2Collection Roots => [X509CertificateLoader.LoadCertificate(_root.RawData)];

    public void Dispose()
    {
        _root.Dispose();
        _certificate.Dispose();
    }

    /// <summary>What grants a request (RFC 3161, 2.4.2).</summary>
    /// <param name="hash">Another than that of the request.</param>
    /// <param name="nonce">Another than that of the request.</param>
    public byte[] Reply(byte[] query, DateTimeOffset time, byte[]? hash = null, byte[]? nonce = null)
    {
        Assert.True(Rfc3161TimestampRequest.TryDecode(query, out var request, out _));
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        {
            using (asn.PushSequence())
                asn.WriteInteger(0);
            asn.WriteEncodedValue(Token(hash ?? request.GetMessageHash().ToArray(), time, nonce ?? request.GetNonce()));
        }

        return asn.Encode();
    }

    /// <param name="hash">SHA-256 of what is stamped.</param>
    public byte[] Token(byte[] hash, DateTimeOffset time, ReadOnlyMemory<byte>? nonce = null)
    {
        var cms = new SignedCms(new ContentInfo(new Oid(TstInfo), Info(hash, time, nonce)));
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, _certificate) { IncludeOption = X509IncludeOption.EndCertOnly, DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1") };
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), OwnCertificate()));
        cms.ComputeSignature(signer);
        return cms.Encode();
    }

    private static byte[] Info(byte[] hash, DateTimeOffset time, ReadOnlyMemory<byte>? nonce)
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        {
            asn.WriteInteger(1);
            asn.WriteObjectIdentifier("1.3.6.1.4.1.13762.3");
            using (asn.PushSequence())
            {
                using (asn.PushSequence())
                    asn.WriteObjectIdentifier("2.16.840.1.101.3.4.2.1");
                asn.WriteOctetString(hash);
            }

            asn.WriteInteger(1);
            asn.WriteGeneralizedTime(time, omitFractionalSeconds: true);
            if (nonce is { } asked) asn.WriteInteger(new BigInteger(asked.Span, isBigEndian: true));
        }

        return asn.Encode();
    }

    /// <summary>ESSCertIDv2 of the certificate (RFC 5816), which a token must be bound to.</summary>
    private byte[] OwnCertificate()
    {
        var asn = new AsnWriter(AsnEncodingRules.DER);
        using (asn.PushSequence())
        using (asn.PushSequence())
        using (asn.PushSequence())
            asn.WriteOctetString(_certificate.GetCertHash(HashAlgorithmName.SHA256));
        return asn.Encode();
    }
}
