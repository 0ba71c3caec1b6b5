using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>What the draw came from, once it is known (FTDRAW-1, step 3); hex throughout.</summary>
/// <param name="Randomness">Of the beacon.</param>
/// <param name="BeaconSignature">Of the beacon.</param>
/// <param name="ServerSeed">Revealed, of a `commit` drawing.</param>
/// <param name="DrawSeed">The seed that every pick follows from.</param>
internal sealed record RevealedEntropy(string? Randomness, string? BeaconSignature, string? ServerSeed, string DrawSeed);

/// <summary>What a drawing was bound to at its close and what it was drawn from: all that a verifier needs beside tickets and picks.</summary>
public sealed class DrawingProof : IEntityTypeConfiguration<DrawingProof>
{
    public const int MaxRulesText = 60_000;
    public const int MaxTimestampToken = 20_000;

    public Guid DrawingId { get; private set; }

    /// <summary>Canonical JSON, exactly as hashed and signed.</summary>
    public string Manifest { get; private set; } = null!;

    /// <summary>H(manifest) in hex.</summary>
    public string ManifestHash { get; private set; } = null!;

    /// <summary>ES256, raw r‖s, base64url.</summary>
    public string Signature { get; private set; } = null!;

    public string KeyId { get; private set; } = null!;

    /// <summary>The rules and prize text whose hash the manifest names.</summary>
    public string RulesText { get; private set; } = null!;

    /// <summary>When the manifest became public.</summary>
    public DateTimeOffset PublishedAt { get; private set; }

    /// <summary>RFC 3161 token over the manifest, where one was got.</summary>
    public byte[]? TimestampToken { get; private set; }

    public string? Randomness { get; private set; }

    public string? BeaconSignature { get; private set; }

    public string? ServerSeed { get; private set; }

    public string? DrawSeed { get; private set; }

    public DateTimeOffset? DrawnAt { get; private set; }

    internal static DrawingProof Publish(Guid drawingId, string manifest, string manifestHash, string signature, string keyId, string rulesText, DateTimeOffset now) => new()
    {
        DrawingId = drawingId,
        Manifest = manifest,
        ManifestHash = manifestHash,
        Signature = signature,
        KeyId = keyId,
        RulesText = rulesText,
        PublishedAt = now,
    };

    internal void Reveal(RevealedEntropy entropy, DateTimeOffset now)
    {
        (Randomness, BeaconSignature, ServerSeed, DrawSeed) = entropy;
        DrawnAt = now;
    }

    void IEntityTypeConfiguration<DrawingProof>.Configure(EntityTypeBuilder<DrawingProof> builder)
    {
        builder.ToTable("drawing_proofs", t => t.HasComment("Manifest, signature and entropy of closed and completed drawings."));
        builder.HasKey(p => p.DrawingId);
        builder.Property(p => p.DrawingId).ValueGeneratedNever();
        builder.Property(p => p.Manifest).HasMaxLength(32_000);
        builder.Property(p => p.ManifestHash).HasMaxLength(64);
        builder.Property(p => p.Signature).HasMaxLength(100);
        builder.Property(p => p.KeyId).HasMaxLength(64);
        builder.Property(p => p.RulesText).HasMaxLength(MaxRulesText);
        builder.Property(p => p.TimestampToken).HasMaxLength(MaxTimestampToken);
        builder.Property(p => p.Randomness).HasMaxLength(64);
        builder.Property(p => p.BeaconSignature).HasMaxLength(192);
        builder.Property(p => p.ServerSeed).HasMaxLength(64);
        builder.Property(p => p.DrawSeed).HasMaxLength(64);
        builder.HasOne<Drawing>().WithOne().HasForeignKey<DrawingProof>(p => p.DrawingId);
        builder.HasOne<DrawKey>().WithMany().HasForeignKey(p => p.KeyId);
        builder.HasIndex(p => p.KeyId);
    }
}

/// <summary>The hash over one block of 1,024 leaves, so that a ticket's inclusion path needs no more than its own block and these.</summary>
public sealed class DrawingTreeBlock : IEntityTypeConfiguration<DrawingTreeBlock>
{
    /// <summary>Leaves a block; a power of two, so that each full block is a node of the RFC 6962 tree.</summary>
    public const int Leaves = 1024;

    public Guid DrawingId { get; private set; }

    /// <summary>From 0.</summary>
    public int Block { get; private set; }

    public byte[] Hash { get; private set; } = null!;

    internal static DrawingTreeBlock Create(Guid drawingId, int block, byte[] hash) => new() { DrawingId = drawingId, Block = block, Hash = hash };

    void IEntityTypeConfiguration<DrawingTreeBlock>.Configure(EntityTypeBuilder<DrawingTreeBlock> builder)
    {
        builder.ToTable("drawing_tree_blocks", t => t.HasComment("Nodes of a drawing's ticket tree, one for each 1,024 tickets."));
        builder.HasKey(b => new { b.DrawingId, b.Block });
        builder.Property(b => b.Hash).HasMaxLength(32);
        builder.HasOne<DrawingProof>().WithMany().HasForeignKey(b => b.DrawingId);
    }
}
