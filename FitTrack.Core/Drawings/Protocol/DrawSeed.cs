using System.Security.Cryptography;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>The seed that every pick follows from (FTDRAW-1, step 3).</summary>
internal static class DrawSeed
{
    public const int ServerSeedLength = 32;

    /// <summary>
    /// H("FTDRAW1/seed" ‖ chain hash (32 bytes; zeros for `commit`) ‖ u64be(round) ‖ entropy ‖ H(manifest)), where the entropy is the
    /// beacon's randomness or the revealed server seed, 32 bytes either way.
    /// </summary>
    public static byte[] Derive(string chainHex, long round, ReadOnlySpan<byte> entropy, ReadOnlySpan<byte> manifestHash)
    {
        Span<byte> chain = stackalloc byte[32];
        chain.Clear();
        if (chainHex.Length > 0) Convert.FromHexString(chainHex).CopyTo(chain);

        var label = "FTDRAW1/seed"u8;
        var bytes = new ProtocolBytes(new byte[label.Length + chain.Length + sizeof(ulong) + entropy.Length + manifestHash.Length]);
        bytes.Raw(label);
        bytes.Raw(chain);
        bytes.UInt64((ulong)round);
        bytes.Raw(entropy);
        bytes.Raw(manifestHash);
        return SHA256.HashData(bytes.Written);
    }
}
