using FitTrack.Core.Data;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Begins ticket sales: the state changes together with the making of the gates that entries pass.</summary>
public sealed class OpenDrawing(FitTrackDbContext db, DrawingSteps steps)
{
    public Task<StepOutcome> ExecuteAsync(StepRequest request, CancellationToken ct) => steps.RunAsync(request, "drawing.open", (drawing, now) =>
    {
        if (!drawing.TryOpen(now)) return Task.FromResult<StepOutcome?>(StepOutcome.No("opened", drawing.Status));
        db.AddRange(DrawingGate.AllOf(drawing));
        return Task.FromResult<StepOutcome?>(null);
    }, ct);
}
