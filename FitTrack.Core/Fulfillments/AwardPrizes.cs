using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Notifications;

namespace FitTrack.Core.Fulfillments;

/// <summary>A prize as a draw awards it.</summary>
/// <param name="Code">Of a digital prize: what its winner gets.</param>
/// <param name="Attempt">0 for the winner, 1 for the first alternate who gets it, and so on.</param>
public sealed record WonPrize(
    Guid DrawingId, string DrawingName, Guid PrizeId, string PrizeName, PrizeKind Kind, long ValueCents, int Rank, int Slot, Guid TicketId, int TicketNumber, Guid UserId, string? Code, int Attempt = 0);

/// <summary>Sends prizes on their way, in the transaction of the draw or of the forfeit that passes one on (domain section 6).</summary>
public sealed class AwardPrizes(FitTrackDbContext db, FulfillmentSecrets secrets, Outbox outbox)
{
    /// <summary>A digital prize is delivered with its notice; a physical one waits for the winner's address.</summary>
    public void Award(IReadOnlyList<WonPrize> prizes, DateTimeOffset now)
    {
        foreach (var won in prizes)
        {
            var fulfillment = Fulfillment.Create(won, now);
            db.Add(fulfillment);
            db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.Created, null, now));
            if (won is { Kind: PrizeKind.Digital, Code: { } code })
            {
                var sealedCode = secrets.SealCode(code);
                fulfillment.TryDeliverCode(sealedCode, now);
                db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.Delivered, null, now));
                outbox.Enqueue(MailTypes.PrizeDelivered, won.UserId, new PrizeDeliveredMail(won.DrawingId, fulfillment.Id, won.DrawingName, won.PrizeName, won.Rank, sealedCode), Key(won));
            }
            else
            {
                fulfillment.TryNotify(now);
                db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.WinnerNotified, null, now));
                var respondBy = now + Fulfillment.TimeToRespond;
                outbox.Enqueue(MailTypes.DrawingWon, won.UserId, new DrawingWonMail(won.DrawingId, fulfillment.Id, won.DrawingName, won.PrizeName, won.Rank, respondBy, won.Attempt > 0), Key(won));
            }
        }
    }

    private static string Key(WonPrize won) => $"winner:{won.DrawingId}:{won.Rank}:{won.Slot}:{won.Attempt}";
}
