using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>What can be said about a sponsor; the request's fields.</summary>
public sealed record SponsorDetails(string Name, string? ContactEmail, string? WebsiteUrl, string? LogoUrl, string? Notes);

/// <summary>Who gives prizes, and gets back those that nobody takes.</summary>
public sealed class Sponsor : IEntityTypeConfiguration<Sponsor>
{
    public const int MaxName = 120;
    public const int MaxEmail = 254;
    public const int MaxNotes = 1000;

    public Guid Id { get; private set; }

    public string Name { get; private set; } = null!;

    public string? ContactEmail { get; private set; }

    public string? WebsiteUrl { get; private set; }

    public string? LogoUrl { get; private set; }

    public string? Notes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public long Version { get; private set; }

    internal static Sponsor Create(SponsorDetails details, DateTimeOffset now)
    {
        var sponsor = new Sponsor { Id = Guid.CreateVersion7(now), CreatedAt = now };
        sponsor.Change(details, now);
        return sponsor;
    }

    internal void Change(SponsorDetails details, DateTimeOffset now)
    {
        (Name, ContactEmail, WebsiteUrl, LogoUrl, Notes) = details;
        UpdatedAt = now;
        Version++;
    }

    void IEntityTypeConfiguration<Sponsor>.Configure(EntityTypeBuilder<Sponsor> builder)
    {
        builder.ToTable("sponsors", t => t.HasComment("Who gives prizes."));
        builder.HasKey(s => s.Id);
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Name).HasMaxLength(MaxName);
        builder.Property(s => s.ContactEmail).HasMaxLength(MaxEmail);
        builder.Property(s => s.WebsiteUrl).HasMaxLength(DrawingTerms.MaxUrl);
        builder.Property(s => s.LogoUrl).HasMaxLength(DrawingTerms.MaxUrl);
        builder.Property(s => s.Notes).HasMaxLength(MaxNotes);
        builder.Property(s => s.Version).IsConcurrencyToken();
        builder.HasIndex(s => s.Name).IsUnique();
    }
}
