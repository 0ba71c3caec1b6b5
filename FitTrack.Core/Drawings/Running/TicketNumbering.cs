using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Numbers the tickets of a drawing 1..N in order of purchase time, then id.</summary>
public sealed class TicketNumbering(FitTrackDbContext db)
{
    /// <summary>A million rows on a busy server take longer than a page would wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <returns>How many tickets were bought, and how many are free entries.</returns>
    internal async Task<(long Paid, long Free)> CountAsync(Guid drawingId, CancellationToken ct)
    {
        var kinds = await db.Set<Ticket>().Where(t => t.DrawingId == drawingId).GroupBy(t => t.Kind).Select(g => new { g.Key, Count = g.LongCount() }).ToListAsync(ct);
        return (kinds.Where(k => k.Key == TicketKind.Paid).Sum(k => k.Count), kinds.Where(k => k.Key == TicketKind.Free).Sum(k => k.Count));
    }

    /// <remarks>One statement in the SQL that both databases share: LINQ has no INSERT ... SELECT, and a million rows should not travel.</remarks>
    internal async Task RunAsync(Guid drawingId, CancellationToken ct)
    {
        var usual = db.Database.GetCommandTimeout();
        db.Database.SetCommandTimeout(Patience);
        try
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO numbered_tickets (drawing_id, ticket_number, ticket_id)
                SELECT drawing_id, ROW_NUMBER() OVER (ORDER BY purchased_at, id), id FROM tickets WHERE drawing_id = {Key(drawingId)}
                """,
                ct);
        }
        finally
        {
            db.Database.SetCommandTimeout(usual);
        }
    }

    /// <summary>The id as its column holds it: raw SQL does not go through the model's converters.</summary>
    private object Key(Guid id) => db.Model.FindEntityType(typeof(Ticket))!.FindProperty(nameof(Ticket.DrawingId))!.GetTypeMapping().Converter?.ConvertToProvider(id) ?? id;
}
