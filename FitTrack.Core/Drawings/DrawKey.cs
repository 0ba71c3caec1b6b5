using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>A key that manifests are signed with (ES256). Keys are never withdrawn: old manifests stay checkable.</summary>
public sealed class DrawKey : IEntityTypeConfiguration<DrawKey>
{
    public string KeyId { get; private set; } = null!;

    /// <summary>Coordinates of the public point, base64url.</summary>
    public string X { get; private set; } = null!;

    public string Y { get; private set; } = null!;

    /// <summary>PKCS#8, encrypted.</summary>
    public string SealedPrivateKey { get; private set; } = null!;

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>From when it signs no more; null for keys in use.</summary>
    public DateTimeOffset? RetiredAt { get; private set; }

    internal static DrawKey Create(string keyId, string x, string y, string sealedPrivateKey, DateTimeOffset now) =>
        new() { KeyId = keyId, X = x, Y = y, SealedPrivateKey = sealedPrivateKey, CreatedAt = now };

    void IEntityTypeConfiguration<DrawKey>.Configure(EntityTypeBuilder<DrawKey> builder)
    {
        builder.ToTable("draw_keys", t => t.HasComment("Keys that drawing manifests are signed with; public halves stay published for good."));
        builder.HasKey(k => k.KeyId);
        builder.Property(k => k.KeyId).HasMaxLength(64);
        builder.Property(k => k.X).HasMaxLength(64);
        builder.Property(k => k.Y).HasMaxLength(64);
        builder.Property(k => k.SealedPrivateKey).HasMaxLength(1000);
    }
}
