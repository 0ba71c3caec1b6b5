using Microsoft.AspNetCore.DataProtection;

namespace FitTrack.Core.Drawings;

/// <summary>Keeps server seeds, signing keys and prize codes unreadable at rest.</summary>
public sealed class DrawingSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _seeds = protection.CreateProtector("FitTrack.Drawings.ServerSeed.v1");
    private readonly IDataProtector _keys = protection.CreateProtector("FitTrack.Drawings.DrawKey.v1");
    private readonly IDataProtector _codes = protection.CreateProtector("FitTrack.Drawings.PrizeCode.v1");

    public string SealSeed(byte[] seed) => Convert.ToBase64String(_seeds.Protect(seed));

    public byte[] OpenSeed(string sealedSeed) => _seeds.Unprotect(Convert.FromBase64String(sealedSeed));

    public string SealKey(byte[] pkcs8) => Convert.ToBase64String(_keys.Protect(pkcs8));

    public byte[] OpenKey(string sealedKey) => _keys.Unprotect(Convert.FromBase64String(sealedKey));

    public string SealCode(string code) => _codes.Protect(code);

    public string OpenCode(string sealedCode) => _codes.Unprotect(sealedCode);
}
