using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>What a time-stamp token shows.</summary>
/// <param name="Authority">Who signed it.</param>
/// <param name="Time">When, as it says.</param>
/// <param name="IsTrusted">Whether the authority's certificate descends from a trusted one.</param>
internal sealed record Timestamp(string Authority, DateTimeOffset Time, bool IsTrusted);

/// <summary>Checks the RFC 3161 token over a manifest: what it is over, and who signed it.</summary>
internal static class TimestampCheck
{
    private const string Step = "timestamp";
    private const string NoToken = "'timestampToken' is not an RFC 3161 token";
    private const string NotSigned = "the token's signature does not verify";
    private const string TstInfo = "1.2.840.113549.1.9.16.1.4";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    /// <param name="roots">The certificates that authorities must descend from; null for those that this system trusts.</param>
    public static Timestamp Run(byte[] token, byte[] manifestHash, X509Certificate2Collection? roots)
    {
        if (!Rfc3161TimestampToken.TryDecode(token, out var decoded, out var length)) throw new StepFailedException(Step, IsTimestamp(token) ? NotSigned : NoToken);
        if (length != token.Length) throw new StepFailedException(Step, NoToken);
        var isOverManifest = decoded.TokenInfo.HashAlgorithmId.Value == Sha256 && decoded.TokenInfo.GetMessageHash().Span.SequenceEqual(manifestHash);
        if (!isOverManifest) throw new StepFailedException(Step, "the token is not over this manifest");
        if (!decoded.VerifySignatureForHash(manifestHash, HashAlgorithmName.SHA256, out var authority)) throw new StepFailedException(Step, NotSigned);

        using (authority) return new Timestamp(authority.Subject, decoded.TokenInfo.Timestamp, IsTrusted(authority, decoded, roots));
    }

    /// <summary>Whether it has a token's form; that is not decoded either when its signature is wrong.</summary>
    private static bool IsTimestamp(byte[] token)
    {
        try
        {
            var cms = new SignedCms();
            cms.Decode(token);
            return cms.ContentInfo.ContentType.Value == TstInfo;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>At the token's time, and without a network: neither certificates nor revocations are fetched.</summary>
    private static bool IsTrusted(X509Certificate2 authority, Rfc3161TimestampToken token, X509Certificate2Collection? roots)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = token.TokenInfo.Timestamp.LocalDateTime;
        policy.ApplicationPolicy.Add(new Oid(TimeStamping));
        policy.ExtraStore.AddRange(token.AsSignedCms().Certificates);
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return chain.Build(authority);
    }
}
