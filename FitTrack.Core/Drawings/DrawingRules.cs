using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>A version of the official rules. Versions are only ever added.</summary>
public sealed class DrawingRules : IEntityTypeConfiguration<DrawingRules>
{
    public const int MaxText = 30_000;

    /// <summary>1, 2, 3, ...</summary>
    public int Version { get; private set; }

    public string Text { get; private set; } = null!;

    public DateTimeOffset PublishedAt { get; private set; }

    internal static DrawingRules Create(int version, string text, DateTimeOffset now) => new() { Version = version, Text = text, PublishedAt = now };

    void IEntityTypeConfiguration<DrawingRules>.Configure(EntityTypeBuilder<DrawingRules> builder)
    {
        builder.ToTable("drawing_rules", t => t.HasComment("Versions of the official sweepstakes rules."));
        builder.HasKey(r => r.Version);
        builder.Property(r => r.Version).ValueGeneratedNever();
        builder.Property(r => r.Text).HasMaxLength(MaxText);
    }
}
