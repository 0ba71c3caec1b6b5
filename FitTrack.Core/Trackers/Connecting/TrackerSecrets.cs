using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Core.Trackers.Connecting;

/// <summary>Keeps members' tokens and keys at providers unreadable at rest.</summary>
public sealed class TrackerSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _tokens = protection.CreateProtector("FitTrack.Trackers.Token.v1");

    public string Seal(string token) => _tokens.Protect(token);

    public ProtectedTokens Seal(string access, string? refresh, DateTimeOffset? expiresAt) => new(Seal(access), refresh is null ? null : Seal(refresh), expiresAt);

    /// <summary>Null when it cannot be read any more, because its key is gone.</summary>
    public string? Open(string? sealedToken)
    {
        try
        {
            return sealedToken is null ? null : _tokens.Unprotect(sealedToken);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
