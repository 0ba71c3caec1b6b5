using System.Globalization;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>A ticket that was drawn: for a prize, or as an alternate (FTDRAW-1, step 4).</summary>
public sealed class DrawingPick : IEntityTypeConfiguration<DrawingPick>
{
    public Guid DrawingId { get; private set; }

    /// <summary>The prize's rank; 4294967295 for alternates.</summary>
    public long Rank { get; private set; }

    /// <summary>From 0 within the rank.</summary>
    public int Slot { get; private set; }

    public long Counter { get; private set; }

    /// <summary>An unsigned 64-bit number as decimal text.</summary>
    public string X { get; private set; } = null!;

    /// <summary>How many tickets it was picked from.</summary>
    public int TicketsLeft { get; private set; }

    public int TicketNumber { get; private set; }

    public Guid TicketId { get; private set; }

    public Guid UserId { get; private set; }

    /// <summary>Null for alternates.</summary>
    public Guid? PrizeId { get; private set; }

    internal static DrawingPick Create(Guid drawingId, Pick pick, Guid ticketId, Guid userId, Guid? prizeId) => new()
    {
        DrawingId = drawingId,
        Rank = pick.Rank,
        Slot = pick.Slot,
        Counter = pick.Counter,
        X = pick.X.ToString(CultureInfo.InvariantCulture),
        TicketsLeft = pick.N,
        TicketNumber = pick.TicketNumber,
        TicketId = ticketId,
        UserId = userId,
        PrizeId = prizeId,
    };

    void IEntityTypeConfiguration<DrawingPick>.Configure(EntityTypeBuilder<DrawingPick> builder)
    {
        builder.ToTable("drawing_picks", t => t.HasComment("The tickets that were drawn, alternates included, with the numbers that show why."));
        builder.HasKey(p => new { p.DrawingId, p.Rank, p.Slot });
        builder.Property(p => p.X).HasMaxLength(20);
        builder.HasOne<DrawingProof>().WithMany().HasForeignKey(p => p.DrawingId);
        builder.HasOne<DrawingPrize>().WithMany().HasForeignKey(p => p.PrizeId);
        builder.HasOne<Ticket>().WithOne().HasForeignKey<DrawingPick>(p => p.TicketId);
        builder.HasIndex(p => new { p.DrawingId, p.UserId }).IsUnique();
        builder.HasOne<DrawingEntrant>().WithMany().HasForeignKey(p => new { p.DrawingId, p.UserId });
        builder.HasIndex(p => p.UserId);
    }
}
