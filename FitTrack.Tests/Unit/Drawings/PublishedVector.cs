using System.Security.Cryptography;
using System.Text;
using FitTrack.Core.Drawings.Protocol;

namespace FitTrack.Tests.Unit.Drawings;

/// <summary>The test vector of the protocol page: seven tickets of five owners, and what must come out of them.</summary>
internal static class PublishedVector
{
    public const string Drawing = "drw-2026-01-16";
    public const string Chain = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
    public const long Round = 27946612;
    public const string Randomness = "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587";
    public const string BeaconSignature = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b";
    public const string Root = "1daaad2f17b6de0b9b6e1ccc90a96872b1dde09122f23e59216cd501e3cd3197";
    public const string ManifestHash = "cefb14a399afdcf74944b7fd390b5c32a2b4f20b431e2c6dc575d4193c707df1";
    public const string Seed = "ffc743b7f77d59ab61fc29d7568253dbd723cbe2a9d2387b69eedcd067e6d050";

    public static readonly string[] Owners = ["ana", "ana", "bob", "cy", "cy", "cy", "dee"];
    public static readonly PrizeSlots[] Prizes = [new(1, 1), new(2, 2)];

    /// <summary>For each ticket, the index of its owner.</summary>
    public static int[] HolderOfTicket => [0, 0, 1, 2, 2, 2, 3];

    public static string TicketId(int number) => $"t{number:000}";

    public static byte[] Holder(int number) => Pseudonym.Holder(SHA256.HashData(Encoding.UTF8.GetBytes("salt" + Owners[number - 1])), Owners[number - 1]);

    public static byte[] Leaves()
    {
        var leaves = new byte[Owners.Length * MerkleTree.HashLength];
        for (var number = 1; number <= Owners.Length; number++)
            MerkleTree.WriteLeaf(Drawing, number, TicketId(number), Holder(number), leaves.AsSpan((number - 1) * MerkleTree.HashLength));
        return leaves;
    }

    public static Manifest Manifest() =>
        new(Drawing, Chain, Round, Commitment: null, Prizes, Alternates: 0, Owners.Length, Convert.ToHexStringLower(MerkleTree.Root(Leaves())), Rules: null);
}
