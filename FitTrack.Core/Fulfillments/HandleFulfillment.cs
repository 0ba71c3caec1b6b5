using System.Text.Json;
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

/// <summary>Moves won prizes along: the winner's address, shipping, delivery; and reads what is sealed, noting who did.</summary>
public sealed class HandleFulfillment(FitTrackDbContext db, FulfillmentSecrets secrets, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    /// <summary>By the winner, also to correct it until the parcel is sent.</summary>
    public Task<FulfillmentOutcome> ConfirmAddressAsync(Guid id, Guid winner, ShippingAddress address, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id && f.UserId == winner), winner, FulfillmentEventKind.AddressConfirmed, null, (f, now) =>
            f.TryConfirmAddress(secrets.SealAddress(address), now), ct);

    public Task<FulfillmentOutcome> ShipAsync(Guid id, Guid admin, string? ipAddress, string carrier, string trackingNumber, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.Shipped, ipAddress, (f, now) =>
        {
            if (!f.TryShip(carrier, trackingNumber, now)) return false;
            outbox.Enqueue(MailTypes.PrizeShipped, f.UserId, new PrizeShippedMail(f.DrawingName, f.PrizeName, carrier, trackingNumber), $"shipped:{f.Id}");
            return true;
        }, ct);

    public Task<FulfillmentOutcome> DeliverAsync(Guid id, Guid admin, string? ipAddress, CancellationToken ct) =>
        ChangeAsync(db.Set<Fulfillment>().Where(f => f.Id == id), admin, FulfillmentEventKind.Delivered, ipAddress, (f, now) => f.TryDeliver(now), ct);

    /// <summary>Address and code in the clear; null for what there is not. Each reading is noted.</summary>
    public async Task<(ShippingAddress? Address, string? Code)> ReadSealedAsync(Fulfillment fulfillment, Guid reader, CancellationToken ct)
    {
        if (fulfillment.SealedAddress is null && fulfillment.SealedCode is null) return (null, null);

        var now = clock.Now();
        if (fulfillment.SealedAddress is not null) db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.AddressRead, reader, now));
        if (fulfillment.SealedCode is not null) db.Add(FulfillmentEvent.Of(fulfillment.Id, FulfillmentEventKind.CodeRead, reader, now));
        await db.SaveChangesAsync(ct);
        return (fulfillment.SealedAddress is { } address ? secrets.OpenAddress(address) : null, fulfillment.SealedCode is { } code ? secrets.OpenCode(code) : null);
    }

    private async Task<FulfillmentOutcome> ChangeAsync(
        IQueryable<Fulfillment> which, Guid actor, FulfillmentEventKind kind, string? ipAddress, Func<Fulfillment, DateTimeOffset, bool> change, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await which.SingleOrDefaultAsync(ct) is not { } fulfillment) return new FulfillmentOutcome.NotFound();
        var before = fulfillment.Status;
        var now = clock.Now();
        if (!change(fulfillment, now))
            return new FulfillmentOutcome.Impossible($"A {Naming.Snake(fulfillment.Kind.ToString())} prize that is {Naming.Snake(before.ToString())} cannot become {Naming.Snake(kind.ToString())}");

        db.Add(FulfillmentEvent.Of(fulfillment.Id, kind, actor, now));
        await db.SaveChangesAsync(ct);
        if (actor != fulfillment.UserId)
            await audit.AppendAsync(new AuditRecord(actor, $"fulfillment.{Naming.Snake(kind.ToString())}", "fulfillment", fulfillment.Id.ToString(), Status(before), Status(fulfillment.Status), ipAddress), ct);
        await transaction.CommitAsync(ct);
        return new FulfillmentOutcome.Done(fulfillment);
    }

    private static string Status(FulfillmentStatus status) => JsonSerializer.Serialize(new { status = Naming.Snake(status.ToString()) });
}
