using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Fulfillments;

/// <summary>
/// Takes a prize from its winner and gives it to the next alternate, in the order in which the draw picked them; where none is left it goes
/// back to the sponsor. One transaction of the caller's holds all of it, so a prize is never without a place.
/// </summary>
public sealed class PassPrizeOn(FitTrackDbContext db, DrawingAlternates alternates, MemberStandings standings, MemberDirectory members, AwardPrizes prizes, Outbox outbox)
{
    /// <param name="actor">Who takes it; null for the rule.</param>
    /// <param name="reason">At most <see cref="FulfillmentEvent.MaxNote"/> characters; the member reads it.</param>
    /// <returns>False when it is too late for that.</returns>
    internal async Task<bool> TryForfeitAsync(Fulfillment fulfillment, Guid? actor, string reason, DateTimeOffset now, CancellationToken ct)
    {
        if (!fulfillment.TryForfeit(now)) return false;
        db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.Forfeited, actor, now, reason));
        outbox.Enqueue(MailTypes.PrizeForfeited, fulfillment.UserId, new PrizeForfeitedMail(fulfillment.DrawingId, fulfillment.DrawingName, fulfillment.PrizeName, reason), $"forfeited:{fulfillment.Id}");
        if (await NextAsync(fulfillment, ct) is { } next)
            prizes.Award([Won(fulfillment, next)], now);
        else
            await TryReturnAsync(fulfillment, actor, "No alternate is left", now, ct);
        return true;
    }

    /// <returns>False when it is too late for that.</returns>
    internal async Task<bool> TryReturnAsync(Fulfillment fulfillment, Guid? actor, string reason, DateTimeOffset now, CancellationToken ct)
    {
        if (!fulfillment.TryReturn(now)) return false;
        db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.ReturnedToSponsor, actor, now, reason));
        // The reason may be the winner's own business: it stays in the prize's history, which is erased with them.
        var mail = new PrizeReturnedMail(fulfillment.Id, fulfillment.DrawingName, fulfillment.PrizeName);
        foreach (var admin in await members.AdministratorsAsync(ct)) outbox.Enqueue(MailTypes.PrizeReturned, admin, mail, $"returned:{fulfillment.Id}:{admin}");
        return true;
    }

    /// <summary>The first alternate who has not had a prize of this drawing and whose account is active; null when none is left.</summary>
    private async Task<DrawnAlternate?> NextAsync(Fulfillment fulfillment, CancellationToken ct)
    {
        var had = await db.Set<Fulfillment>().Where(f => f.DrawingId == fulfillment.DrawingId).Select(f => f.UserId).ToListAsync(ct);
        foreach (var alternate in (await alternates.InOrderAsync(fulfillment.DrawingId, ct)).Where(a => !had.Contains(a.UserId)))
        {
            if (await standings.FindAsync(alternate.UserId, ct) is { Status: UserStatus.Active }) return alternate;
        }

        return null;
    }

    private static WonPrize Won(Fulfillment f, DrawnAlternate next) => new(
        f.DrawingId, f.DrawingName, f.PrizeId, f.PrizeName, f.Kind, f.ValueCents, f.Rank, f.Slot, next.TicketId, next.TicketNumber, next.UserId, null, f.Attempt + 1);
}
