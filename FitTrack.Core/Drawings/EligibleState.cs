using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>From when a US state's residents may, or may not, take part. The last row that begins on or before a day holds for it.</summary>
public sealed class EligibleState : IEntityTypeConfiguration<EligibleState>
{
    public const int MaxNote = 300;

    /// <summary>Postal code, two capitals.</summary>
    public string StateCode { get; private set; } = null!;

    public DateOnly EffectiveFrom { get; private set; }

    public bool IsEligible { get; private set; }

    public string? Note { get; private set; }

    internal static EligibleState Create(string stateCode, DateOnly effectiveFrom, bool isEligible, string? note) =>
        new() { StateCode = stateCode, EffectiveFrom = effectiveFrom, IsEligible = isEligible, Note = note };

    void IEntityTypeConfiguration<EligibleState>.Configure(EntityTypeBuilder<EligibleState> builder)
    {
        builder.ToTable("eligible_states", t => t.HasComment("US states whose residents may take part, by date."));
        builder.HasKey(s => new { s.StateCode, s.EffectiveFrom });
        builder.Property(s => s.StateCode).HasMaxLength(2);
        builder.Property(s => s.Note).HasMaxLength(MaxNote);
    }
}
