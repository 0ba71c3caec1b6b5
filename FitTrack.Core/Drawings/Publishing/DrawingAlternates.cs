using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>Somebody who was drawn to get a prize that its winner does not take.</summary>
public sealed record DrawnAlternate(Guid UserId, Guid TicketId, int TicketNumber);

/// <summary>Answers whom a drawing's run picked as alternates.</summary>
public sealed class DrawingAlternates(FitTrackDbContext db)
{
    /// <summary>In the order of the picks, which is the order in which they come to a prize.</summary>
    public Task<List<DrawnAlternate>> InOrderAsync(Guid drawingId, CancellationToken ct) => db.Set<DrawingPick>()
        .Where(p => p.DrawingId == drawingId && p.Rank == Selection.AlternateRank)
        .OrderBy(p => p.Slot)
        .Select(p => new DrawnAlternate(p.UserId, p.TicketId, p.TicketNumber))
        .ToListAsync(ct);
}
