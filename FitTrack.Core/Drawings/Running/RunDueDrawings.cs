using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Templates;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Drawings.Running;

/// <summary>What a pass over the due drawings did.</summary>
public sealed record DuePass(int Made, int Opened, int Closed, int Drawn, int Refunded, int Stamped, int HeldUp, int Failed, int Late)
{
    public bool DidSomething => Made + Opened + Closed + Drawn + Refunded + Stamped + Failed > 0;
}

/// <summary>
/// Takes every due drawing a step on. Drawings are claimed by lease, and each step's last write checks the claim's fencing number; a
/// drawing that fails is logged and left for the next pass, and never stops this one.
/// </summary>
public sealed partial class RunDueDrawings(IServiceScopeFactory scopes, InstanceId instance, TimeProvider clock, ILogger<RunDueDrawings> logger)
{
    private const int AtOnce = 50;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    public async Task<DuePass> RunAsync(CancellationToken ct)
    {
        var tally = new Tally();
        var made = await MakeAsync(tally, ct);
        var opened = await StepAsync<OpenDrawing>((d, now) => d.Where(x => x.Status == DrawingStatus.Scheduled && x.OpensAt <= now), (step, request) => step.ExecuteAsync(request, ct), tally, ct);
        var closed = await StepAsync<CloseDrawing>((d, now) => d.Where(x => x.Status == DrawingStatus.Open && x.SalesCloseAt <= now), (step, request) => step.ExecuteAsync(request, ct), tally, ct);
        var drawn = await StepAsync<ExecuteDraw>((d, now) => d.Where(x => x.Status == DrawingStatus.Closed && x.DrawAt <= now), (step, request) => step.ExecuteAsync(request, ct), tally, ct);
        var refunded = await RefundAsync(tally, ct);
        var stamped = await StampAsync(tally, ct);
        return new DuePass(made, opened, closed, drawn, refunded, stamped, tally.HeldUp, tally.Failed, await TellOfLateAsync(ct));
    }

    private async Task<int> MakeAsync(Tally tally, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<MakeDrawings>().RunAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            tally.Failed++;
            LogNotMade(logger, e);
            return 0;
        }
    }

    private async Task<int> StepAsync<TStep>(
        Func<IQueryable<Drawing>, DateTimeOffset, IQueryable<Drawing>> due, Func<TStep, StepRequest, Task<StepOutcome>> execute, Tally tally, CancellationToken ct)
        where TStep : notnull
    {
        var done = 0;
        foreach (var drawing in await ClaimAsync(due, ct))
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                switch (await execute(scope.ServiceProvider.GetRequiredService<TStep>(), new StepRequest(drawing.Id, Actor.System, Fencing: drawing.Fencing)))
                {
                    case StepOutcome.Done:
                        done++;
                        break;
                    case StepOutcome.HeldUp:
                        tally.HeldUp++;
                        break;
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                tally.Failed++;
                LogFailed(logger, e, drawing.Id);
                await NoteFailureAsync(drawing, ct);
            }
        }

        return done;
    }

    private async Task<List<Drawing>> ClaimAsync(Func<IQueryable<Drawing>, DateTimeOffset, IQueryable<Drawing>> due, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        var now = clock.Now();
        return await db.ClaimAsync(due(db.Set<Drawing>(), now), drawings => drawings.OrderBy(d => d.DrawAt).ThenBy(d => d.Id), AtOnce, instance, now, Lease, ct);
    }

    private async Task NoteFailureAsync(Drawing drawing, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            await scope.ServiceProvider.GetRequiredService<DrawingSteps>().NoteFailureAsync(new StepRequest(drawing.Id, Actor.System, Fencing: drawing.Fencing), ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e, drawing.Id);
        }
    }

    /// <summary>Speaks up about every drawing that waits longer than a few passes.</summary>
    private async Task<int> TellOfLateAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = clock.Now();
        var late = await LateDrawings.Of(scope.ServiceProvider.GetRequiredService<FitTrackDbContext>(), now).OrderBy(d => d.DrawAt).Take(AtOnce).ToListAsync(ct);
        foreach (var drawing in late) LogLate(logger, drawing.Id, drawing.Status, (int)(now - drawing.DueAt).TotalMinutes, drawing.HeldUpBy ?? "no reason is known");
        return late.Count;
    }

    /// <summary>Members, whose refund a crash left undone.</summary>
    private async Task<int> RefundAsync(Tally tally, CancellationToken ct)
    {
        var members = 0;
        await using var scope = scopes.CreateAsyncScope();
        var refunds = scope.ServiceProvider.GetRequiredService<RefundTickets>();
        foreach (var drawing in await refunds.OutstandingAsync(ct))
        {
            try
            {
                members += await refunds.ExecuteAsync(drawing, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                tally.Failed++;
                LogFailed(logger, e, drawing);
            }
        }

        return members;
    }

    /// <summary>Last of all: nothing waits for a network but the next pass.</summary>
    private async Task<int> StampAsync(Tally tally, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<StampManifests>().RunAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            tally.Failed++;
            LogNotStamped(logger, e);
            return 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Drawing {Drawing}, which is {Status}, is {Minutes} minutes late for its next step: {Reason}.")]
    private static partial void LogLate(ILogger logger, Guid drawing, DrawingStatus status, int minutes, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Drawings could not be made of their templates; the next pass tries again.")]
    private static partial void LogNotMade(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Manifests could not be time-stamped; the next pass tries again.")]
    private static partial void LogNotStamped(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Drawing {Drawing} could not be taken on; it is tried again in a later pass.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid drawing);

    private sealed class Tally
    {
        public int HeldUp { get; set; }

        public int Failed { get; set; }
    }
}
