using System.Text.Json;
using FitTrack.Core.Drawings.Templates;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>What the recurring drawings are made from: terms, times relative to the draw, and the prizes as JSON.</summary>
public sealed class DrawingTemplate : IEntityTypeConfiguration<DrawingTemplate>
{
    public Guid Id { get; private set; }

    public string Name { get; private set; } = null!;

    public DrawingType Type { get; private set; }

    public EntropyKind Entropy { get; private set; }

    /// <summary>Of the day, in the competition time zone.</summary>
    public int DrawMinuteOfDay { get; private set; }

    public int OpensMinutesBefore { get; private set; }

    public int SalesCloseMinutesBefore { get; private set; }

    public int CreateDaysAhead { get; private set; }

    /// <summary>The rest of the terms (<see cref="DrawingTerms"/>) as JSON.</summary>
    public string TermsJson { get; private set; } = null!;

    public bool IsActive { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public long Version { get; private set; }

    internal static DrawingTemplate Create(TemplateDetails details, DateTimeOffset now)
    {
        var template = new DrawingTemplate { Id = Guid.CreateVersion7(now), CreatedAt = now };
        template.Change(details, now);
        return template;
    }

    /// <param name="details">Checked: without <see cref="TemplateDetails.Problems"/>.</param>
    internal void Change(TemplateDetails details, DateTimeOffset now)
    {
        (Name, Type, Entropy, IsActive) = (details.Terms.Name, details.Terms.Type, details.Terms.Entropy, details.IsActive);
        (DrawMinuteOfDay, OpensMinutesBefore, SalesCloseMinutesBefore) = (details.Rhythm.MinuteOfDay, details.OpensMinutesBefore, details.SalesCloseMinutesBefore);
        CreateDaysAhead = details.CreateDaysAhead;
        TermsJson = JsonSerializer.Serialize(new StoredTerms(details.Rhythm.Day, details.Rhythm.Month, details.Terms), JsonSerializerOptions.Web);
        UpdatedAt = now;
        Version++;
    }

    /// <summary>The details as they were given.</summary>
    public TemplateDetails Details()
    {
        var stored = JsonSerializer.Deserialize<StoredTerms>(TermsJson, JsonSerializerOptions.Web)!;
        return new TemplateDetails(stored.Terms, new TemplateRhythm(Type, DrawMinuteOfDay, stored.Day, stored.Month), OpensMinutesBefore, SalesCloseMinutesBefore, CreateDaysAhead, IsActive);
    }

    private sealed record StoredTerms(int? Day, int? Month, DrawingTerms Terms);

    void IEntityTypeConfiguration<DrawingTemplate>.Configure(EntityTypeBuilder<DrawingTemplate> builder)
    {
        builder.ToTable("drawing_templates", t => t.HasComment("What the daily, weekly, monthly and annual drawings are made from."));
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(DrawingTerms.MaxName);
        builder.Property(t => t.TermsJson).HasMaxLength(20_000);
        builder.Property(t => t.Version).IsConcurrencyToken();
        builder.HasIndex(t => t.Name).IsUnique();
    }
}
