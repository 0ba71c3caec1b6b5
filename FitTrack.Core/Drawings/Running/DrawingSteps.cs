using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Who asks for a step, and what it relies on.</summary>
/// <param name="Version">The version that an administrator saw; null for any.</param>
/// <param name="Fencing">The number of the claim that a job holds; null without one.</param>
public sealed record StepRequest(Guid DrawingId, Actor Actor, long? Version = null, long? Fencing = null);

/// <summary>
/// Runs a change of a drawing: load, change, audit, save and commit, conditional on the version and fencing number that were loaded. Who
/// loses the race starts again from what is there then, so a step happens once or says why it cannot.
/// </summary>
public sealed partial class DrawingSteps(FitTrackDbContext db, AuditLog audit, IMessageBus bus, DrawingMetrics metrics, TimeProvider clock, ILogger<DrawingSteps> logger)
{
    private const int Attempts = 5;

    /// <param name="action">Name in the audit log, such as <c>drawing.schedule</c>.</param>
    /// <param name="step">Changes the drawing (loaded with its prizes, tracked) and answers null, or says why not.</param>
    public async Task<StepOutcome> RunAsync(StepRequest request, string action, Func<Drawing, DateTimeOffset, Task<StepOutcome?>> step, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(request, action, step, ct);
            }
            catch (Exception e) when (attempt < Attempts && (DbErrors.IsUniqueViolation(e) || DbErrors.IsLostRace(e)))
            {
                // Somebody changed it meanwhile: begin again with what is there now.
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Notes on a drawing, for administrators, that a step broke off; what broke it stands in the log.</summary>
    internal Task<StepOutcome> NoteFailureAsync(StepRequest request, CancellationToken ct) => RunAsync(
        request,
        "",
        (drawing, _) => Task.FromResult<StepOutcome?>(drawing.Status is DrawingStatus.Completed or DrawingStatus.Cancelled
            ? StepOutcome.No("held up", drawing.Status)
            : new StepOutcome.HeldUp("An error stopped the step that is due; the Worker's log tells which", IsWrong: true)),
        ct);

    /// <summary>Locks the drawing's row, for steps that write more than it: of two at once one waits, and then sees what the other did.</summary>
    internal async Task HoldAsync(Drawing drawing, CancellationToken ct)
    {
        var seen = db.Set<Drawing>().Where(d => d.Id == drawing.Id && d.Version == drawing.Version && d.Fencing == drawing.Fencing);
        if (await seen.ExecuteUpdateAsync(set => set.SetProperty(d => d.Fencing, d => d.Fencing), ct) == 0) throw new DbUpdateConcurrencyException("Somebody else took the drawing a step on.");
    }

    /// <summary>For steps that begin before their transaction: why this request cannot be right; null when it can.</summary>
    internal async Task<StepOutcome?> PreconditionAsync(StepRequest request, CancellationToken ct)
    {
        var id = request.DrawingId;
        var seen = await db.Set<Drawing>().Where(d => d.Id == id).Select(d => new { d.Version }).SingleOrDefaultAsync(ct);
        if (seen is null) return new StepOutcome.NotFound();
        return request.Version is { } version && version != seen.Version ? new StepOutcome.Stale() : null;
    }

    private async Task<StepOutcome> TryAsync(StepRequest request, string action, Func<Drawing, DateTimeOffset, Task<StepOutcome?>> step, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var id = request.DrawingId;
        var drawing = await db.Set<Drawing>().Include(d => d.Prizes.OrderBy(p => p.Rank)).SingleOrDefaultAsync(d => d.Id == id, ct);
        if (drawing is null) return new StepOutcome.NotFound();
        if (request.Version is { } version && version != drawing.Version) return new StepOutcome.Stale();
        if (request.Fencing is { } fencing && fencing != drawing.Fencing) return new StepOutcome.Stale();

        var before = drawing.Status;
        var refusal = await step(drawing, clock.Now());
        if (refusal is not null and not StepOutcome.HeldUp) return refusal;
        var isNews = refusal is not StepOutcome.HeldUp { Reason: var reason } || drawing.HoldUp(reason, clock.Now());

        if (request.Fencing is not null) drawing.EndLease();
        await db.SaveChangesAsync(ct);
        if (refusal is null)
            await audit.AppendAsync(Entry(request.Actor, action, drawing, before, await ManifestHashAsync(id, ct)), ct);
        if (isNews) bus.PublishOnCommit(db, BusTopics.Drawing, id.ToString());
        await transaction.CommitAsync(ct);
        if (refusal is StepOutcome.HeldUp heldUp) Alert(id, heldUp, isNews);
        else if (drawing.Status != before) metrics.Became(drawing.Status);
        return refusal ?? new StepOutcome.Done(drawing);
    }

    private void Alert(Guid drawingId, StepOutcome.HeldUp heldUp, bool isNews)
    {
        metrics.HeldUp(heldUp.IsWrong);
        if (!isNews) return;
        if (heldUp.IsWrong) LogWrong(logger, drawingId, heldUp.Reason);
        else LogWaits(logger, drawingId, heldUp.Reason);
    }

    /// <summary>From the close on every entry names what the draw is bound to; the log's own chain then dates it.</summary>
    private Task<string?> ManifestHashAsync(Guid drawingId, CancellationToken ct) =>
        db.Set<DrawingProof>().Where(p => p.DrawingId == drawingId).Select(p => p.ManifestHash).SingleOrDefaultAsync(ct);

    private static AuditRecord Entry(Actor actor, string action, Drawing drawing, DrawingStatus before, string? manifestHash) => new(
        actor.UserId,
        action,
        "drawing",
        drawing.Id.ToString(),
        JsonSerializer.Serialize(new { status = Naming.Snake(before.ToString()) }),
        JsonSerializer.Serialize(new { status = Naming.Snake(drawing.Status.ToString()), version = drawing.Version, name = drawing.Name, manifestHash }),
        actor.IpAddress);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drawing {Drawing} is due, but waits: {Reason}.")]
    private static partial void LogWaits(ILogger logger, Guid drawing, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Drawing {Drawing} is stopped, nobody wins: {Reason}.")]
    private static partial void LogWrong(ILogger logger, Guid drawing, string reason);
}
