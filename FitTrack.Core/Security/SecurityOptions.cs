using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Security;

/// <summary>Configuration section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>Bytes of the master key.</summary>
    public const int MasterKeyLength = 32;

    /// <summary>
    /// What a program that is started by itself in Development uses when no key is configured. Everybody can read it here, so
    /// Production refuses it.
    /// </summary>
    internal static readonly string DevelopmentMasterKey = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes("FitTrack development master key")));

    /// <summary>32 random bytes in base64 that wrap the key ring. Losing it loses every protected value. Secret.</summary>
    public string? MasterKey { get; set; }

    /// <summary>Administrators without a second factor are ordinary members until they have one.</summary>
    public bool RequireAdminTwoFactor { get; set; }

    /// <summary>The key's bytes.</summary>
    /// <exception cref="FormatException">It is not base64.</exception>
    internal byte[] MasterKeyBytes() => Convert.FromBase64String(MasterKey ?? DevelopmentMasterKey);
}

/// <summary>Refuses to start with a master key that protects nothing.</summary>
internal sealed class SecurityOptionsValidator(IHostEnvironment environment) : IValidateOptions<SecurityOptions>
{
    private bool IsServingPeople => environment.IsProduction() || environment.IsStaging();

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.MasterKey))
        {
            return IsServingPeople
                ? ValidateOptionsResult.Fail("Security:MasterKey is not set. Make one with: openssl rand -base64 32")
                : ValidateOptionsResult.Success;
        }

        Span<byte> key = stackalloc byte[SecurityOptions.MasterKeyLength + 1];
        if (!Convert.TryFromBase64String(options.MasterKey, key, out var length) || length != SecurityOptions.MasterKeyLength)
            return ValidateOptionsResult.Fail("Security:MasterKey must be 32 bytes in base64, as `openssl rand -base64 32` prints them.");
        if (IsServingPeople && options.MasterKey == SecurityOptions.DevelopmentMasterKey)
            return ValidateOptionsResult.Fail("Security:MasterKey is the development key, which is public. Make another with: openssl rand -base64 32");
        return ValidateOptionsResult.Success;
    }
}
