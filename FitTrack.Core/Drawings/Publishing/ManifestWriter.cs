using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Drawings.Protocol;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>Writes what a drawing is bound to (FTDRAW-1, step 2).</summary>
internal static class ManifestWriter
{
    public static Manifest For(Drawing drawing, int tickets, ReadOnlySpan<byte> blockHashes, string rulesText) => new(
        drawing.Id.ToString(),
        drawing.ChainHash ?? "",
        drawing.Round ?? 0,
        drawing.Commitment,
        SlotsOf(drawing),
        drawing.Alternates,
        tickets,
        Convert.ToHexStringLower(MerkleTree.Root(blockHashes)),
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rulesText))));

    public static List<PrizeSlots> SlotsOf(Drawing drawing) => [.. drawing.Prizes.OrderBy(p => p.Rank).Select(p => new PrizeSlots((uint)p.Rank, p.Quantity))];
}
