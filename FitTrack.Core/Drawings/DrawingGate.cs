using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>
/// One of the 64 counters that every entry passes (domain section 5). A purchase conditionally updates one of them, so no row
/// is hot and the sum is exact; closing flips all of them first, which waits for every purchase in flight and admits none after.
/// </summary>
public sealed class DrawingGate : IEntityTypeConfiguration<DrawingGate>
{
    public const int Gates = 64;

    public Guid DrawingId { get; private set; }

    /// <summary>0 to 63.</summary>
    public int Gate { get; private set; }

    /// <summary>Tickets admitted here, free ones included.</summary>
    public long Sold { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>The drawing's, compared by the database when an entry passes.</summary>
    public DateTimeOffset SalesCloseAt { get; private set; }

    internal static IEnumerable<DrawingGate> AllOf(Drawing drawing) =>
        Enumerable.Range(0, Gates).Select(gate => new DrawingGate { DrawingId = drawing.Id, Gate = gate, IsOpen = true, SalesCloseAt = drawing.SalesCloseAt });

    void IEntityTypeConfiguration<DrawingGate>.Configure(EntityTypeBuilder<DrawingGate> builder)
    {
        builder.ToTable("drawing_gates", t =>
        {
            t.HasComment("64 counters a drawing that every entry passes; the sum of sold is the number of tickets.");
            t.HasCheckConstraint("ck_drawing_gates_sold", "sold >= 0 AND gate BETWEEN 0 AND 63");
        });
        builder.HasKey(g => new { g.DrawingId, g.Gate });
        builder.HasOne<Drawing>().WithMany().HasForeignKey(g => g.DrawingId);
    }
}
