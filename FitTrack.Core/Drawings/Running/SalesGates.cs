using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Ends sales for good, before anything is counted, numbered or given back.</summary>
public sealed class SalesGates(FitTrackDbContext db)
{
    internal static readonly StepOutcome OpenedMeanwhile = new StepOutcome.Impossible("Sales opened this very moment: try again");

    /// <summary>
    /// Flips all gates of an open drawing, in a transaction of its own. When this returns, every purchase that got through has committed,
    /// since each holds its gate's row until then, and none gets through any more.
    /// </summary>
    public Task ShutAsync(Guid drawingId, CancellationToken ct) => db.Set<DrawingGate>()
        .Where(g => g.DrawingId == drawingId && g.IsOpen && db.Set<Drawing>().Any(d => d.Id == drawingId && d.Status == DrawingStatus.Open))
        .ExecuteUpdateAsync(set => set.SetProperty(g => g.IsOpen, false), ct);

    /// <summary>
    /// Whether sales opened after the gates were shut: the gates come with the opening, and would stay open after the drawing's end. To be asked
    /// while the drawing's row is held.
    /// </summary>
    public Task<bool> AreOpenAsync(Guid drawingId, CancellationToken ct) => db.Set<DrawingGate>().AnyAsync(g => g.DrawingId == drawingId && g.IsOpen, ct);
}
