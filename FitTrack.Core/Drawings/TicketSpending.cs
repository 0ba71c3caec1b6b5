using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Drawings;

/// <summary>
/// What a member with a spending limit of their own spent on tickets in a competition week. A conditional update of this row keeps the
/// limit however many purchases race; members without a limit have none.
/// </summary>
public sealed class TicketSpending : IEntityTypeConfiguration<TicketSpending>
{
    public Guid UserId { get; private set; }

    /// <summary>Monday.</summary>
    public DateOnly WeekStart { get; private set; }

    public long Points { get; private set; }

    internal static TicketSpending Create(Guid userId, DateOnly weekStart, long points) => new() { UserId = userId, WeekStart = weekStart, Points = points };

    void IEntityTypeConfiguration<TicketSpending>.Configure(EntityTypeBuilder<TicketSpending> builder)
    {
        builder.ToTable("ticket_spending", t =>
        {
            t.HasComment("Points spent on tickets in a week, of members who limit their spending.");
            t.HasCheckConstraint("ck_ticket_spending_points", "points >= 0");
        });
        builder.HasKey(s => new { s.UserId, s.WeekStart });
        builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
    }
}
