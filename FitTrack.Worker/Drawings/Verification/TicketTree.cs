using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>The RFC 6962 tree over a drawing's tickets, straight from its definition.</summary>
internal static class TicketTree
{
    /// <summary>H(0x00 ‖ LP(drawing) ‖ u64be(number) ‖ LP(ticket) ‖ holder).</summary>
    public static byte[] Leaf(string drawing, long number, string ticket, byte[] holder) =>
        SHA256.HashData([0, .. Prefixed(drawing), .. BigEndian(number, 8), .. Prefixed(ticket), .. holder]);

    /// <summary>
    /// Joins neighbours level by level, passing an odd last one up: that is the tree which splits at the largest power of two.
    /// </summary>
    public static byte[] Root(List<byte[]> leaves)
    {
        if (leaves.Count == 0) return SHA256.HashData([]);
        for (var level = leaves; ; level = Above(level))
        {
            if (level.Count == 1) return level[0];
        }
    }

    public static byte[] BigEndian(long value, int length)
    {
        var bytes = new byte[length];
        for (var i = length - 1; i >= 0; i--, value >>= 8) bytes[i] = (byte)value;
        return bytes;
    }

    private static List<byte[]> Above(List<byte[]> level)
    {
        var above = new List<byte[]>((level.Count + 1) / 2);
        for (var i = 0; i + 1 < level.Count; i += 2) above.Add(SHA256.HashData([1, .. level[i], .. level[i + 1]]));
        if (level.Count % 2 == 1) above.Add(level[^1]);
        return above;
    }

    private static byte[] Prefixed(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. BigEndian(bytes.Length, 4), .. bytes];
    }
}
