using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Calls a drawing off and gives every paid point back (domain section 5).</summary>
public sealed class CancelDrawing(FitTrackDbContext db, DrawingSteps steps, SalesGates gates, RefundTickets refunds)
{
    public const int MaxReason = 300;

    /// <summary>By an administrator: from draft, scheduled or open.</summary>
    public Task<StepOutcome> ExecuteAsync(StepRequest request, string reason, CancellationToken ct) => RunAsync(request, reason, byRule: false, ct);

    /// <summary>By rule, also from closed: the manifest was not published in time, or the beacon stayed away.</summary>
    internal Task<StepOutcome> ByRuleAsync(StepRequest request, string reason, CancellationToken ct) => RunAsync(request, reason, byRule: true, ct);

    private async Task<StepOutcome> RunAsync(StepRequest request, string reason, bool byRule, CancellationToken ct)
    {
        if (reason.Length is 0 or > MaxReason) return new StepOutcome.Invalid([new("reason", $"Reason must have 1 to {MaxReason} characters")]);
        if (await steps.PreconditionAsync(request, ct) is { } refusal) return refusal;
        await gates.ShutAsync(request.DrawingId, ct);
        var outcome = await steps.RunAsync(request with { Version = null }, byRule ? "drawing.cancel_by_rule" : "drawing.cancel", async (drawing, now) =>
        {
            if (await gates.AreOpenAsync(drawing.Id, ct)) return SalesGates.OpenedMeanwhile;
            if (!drawing.TryCancel(reason, byRule, now)) return StepOutcome.No("cancelled", drawing.Status);
            if (await db.Set<PrizeValue>().SingleOrDefaultAsync(v => v.DrawingId == drawing.Id, ct) is { } value) value.Record(value.CalendarYear, 0, now);
            return null;
        }, ct);

        // Whatever stops here is taken up by the Worker: the entrants say who has not been refunded yet.
        if (outcome is StepOutcome.Done) await refunds.ExecuteAsync(request.DrawingId, ct);
        return outcome;
    }
}
