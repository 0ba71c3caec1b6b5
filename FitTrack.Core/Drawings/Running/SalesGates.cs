using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Ends sales for good, before anything is counted, numbered or given back.</summary>
public sealed class SalesGates(FitTrackDbContext db)
{
    /// <summary>
    /// Flips all gates of an open drawing, in a transaction of its own. When this returns, every purchase that got through has committed,
    /// since each holds its gate's row until then, and none gets through any more.
    /// </summary>
    public Task ShutAsync(Guid drawingId, CancellationToken ct) => db.Set<DrawingGate>()
        .Where(g => g.DrawingId == drawingId && g.IsOpen && db.Set<Drawing>().Any(d => d.Id == drawingId && d.Status == DrawingStatus.Open))
        .ExecuteUpdateAsync(set => set.SetProperty(g => g.IsOpen, false), ct);
}
