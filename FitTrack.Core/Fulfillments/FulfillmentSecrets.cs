using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Core.Fulfillments;

/// <summary>Where a prize is sent.</summary>
public sealed record ShippingAddress(string Name, string Line1, string? Line2, string City, string State, string PostalCode, string? Phone);

/// <summary>Keeps addresses and codes unreadable at rest.</summary>
public sealed class FulfillmentSecrets(IDataProtectionProvider protection)
{
    /// <summary>What codes are protected for; the mail that brings one opens it by this.</summary>
    internal const string CodePurpose = "FitTrack.Fulfillments.Code.v1";

    private readonly IDataProtector _addresses = protection.CreateProtector("FitTrack.Fulfillments.Address.v1");
    private readonly IDataProtector _codes = protection.CreateProtector(CodePurpose);

    internal string SealAddress(ShippingAddress address) => _addresses.Protect(JsonSerializer.Serialize(address));

    internal ShippingAddress OpenAddress(string sealedAddress) => JsonSerializer.Deserialize<ShippingAddress>(_addresses.Unprotect(sealedAddress))!;

    internal string SealCode(string code) => _codes.Protect(code);

    internal string OpenCode(string sealedCode) => _codes.Unprotect(sealedCode);
}
