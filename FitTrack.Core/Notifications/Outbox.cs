using System.Text.Json;
using FitTrack.Core.Data;

namespace FitTrack.Core.Notifications;

/// <summary>Where features leave mails, inside the transaction of what the mail is about.</summary>
public sealed class Outbox(FitTrackDbContext db, TimeProvider clock)
{
    /// <summary>
    /// Adds a message to the context; it is stored by the caller's next save. A second message with the same
    /// <paramref name="dedupeKey"/> fails that save with a unique violation, so the key names the event, such as
    /// <c>winner:{drawing}:{rank}</c>.
    /// </summary>
    /// <param name="type">One of <see cref="MailTypes"/>.</param>
    /// <param name="userId">Who receives it, at the address the account has when it is sent.</param>
    /// <param name="payload">What the template shows; serialised as camelCase JSON, at most 10,000 characters.</param>
    /// <param name="dedupeKey">At most 200 characters.</param>
    public void Enqueue(string type, Guid? userId, object payload, string dedupeKey) =>
        db.Add(OutboxMessage.Create(type, userId, JsonSerializer.Serialize(payload, JsonSerializerOptions.Web), dedupeKey, clock.Now()));
}

/// <summary>The mails that have a template.</summary>
public static class MailTypes
{
    /// <summary>Payload: <c>{ token, expiresAt }</c>.</summary>
    public const string VerifyEmail = "verify_email";

    /// <summary>Payload: <c>{ drawingId, drawingName, prizeName, rank, respondBy }</c>.</summary>
    public const string DrawingWon = "drawing_won";

    /// <summary>To every participant, with what the draw is bound to. Payload: <c>{ drawingId, drawingName, manifestHash, drawAt }</c>.</summary>
    public const string DrawingClosed = "drawing_closed";

    /// <summary>To every participant. Payload: <c>{ drawingId, drawingName, tickets, winners }</c>, where winners are <c>{ rank, prizeName, displayName, ticketNumber }</c>.</summary>
    public const string DrawingCompleted = "drawing_completed";

    /// <summary>To the winner of a digital prize; the code is read on the page. Payload: <c>{ drawingId, drawingName, prizeName, rank, fulfillmentId }</c>.</summary>
    public const string PrizeDelivered = "prize_delivered";

    /// <summary>Payload: <c>{ drawingName, prizeName, fulfillmentId, carrier, trackingNumber }</c>.</summary>
    public const string PrizeShipped = "prize_shipped";
}
