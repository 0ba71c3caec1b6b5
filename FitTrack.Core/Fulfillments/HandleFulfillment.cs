using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Fulfillments;

/// <summary>What became of a change to a won prize.</summary>
public abstract record FulfillmentOutcome
{
    private FulfillmentOutcome()
    {
    }

    public sealed record Done(Fulfillment Fulfillment) : FulfillmentOutcome;

    public sealed record NotFound : FulfillmentOutcome;

    public sealed record Impossible(string Reason) : FulfillmentOutcome;
}

/// <summary>Moves won prizes along: the winner's address, shipping, delivery, forfeit; and reads what is sealed, noting who did.</summary>
public sealed class HandleFulfillment(
    FitTrackDbContext db, FulfillmentSecrets secrets, PassPrizeOn passOn, MemberDirectory members, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    /// <summary>By the winner, also to correct it until the parcel is sent; administrators are told of the first.</summary>
    public Task<FulfillmentOutcome> ConfirmAddressAsync(Guid id, Guid winner, ShippingAddress address, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id && f.UserId == winner), new AdminActor(winner, null), FulfillmentEventKind.AddressConfirmed, async (f, now) =>
        {
            var isFirst = f.SealedAddress is null;
            if (!f.TryConfirmAddress(secrets.SealAddress(address), now)) return false;
            AddEvent(f, FulfillmentEventKind.AddressConfirmed, winner, now);
            if (!isFirst) return true;
            var mail = new PrizeToShipMail(f.Id, f.DrawingName, f.PrizeName);
            foreach (var admin in await members.AdministratorsAsync(ct)) outbox.Enqueue(MailTypes.PrizeToShip, admin, mail, $"to_ship:{f.Id}:{admin}");
            return true;
        }, ct);

    public Task<FulfillmentOutcome> ShipAsync(Guid id, AdminActor admin, string carrier, string trackingNumber, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.Shipped, (f, now) =>
        {
            if (!f.TryShip(carrier, trackingNumber, now)) return No;
            AddEvent(f, FulfillmentEventKind.Shipped, admin.Id, now);
            outbox.Enqueue(MailTypes.PrizeShipped, f.UserId, new PrizeShippedMail(f.DrawingName, f.PrizeName, carrier, trackingNumber), $"shipped:{f.Id}");
            return Yes;
        }, ct);

    public Task<FulfillmentOutcome> DeliverAsync(Guid id, AdminActor admin, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.Delivered, (f, now) =>
        {
            if (!f.TryDeliver(now)) return No;
            AddEvent(f, FulfillmentEventKind.Delivered, admin.Id, now);
            outbox.Enqueue(MailTypes.PrizeArrived, f.UserId, new PrizeArrivedMail(f.DrawingName, f.PrizeName), $"arrived:{f.Id}");
            return Yes;
        }, ct);

    /// <summary>Before it is shipped: the winner declines, or may not have it. The next alternate gets it.</summary>
    /// <param name="reason">1 to 300 characters; the member reads it.</param>
    public Task<FulfillmentOutcome> ForfeitAsync(Guid id, AdminActor admin, string reason, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.Forfeited, (f, now) => passOn.TryForfeitAsync(f, admin.Id, reason, now, ct), ct);

    /// <summary>Back to the sponsor and to no alternate: the parcel came back, or the prize is no longer to be had.</summary>
    /// <param name="reason">1 to 300 characters; the member reads it.</param>
    public Task<FulfillmentOutcome> ReturnAsync(Guid id, AdminActor admin, string reason, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.ReturnedToSponsor, async (f, now) =>
        {
            if (!await passOn.TryReturnAsync(f, admin.Id, reason, now, ct)) return false;
            outbox.Enqueue(MailTypes.PrizeForfeited, f.UserId, new PrizeForfeitedMail(f.DrawingId, f.DrawingName, f.PrizeName, reason), $"forfeited:{f.Id}");
            return true;
        }, ct);

    /// <summary>Address and code in the clear; null for what there is not. Each reading is noted, an administrator's in the audit log too.</summary>
    /// <param name="admin">Null when the winner reads.</param>
    public async Task<(ShippingAddress? Address, string? Code)> ReadSealedAsync(Fulfillment fulfillment, AdminActor? admin, CancellationToken ct)
    {
        if (fulfillment.SealedAddress is null && fulfillment.SealedCode is null) return (null, null);

        await using var own = await db.BeginOwnTransactionAsync(ct);
        var (now, reader) = (clock.Now(), admin?.Id ?? fulfillment.UserId);
        if (fulfillment.SealedAddress is not null) AddEvent(fulfillment, FulfillmentEventKind.AddressRead, reader, now);
        if (fulfillment.SealedCode is not null) AddEvent(fulfillment, FulfillmentEventKind.CodeRead, reader, now);
        await db.SaveChangesAsync(ct);
        if (admin is not null) await audit.AppendAsync(AuditRecord.Of(admin, "fulfillment.read", "fulfillment", fulfillment.Id.ToString(), null, null), ct);
        if (own is not null) await own.CommitAsync(ct);
        return (fulfillment.SealedAddress is { } address ? secrets.OpenAddress(address) : null, fulfillment.SealedCode is { } code ? secrets.OpenCode(code) : null);
    }

    private static Task<bool> Yes => Task.FromResult(true);

    private static Task<bool> No => Task.FromResult(false);

    private async Task<FulfillmentOutcome> ChangeAsync(
        IQueryable<Fulfillment> which, AdminActor actor, FulfillmentEventKind kind, Func<Fulfillment, DateTimeOffset, Task<bool>> change, CancellationToken ct)
    {
        try
        {
            return await TryChangeAsync(which, actor, kind, change, ct);
        }
        catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
        {
            return new FulfillmentOutcome.Impossible("The prize was changed by somebody else meanwhile");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<FulfillmentOutcome> TryChangeAsync(
        IQueryable<Fulfillment> which, AdminActor actor, FulfillmentEventKind kind, Func<Fulfillment, DateTimeOffset, Task<bool>> change, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await which.SingleOrDefaultAsync(ct) is not { } fulfillment) return new FulfillmentOutcome.NotFound();
        var before = fulfillment.Status;
        var now = clock.Now();
        // A forfeited prize is somebody else's already, or was returned.
        if (before == FulfillmentStatus.Forfeited || !await change(fulfillment, now)) return Refuse(fulfillment, kind, now);

        await db.SaveChangesAsync(ct);
        if (kind != FulfillmentEventKind.AddressConfirmed)
            await audit.AppendAsync(AuditRecord.Of(actor, $"fulfillment.{Naming.Snake(kind.ToString())}", "fulfillment", fulfillment.Id.ToString(), new { status = before }, new { status = fulfillment.Status }), ct);
        await transaction.CommitAsync(ct);
        return new FulfillmentOutcome.Done(fulfillment);
    }

    private static FulfillmentOutcome.Impossible Refuse(Fulfillment f, FulfillmentEventKind kind, DateTimeOffset now) => new(
        kind == FulfillmentEventKind.AddressConfirmed && f.IsOverdue(now)
            ? "The time to give an address ended 14 days after the notice"
            : $"A {Naming.Snake(f.Kind.ToString())} prize that is {Naming.Snake(f.Status.ToString())} cannot become {Naming.Snake(kind.ToString())}");

    private void AddEvent(Fulfillment fulfillment, FulfillmentEventKind kind, Guid actor, DateTimeOffset now) => db.Add(FulfillmentEvent.Of(fulfillment.Id, kind, actor, now));
}
