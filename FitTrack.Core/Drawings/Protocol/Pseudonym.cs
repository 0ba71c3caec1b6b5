using System.Security.Cryptography;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>
/// Who holds a ticket, without saying who (FTDRAW-1, step 2): a hash of the member's id under a salt that only the member is told,
/// so that holders can be counted within one drawing and linked across none.
/// </summary>
internal static class Pseudonym
{
    public const int SaltLength = 32;

    /// <summary>holder = H("FTDRAW1/holder" ‖ salt ‖ LP(userId)).</summary>
    public static byte[] Holder(ReadOnlySpan<byte> salt, string userId)
    {
        var label = "FTDRAW1/holder"u8;
        var bytes = new ProtocolBytes(new byte[label.Length + salt.Length + ProtocolBytes.SizeOfText(userId)]);
        bytes.Raw(label);
        bytes.Raw(salt);
        bytes.Text(userId);
        return SHA256.HashData(bytes.Written);
    }

    /// <summary>The salt of a `commit` drawing: HMAC-SHA256(server seed, "FTDRAW1/salt" ‖ LP(userId)), fixed before sales began.</summary>
    public static byte[] CommittedSalt(ReadOnlySpan<byte> serverSeed, string userId)
    {
        var label = "FTDRAW1/salt"u8;
        var bytes = new ProtocolBytes(new byte[label.Length + ProtocolBytes.SizeOfText(userId)]);
        bytes.Raw(label);
        bytes.Text(userId);
        return HMACSHA256.HashData(serverSeed, bytes.Written);
    }
}
