using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>
/// What a drawing's prizes are worth, counted against the value from which a state wants the sweepstakes registered ($5,000 a year);
/// one row a drawing, written when it is scheduled or cancelled.
/// </summary>
public sealed class PrizeValue : IEntityTypeConfiguration<PrizeValue>
{
    public Guid DrawingId { get; private set; }

    /// <summary>Of the draw time, in the competition time zone.</summary>
    public int CalendarYear { get; private set; }

    /// <summary>US cents promised; 0 once the drawing was cancelled.</summary>
    public long ValueCents { get; private set; }

    public DateTimeOffset RecordedAt { get; private set; }

    internal static PrizeValue Create(Guid drawingId, int calendarYear, long valueCents, DateTimeOffset now) =>
        new() { DrawingId = drawingId, CalendarYear = calendarYear, ValueCents = valueCents, RecordedAt = now };

    internal void Record(int calendarYear, long valueCents, DateTimeOffset now) => (CalendarYear, ValueCents, RecordedAt) = (calendarYear, valueCents, now);

    void IEntityTypeConfiguration<PrizeValue>.Configure(EntityTypeBuilder<PrizeValue> builder)
    {
        builder.ToTable("prize_values", t =>
        {
            t.HasComment("The worth of each drawing's prizes, summed by year against the registration threshold.");
            t.HasCheckConstraint("ck_prize_values_value", "value_cents >= 0");
        });
        builder.HasKey(v => v.DrawingId);
        builder.Property(v => v.DrawingId).ValueGeneratedNever();
        builder.HasOne<Drawing>().WithOne().HasForeignKey<PrizeValue>(v => v.DrawingId);
        builder.HasIndex(v => v.CalendarYear);
    }
}
