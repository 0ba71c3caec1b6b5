using System.Numerics;
using System.Security.Cryptography;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>
/// The RFC 6962 hash tree over a drawing's tickets (FTDRAW-1, step 2). Leaf hashes lie one after the other in one block of
/// memory, 32 bytes each, so that a million tickets cost 32 MB and not a million objects.
/// </summary>
internal static class MerkleTree
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>leaf_i = H(0x00 ‖ LP(drawingId) ‖ u64be(number) ‖ LP(ticketId) ‖ holder), written to <paramref name="leaf"/>.</summary>
    public static void WriteLeaf(string drawingId, long number, string ticketId, ReadOnlySpan<byte> holder, Span<byte> leaf)
    {
        var size = 1 + ProtocolBytes.SizeOfText(drawingId) + sizeof(ulong) + ProtocolBytes.SizeOfText(ticketId) + holder.Length;
        var bytes = new ProtocolBytes(size <= 256 ? stackalloc byte[256] : new byte[size]);
        bytes.Byte(0);
        bytes.Text(drawingId);
        bytes.UInt64((ulong)number);
        bytes.Text(ticketId);
        bytes.Raw(holder);
        SHA256.HashData(bytes.Written, leaf);
    }

    /// <summary>The root over <paramref name="hashes"/>; H("") when there are none.</summary>
    public static byte[] Root(ReadOnlySpan<byte> hashes)
    {
        var root = new byte[HashLength];
        WriteRoot(hashes, root);
        return root;
    }

    /// <summary>The siblings from the leaf at <paramref name="index"/> (from 0) up to the root, in that order.</summary>
    public static IReadOnlyList<byte[]> InclusionPath(ReadOnlySpan<byte> hashes, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, hashes.Length / HashLength);
        var path = new List<byte[]>();
        while (hashes.Length > HashLength)
        {
            var left = SplitPoint(hashes.Length / HashLength);
            var goesLeft = index < left;
            var sibling = goesLeft ? hashes[(left * HashLength)..] : hashes[..(left * HashLength)];
            path.Add(Root(sibling));
            hashes = goesLeft ? hashes[..(left * HashLength)] : hashes[(left * HashLength)..];
            index = goesLeft ? index : index - left;
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether <paramref name="path"/> leads from the leaf hash at <paramref name="index"/> of <paramref name="count"/> to <paramref name="root"/> (RFC 9162, 2.1.3.2).</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> root, ReadOnlySpan<byte> leaf, long index, long count, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= count) return false;

        var (node, last) = (index, count - 1);
        var hash = leaf.ToArray();
        foreach (var sibling in path)
        {
            if (last == 0) return false;

            if ((node & 1) == 1 || node == last)
            {
                WriteNode(sibling, hash, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                WriteNode(hash, sibling, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    private static void WriteRoot(ReadOnlySpan<byte> hashes, Span<byte> root)
    {
        switch (hashes.Length)
        {
            case 0:
                SHA256.HashData([], root);
                return;
            case HashLength:
                hashes.CopyTo(root);
                return;
            default:
                var left = SplitPoint(hashes.Length / HashLength) * HashLength;
                Span<byte> halves = stackalloc byte[2 * HashLength];
                WriteRoot(hashes[..left], halves[..HashLength]);
                WriteRoot(hashes[left..], halves[HashLength..]);
                WriteNode(halves[..HashLength], halves[HashLength..], root);
                return;
        }
    }

    private static void WriteNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> node)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * HashLength)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + HashLength)..]);
        SHA256.HashData(bytes, node);
    }

    /// <summary>The largest power of two below <paramref name="count"/> (2 or more).</summary>
    private static int SplitPoint(int count) => (int)(BitOperations.RoundUpToPowerOf2((uint)count) / 2);
}
