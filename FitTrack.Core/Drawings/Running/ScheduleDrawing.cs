using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Publishes a draft: its entropy source is frozen and its prizes count against the year's registration threshold.</summary>
public sealed class ScheduleDrawing(FitTrackDbContext db, DrawingSteps steps, EntropySources entropy, CompetitionCalendar calendar)
{
    public Task<StepOutcome> ExecuteAsync(StepRequest request, CancellationToken ct) => steps.RunAsync(request, "drawing.schedule", async (drawing, now) =>
    {
        if (drawing.Status != DrawingStatus.Draft) return StepOutcome.No("scheduled", drawing.Status);
        if (entropy.Problem(drawing.Entropy) is { } problem) return new StepOutcome.Invalid([problem]);
        if (drawing.SalesCloseAt <= now) return new StepOutcome.Invalid([new("salesCloseAt", "Sales close time must be in the future")]);

        drawing.TrySchedule(entropy.Freeze(drawing), now);
        var value = drawing.Prizes.Sum(p => p.Quantity * p.ValueCents);
        await PrizeTracker.RecordAsync(db, drawing.Id, calendar.DayOf(drawing.DrawAt).Year, value, now, ct);
        return null;
    }, ct);
}

/// <summary>Keeps each drawing's worth in the year's account.</summary>
internal static class PrizeTracker
{
    public static async Task RecordAsync(FitTrackDbContext db, Guid drawingId, int year, long cents, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.Set<PrizeValue>().SingleOrDefaultAsync(v => v.DrawingId == drawingId, ct) is { } known) known.Record(year, cents, now);
        else db.Add(PrizeValue.Create(drawingId, year, cents, now));
    }
}
