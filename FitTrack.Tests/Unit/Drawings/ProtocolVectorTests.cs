using System.Text;
using FitTrack.Core.Drawings.Protocol;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class ProtocolVectorTests
{
    [Fact]
    public void Root_OfThePublishedTickets_IsThePublishedRoot() =>
        Assert.Equal(PublishedVector.Root, Convert.ToHexStringLower(MerkleTree.Root(PublishedVector.Leaves())));

    [Fact]
    public void CanonicalJson_OfThePublishedManifest_HashesToThePublishedValue()
    {
        var json = PublishedVector.Manifest().ToCanonicalJson();

        Assert.Equal(
            $$"""{"chain":"{{PublishedVector.Chain}}","drawing":"drw-2026-01-16","prizes":[[1,1],[2,2]],"root":"{{PublishedVector.Root}}","round":27946612,"tickets":7,"v":1}""",
            Encoding.UTF8.GetString(json));
        Assert.Equal(PublishedVector.ManifestHash, Convert.ToHexStringLower(Manifest.Hash(json)));
    }

    [Fact]
    public void Seed_OfThePublishedEntropy_IsThePublishedSeed() => Assert.Equal(PublishedVector.Seed, Convert.ToHexStringLower(Seed()));

    [Fact]
    public void Selection_OfThePublishedSeed_PicksThePublishedWinners()
    {
        var picks = Selection.Run(Seed(), PublishedVector.Prizes, alternates: 0, PublishedVector.HolderOfTicket);

        Assert.Equal([(1u, 0, 1), (2u, 0, 3), (2u, 1, 7)], picks.Select(p => (p.Rank, p.Slot, p.TicketNumber)));
    }

    [Fact]
    public void CanonicalJson_WithEveryOptionalKey_KeepsThemSorted()
    {
        var manifest = new Manifest("d", "", 0, "c0", [new(1, 1)], Alternates: 3, 0, "aa", "bb");

        Assert.Equal(
            """{"alternates":3,"chain":"","commitment":"c0","drawing":"d","prizes":[[1,1]],"root":"aa","round":0,"rules":"bb","tickets":0,"v":1}""",
            Encoding.UTF8.GetString(manifest.ToCanonicalJson()));
    }

    [Fact]
    public void Signature_OverTheManifest_VerifiesWithThePublishedKeyOnly()
    {
        using var key = ManifestSignature.NewKey();
        using var other = ManifestSignature.NewKey();
        var json = PublishedVector.Manifest().ToCanonicalJson();

        var signature = ManifestSignature.Sign(key, json);

        Assert.Equal(86, signature.Length);
        Assert.True(ManifestSignature.Verify(key, json, signature));
        Assert.False(ManifestSignature.Verify(other, json, signature));
        json[^2] ^= 1;
        Assert.False(ManifestSignature.Verify(key, json, signature));
    }

    private static byte[] Seed() =>
        DrawSeed.Derive(PublishedVector.Chain, PublishedVector.Round, Convert.FromHexString(PublishedVector.Randomness), Convert.FromHexString(PublishedVector.ManifestHash));
}
