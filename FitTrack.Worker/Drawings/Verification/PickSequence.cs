using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace FitTrack.Worker.Drawings.Verification;

/// <summary>A pick as the bundle tells it.</summary>
internal sealed record BundlePick(long Rank, long Slot, long Counter, string X, long N, long Ticket);

/// <summary>Draws anew what a seed must give, with a plain list and big integers.</summary>
internal static class PickSequence
{
    public const long Alternates = 4294967295;

    private static readonly BigInteger TwoTo64 = BigInteger.Pow(2, 64);

    public static BundlePick Read(JsonElement pick) =>
        new(pick.Number("rank"), pick.Number("slot"), pick.Number("counter"), pick.Text("x"), pick.Number("n"), pick.Number("ticket"));

    public static IEnumerable<BundlePick> Recompute(byte[] seed, IEnumerable<(long Rank, long Quantity)> prizes, long alternates, List<string> holders)
    {
        var left = Enumerable.Range(0, holders.Count).ToList();
        foreach (var (rank, quantity) in prizes.Append((Alternates, alternates)))
        {
            for (long slot = 0; slot < quantity && left.Count > 0; slot++)
            {
                var (x, counter) = Number(seed, rank, slot, left.Count);
                var ticket = left[(int)(x % left.Count)];
                yield return new BundlePick(rank, slot, counter, x.ToString(CultureInfo.InvariantCulture), left.Count, ticket + 1);
                left.RemoveAll(other => holders[other] == holders[ticket]);
            }
        }
    }

    private static (BigInteger X, long Counter) Number(byte[] seed, long rank, long slot, int n)
    {
        var limit = TwoTo64 / n * n;
        for (long counter = 0; ; counter++)
        {
            byte[] message = [.. "FTDRAW1/pick"u8, .. TicketTree.BigEndian(rank, 4), .. TicketTree.BigEndian(slot, 4), .. TicketTree.BigEndian(counter, 4)];
            var x = new BigInteger(HMACSHA256.HashData(seed, message).AsSpan(0, 8), isUnsigned: true, isBigEndian: true);
            if (x < limit) return (x, counter);
        }
    }
}
