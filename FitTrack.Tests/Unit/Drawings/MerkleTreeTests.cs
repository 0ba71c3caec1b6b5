using System.Security.Cryptography;
using FitTrack.Core.Drawings.Protocol;
using Xunit;

namespace FitTrack.Tests.Unit.Drawings;

public sealed class MerkleTreeTests
{
    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 71)];

    [Theory, MemberData(nameof(Sizes))]
    public void InclusionPath_OfEveryLeaf_VerifiesForItsPlaceOnly(int count)
    {
        var leaves = RandomNumberGenerator.GetBytes(count * MerkleTree.HashLength);
        var root = MerkleTree.Root(leaves);

        for (var index = 0; index < count; index++)
        {
            var path = MerkleTree.InclusionPath(leaves, index);
            var leaf = Leaf(leaves, index);

            Assert.True(MerkleTree.VerifyInclusion(root, leaf, index, count, path));
            Assert.False(MerkleTree.VerifyInclusion(root, leaf, index + 1, count, path));
            Assert.False(MerkleTree.VerifyInclusion(root, SHA256.HashData(leaf), index, count, path));
            Assert.False(MerkleTree.VerifyInclusion(root, leaf, index, count, [.. path, leaf]));
            if (path.Count > 0) Assert.False(MerkleTree.VerifyInclusion(root, leaf, index, count, [.. path.Skip(1)]));
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Root_OfEverySize_FollowsTheDefinition(int count)
    {
        var leaves = Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetBytes(MerkleTree.HashLength)).ToArray();

        Assert.Equal(ByDefinition(leaves), MerkleTree.Root(leaves.SelectMany(leaf => leaf).ToArray()));
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(3, 4)]
    [InlineData(70, 8)]
    [InlineData(64, 16)]
    [InlineData(1, 4)]
    public void Root_OverRootsOfAlignedBlocks_IsTheRootOverTheLeaves(int count, int block)
    {
        var leaves = RandomNumberGenerator.GetBytes(count * MerkleTree.HashLength);
        var blockRoots = leaves.Chunk(block * MerkleTree.HashLength).SelectMany(b => MerkleTree.Root(b)).ToArray();

        Assert.Equal(MerkleTree.Root(leaves), MerkleTree.Root(blockRoots));
    }

    private static byte[] Leaf(byte[] leaves, int index) => leaves.AsSpan(index * MerkleTree.HashLength, MerkleTree.HashLength).ToArray();

    private static byte[] ByDefinition(byte[][] leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var k = 1;
        while (k * 2 < leaves.Length) k *= 2;
        return SHA256.HashData([1, .. ByDefinition(leaves[..k]), .. ByDefinition(leaves[k..])]);
    }
}
