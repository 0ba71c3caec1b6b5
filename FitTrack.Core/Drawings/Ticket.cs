using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>
/// One chance in a drawing. Rows are only ever added: the number that the close gives stands in <see cref="NumberedTicket"/>, since
/// Oracle takes NULL for a value in a unique key of several columns, and a million updates would write every ticket twice.
/// </summary>
public sealed class Ticket : IEntityTypeConfiguration<Ticket>
{
    public Guid Id { get; private set; }

    public Guid DrawingId { get; private set; }

    public Guid UserId { get; private set; }

    public TicketKind Kind { get; private set; }

    /// <summary>Names the purchase or free entry it came with; the reference of the ledger row.</summary>
    public Guid PurchaseId { get; private set; }

    /// <summary>Points paid for this ticket; 0 for a free entry.</summary>
    public int PricePaid { get; private set; }

    /// <summary>The version of the rules that this entry accepted.</summary>
    public int RulesVersion { get; private set; }

    public DateTimeOffset PurchasedAt { get; private set; }

    internal static Ticket Create(Guid drawingId, Guid userId, TicketKind kind, Guid purchaseId, int pricePaid, int rulesVersion, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DrawingId = drawingId,
        UserId = userId,
        Kind = kind,
        PurchaseId = purchaseId,
        PricePaid = pricePaid,
        RulesVersion = rulesVersion,
        PurchasedAt = now,
    };

    void IEntityTypeConfiguration<Ticket>.Configure(EntityTypeBuilder<Ticket> builder)
    {
        builder.ToTable("tickets", t =>
        {
            t.HasComment("One row a ticket, bought or free; never changed.");
            t.HasCheckConstraint("ck_tickets_price", "(kind = 'paid' AND price_paid > 0) OR (kind = 'free' AND price_paid = 0)");
        });
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();

        // To the entrant's row, which the buying transaction holds anyway: a key to the drawing would make every purchase lock one shared row.
        builder.HasOne<DrawingEntrant>().WithMany().HasForeignKey(t => new { t.DrawingId, t.UserId });
        builder.HasIndex(t => new { t.DrawingId, t.UserId });
    }
}

/// <summary>A ticket's number, 1..N, given at the close in order of purchase time and then id (FTDRAW-1, step 2).</summary>
public sealed class NumberedTicket : IEntityTypeConfiguration<NumberedTicket>
{
    public Guid DrawingId { get; private set; }

    public int TicketNumber { get; private set; }

    public Guid TicketId { get; private set; }

    void IEntityTypeConfiguration<NumberedTicket>.Configure(EntityTypeBuilder<NumberedTicket> builder)
    {
        builder.ToTable("numbered_tickets", t =>
        {
            t.HasComment("The numbers 1..N given to a drawing's tickets at its close.");
            t.HasCheckConstraint("ck_numbered_tickets_number", "ticket_number > 0");
        });
        builder.HasKey(n => new { n.DrawingId, n.TicketNumber });
        builder.HasOne<Drawing>().WithMany().HasForeignKey(n => n.DrawingId);
        builder.HasOne<Ticket>().WithOne().HasForeignKey<NumberedTicket>(n => n.TicketId);
    }
}
