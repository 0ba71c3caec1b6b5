using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FitTrack.Core.Fulfillments;

/// <summary>What a pass over the waiting prizes did.</summary>
public sealed record FulfillmentPass(int Reminded, int Forfeited, int Failed)
{
    public int Total => Reminded + Forfeited + Failed;
}

/// <summary>
/// Reminds winners who have not answered after 7 days, and takes their prize after 14 (domain section 6). One process at a time does it, by
/// lease. Each prize is taken on in one transaction, mails included, that ends only while the lease is held: whoever dies halfway has done
/// nothing, and another goes on. A prize that fails is logged and left for a later pass.
/// </summary>
public sealed partial class RunDueFulfillments(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RunDueFulfillments> logger)
{
    internal const string LeaseName = "due_fulfillments";

    private const int AtOnce = 500;
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(3);

    public async Task<FulfillmentPass> RunAsync(CancellationToken ct)
    {
        var pass = new FulfillmentPass(0, 0, 0);
        await using var scope = scopes.CreateAsyncScope();
        var leases = scope.ServiceProvider.GetRequiredService<Leases>();
        if (await leases.TryAcquireAsync(LeaseName, LeaseTime, ct) is not { } lease) return pass;

        var due = DueFulfillment.Among(scope.ServiceProvider.GetRequiredService<FitTrackDbContext>(), clock.Now());
        foreach (var id in await due.OrderBy(f => f.NotifiedAt).ThenBy(f => f.DrawingId).ThenBy(f => f.Rank).ThenBy(f => f.Slot).Select(f => f.Id).Take(AtOnce).ToListAsync(ct))
        {
            pass = await TakeOnAsync(id, lease, ct) switch
            {
                DueOutcome.Reminded => pass with { Reminded = pass.Reminded + 1 },
                DueOutcome.Forfeited => pass with { Forfeited = pass.Forfeited + 1 },
                DueOutcome.Failed => pass with { Failed = pass.Failed + 1 },
                _ => pass,
            };
        }

        await leases.ReleaseAsync(lease, ct);
        return pass;
    }

    private async Task<DueOutcome> TakeOnAsync(Guid id, LeaseGrant lease, CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<DueFulfillment>().TakeOnAsync(id, lease, ct);
        }
        catch (Exception e) when (DbErrors.IsLostRace(e))
        {
            // The winner or an administrator was quicker.
            return DueOutcome.Nothing;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            LogFailed(logger, e, id);
            return DueOutcome.Failed;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Prize {Fulfillment} could not be taken on; it is tried again in a later pass.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid fulfillment);
}

internal enum DueOutcome
{
    Nothing,
    Reminded,
    Forfeited,
    Failed,
}

/// <summary>What is due for one prize.</summary>
internal sealed class DueFulfillment(FitTrackDbContext db, PassPrizeOn passOn, Leases leases, Outbox outbox, TimeProvider clock)
{
    private const string NoAnswer = "No address was given within 14 days";

    public static IQueryable<Fulfillment> Among(FitTrackDbContext db, DateTimeOffset now)
    {
        var (remind, forfeit) = (now - Fulfillment.RemindAfter, now - Fulfillment.TimeToRespond);
        return db.Set<Fulfillment>().Where(f => f.Status == FulfillmentStatus.WinnerNotified && (f.NotifiedAt <= forfeit || (f.RemindedAt == null && f.NotifiedAt <= remind)));
    }

    public async Task<DueOutcome> TakeOnAsync(Guid id, LeaseGrant lease, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await leases.ConfirmAsync(lease, ct)) return DueOutcome.Nothing;
        var fulfillment = await db.Set<Fulfillment>().SingleAsync(f => f.Id == id, ct);
        var outcome = await TakeOnAsync(fulfillment, clock.Now(), ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outcome;
    }

    private async Task<DueOutcome> TakeOnAsync(Fulfillment fulfillment, DateTimeOffset now, CancellationToken ct)
    {
        if (fulfillment.IsOverdue(now)) return await passOn.TryForfeitAsync(fulfillment, null, NoAnswer, now, ct) ? DueOutcome.Forfeited : DueOutcome.Nothing;
        if (!fulfillment.TryRemind(now)) return DueOutcome.Nothing;
        db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.Reminded, null, now));
        var mail = new PrizeReminderMail(fulfillment.Id, fulfillment.DrawingName, fulfillment.PrizeName, fulfillment.NotifiedAt!.Value + Fulfillment.TimeToRespond);
        outbox.Enqueue(MailTypes.PrizeReminder, fulfillment.UserId, mail, $"reminder:{fulfillment.Id}");
        return DueOutcome.Reminded;
    }
}

/// <summary>How many prizes wait for a reminder or a forfeit that is due.</summary>
internal sealed class DueFulfillments(FitTrackDbContext db, TimeProvider clock) : IWorkBacklog
{
    public string Name => "due_fulfillments";

    public Task<long> CountWaitingAsync(CancellationToken ct) => DueFulfillment.Among(db, clock.Now()).LongCountAsync(ct);
}
