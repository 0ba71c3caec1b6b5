using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Core.Points;

/// <summary>
/// The hash that chains a member's ledger rows (domain section 3): SHA-256(previous hash ‖ LP of seq, type, amount, balance
/// after, reference, earned-on, rate version, time in µs since 1970), each as text, with LP(s) = u32be(length of the UTF-8
/// bytes) ‖ bytes. The first row follows 32 zero bytes; a missing date or version is the empty text.
/// </summary>
public static class LedgerHash
{
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>What the first row of a member's chain follows. A fresh array each time, because arrays can be written to.</summary>
    public static byte[] Start => new byte[Length];

    public static byte[] Of(ReadOnlySpan<byte> previous, long seq, string type, long amount, long balanceAfter, string reference, DateOnly? earnedOn, string? rateVersion, DateTimeOffset at)
    {
        var size = Length + (8 * sizeof(uint)) + 120 + Encoding.UTF8.GetMaxByteCount(type.Length + reference.Length + (rateVersion?.Length ?? 0));
        Span<byte> buffer = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        previous.CopyTo(buffer);
        var length = previous.Length;
        Number(buffer, ref length, seq);
        Text(buffer, ref length, type);
        Number(buffer, ref length, amount);
        Number(buffer, ref length, balanceAfter);
        Text(buffer, ref length, reference);
        Text(buffer, ref length, earnedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
        Text(buffer, ref length, rateVersion ?? "");
        Number(buffer, ref length, (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        return SHA256.HashData(buffer[..length]);
    }

    /// <summary>A leaf of the daily tree over all members: H(0x00 ‖ LP(user id) ‖ LP(seq) ‖ last hash).</summary>
    internal static byte[] Leaf(Guid userId, long seq, ReadOnlySpan<byte> lastHash)
    {
        Span<byte> buffer = stackalloc byte[128];
        buffer[0] = 0;
        var length = 1;
        Text(buffer, ref length, userId.ToString());
        Number(buffer, ref length, seq);
        lastHash.CopyTo(buffer[length..]);
        return SHA256.HashData(buffer[..(length + lastHash.Length)]);
    }

    private static void Number(Span<byte> buffer, ref int length, long value)
    {
        value.TryFormat(buffer[(length + sizeof(uint))..], out var written, provider: CultureInfo.InvariantCulture);
        Prefix(buffer, ref length, written);
    }

    private static void Text(Span<byte> buffer, ref int length, string value) =>
        Prefix(buffer, ref length, Encoding.UTF8.GetBytes(value, buffer[(length + sizeof(uint))..]));

    private static void Prefix(Span<byte> buffer, ref int length, int written)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], (uint)written);
        length += sizeof(uint) + written;
    }
}
