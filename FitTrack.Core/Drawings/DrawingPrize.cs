using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>What can be won at one rank of a drawing.</summary>
public sealed class DrawingPrize
{
    private DrawingPrize()
    {
    }

    public Guid Id { get; private set; }

    public Guid DrawingId { get; private set; }

    public int Rank { get; private set; }

    public string Name { get; private set; } = null!;

    public string? Description { get; private set; }

    public int Quantity { get; private set; }

    /// <summary>US cents, each.</summary>
    public long ValueCents { get; private set; }

    public PrizeKind Kind { get; private set; }

    public Guid? SponsorId { get; private set; }

    public string? ImageUrl { get; private set; }

    /// <summary>Whether a code of one is as good for the other.</summary>
    internal bool IsSameAs(DrawingPrize other) =>
        (Name, Kind, ValueCents, SponsorId) == (other.Name, other.Kind, other.ValueCents, other.SponsorId);

    internal static DrawingPrize Create(Guid drawingId, PrizeTerms terms, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DrawingId = drawingId,
        Rank = terms.Rank,
        Name = terms.Name,
        Description = terms.Description,
        Quantity = terms.Quantity,
        ValueCents = terms.ValueCents,
        Kind = terms.Kind,
        SponsorId = terms.SponsorId,
        ImageUrl = terms.ImageUrl,
    };
}

internal sealed class DrawingPrizeConfiguration : IEntityTypeConfiguration<DrawingPrize>
{
    public void Configure(EntityTypeBuilder<DrawingPrize> builder)
    {
        builder.ToTable("drawing_prizes", t =>
        {
            t.HasComment("What can be won in a drawing, by rank.");
            t.HasCheckConstraint("ck_drawing_prizes_numbers", "rank >= 1 AND quantity >= 1 AND value_cents >= 0");
        });
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Name).HasMaxLength(DrawingTerms.MaxName);
        builder.Property(p => p.Description).HasMaxLength(DrawingTerms.MaxText);
        builder.Property(p => p.ImageUrl).HasMaxLength(DrawingTerms.MaxUrl);
        builder.HasOne<Sponsor>().WithMany().HasForeignKey(p => p.SponsorId);
        builder.HasIndex(p => new { p.DrawingId, p.Rank }).IsUnique();
        builder.HasIndex(p => p.SponsorId);
    }
}

/// <summary>A code that a digital prize is given as, encrypted; each is given once.</summary>
public sealed class PrizeCode : IEntityTypeConfiguration<PrizeCode>
{
    public const int MaxCode = 200;

    public Guid Id { get; private set; }

    public Guid PrizeId { get; private set; }

    public string SealedCode { get; private set; } = null!;

    /// <summary>When it was given away; null while it is free.</summary>
    public DateTimeOffset? GivenAt { get; private set; }

    internal static PrizeCode Create(Guid prizeId, string sealedCode, DateTimeOffset now) => new() { Id = Guid.CreateVersion7(now), PrizeId = prizeId, SealedCode = sealedCode };

    internal string Give(DateTimeOffset now)
    {
        GivenAt = now;
        return SealedCode;
    }

    void IEntityTypeConfiguration<PrizeCode>.Configure(EntityTypeBuilder<PrizeCode> builder)
    {
        builder.ToTable("prize_codes", t => t.HasComment("Encrypted codes of digital prizes, each given once."));
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.SealedCode).HasMaxLength(1000);
        builder.HasOne<DrawingPrize>().WithMany().HasForeignKey(c => c.PrizeId);
        builder.HasIndex(c => c.PrizeId);
    }
}
