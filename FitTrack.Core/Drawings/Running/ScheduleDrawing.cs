using FitTrack.Core.Drawings.Publishing;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Publishes a draft: its entropy source is frozen and its prizes count against the year's registration threshold.</summary>
public sealed class ScheduleDrawing(DrawingSteps steps, EntropySources entropy, OfficialRules rules, PrizeAccount account)
{
    public Task<StepOutcome> ExecuteAsync(StepRequest request, CancellationToken ct) => steps.RunAsync(request, "drawing.schedule", async (drawing, now) =>
    {
        if (drawing.Status != DrawingStatus.Draft) return StepOutcome.No("scheduled", drawing.Status);
        if (entropy.Problem(drawing.Entropy) is { } problem) return new StepOutcome.Invalid([problem]);
        if (drawing.SalesCloseAt <= now) return new StepOutcome.Invalid([new("salesCloseAt", "Sales close time must be in the future")]);

        await steps.HoldAsync(drawing, ct);
        drawing.TrySchedule(entropy.Freeze(drawing), await rules.CurrentVersionAsync(ct), now);
        await account.RecordAsync(drawing, now, ct);
        return null;
    }, ct);
}
