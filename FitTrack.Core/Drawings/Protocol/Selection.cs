using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FitTrack.Core.Drawings.Protocol;

/// <summary>One filled slot and how it came about; <paramref name="N"/> is the number of tickets that it was picked from.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Pick(uint Rank, int Slot, uint Counter, ulong X, int N, int TicketNumber);

/// <summary>
/// Picks winners from a seed (FTDRAW-1, step 4): every slot takes one of the tickets left, without bias, and then all tickets of
/// its holder leave. A slot for which no ticket is left stays unawarded: it gives no pick.
/// </summary>
internal static class Selection
{
    /// <summary>The rank that alternates are drawn under, after all prizes.</summary>
    public const uint AlternateRank = uint.MaxValue;

    /// <param name="seed">The 32 bytes of <see cref="DrawSeed.Derive"/>.</param>
    /// <param name="prizes">Ascending by rank.</param>
    /// <param name="alternates">How many alternates to draw after the prizes.</param>
    /// <param name="holderOfTicket">For ticket number i + 1, the index (from 0) of its holder.</param>
    public static IReadOnlyList<Pick> Run(byte[] seed, IReadOnlyList<PrizeSlots> prizes, int alternates, int[] holderOfTicket)
    {
        var remaining = new RemainingTickets(holderOfTicket);
        var picks = new List<Pick>();
        foreach (var (rank, quantity) in prizes.Append(new PrizeSlots(AlternateRank, alternates)))
        {
            for (var slot = 0; slot < quantity && remaining.Count > 0; slot++)
            {
                var (x, counter) = Draw(seed, rank, (uint)slot, (uint)remaining.Count);
                var ticket = remaining.At((int)(x % (uint)remaining.Count));
                picks.Add(new Pick(rank, slot, counter, x, remaining.Count, ticket + 1));
                remaining.RemoveHolderOf(ticket);
            }
        }

        return picks;
    }

    /// <summary>The first number below the largest multiple of <paramref name="n"/> that 64 bits hold, so that x mod n is even.</summary>
    private static (ulong X, uint Counter) Draw(byte[] seed, uint rank, uint slot, uint n)
    {
        var limit = (UInt128.One << 64) / n * n;
        for (uint counter = 0; ; counter++)
        {
            var x = Number(seed, rank, slot, counter);
            if (x < limit) return (x, counter);
        }
    }

    private static ulong Number(byte[] seed, uint rank, uint slot, uint counter)
    {
        var bytes = new ProtocolBytes(stackalloc byte[32]);
        bytes.Raw("FTDRAW1/pick"u8);
        bytes.UInt32(rank);
        bytes.UInt32(slot);
        bytes.UInt32(counter);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(seed, bytes.Written, mac);
        return BinaryPrimitives.ReadUInt64BigEndian(mac);
    }
}
