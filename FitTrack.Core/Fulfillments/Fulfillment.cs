using System.Linq.Expressions;
using FitTrack.Core.Accounts;
using FitTrack.Core.Drawings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Fulfillments;

/// <summary>Where a won prize is on its way (domain section 6).</summary>
public enum FulfillmentStatus
{
    Pending,
    WinnerNotified,
    AddressConfirmed,
    Shipped,
    Delivered,
    Forfeited,
    ReturnedToSponsor,
}

/// <summary>
/// A prize on its way to a winner. Physical: pending → winner_notified → address_confirmed → shipped → delivered. Digital: delivered at
/// once. Who does not answer, or may not have it, forfeits it: the next alternate gets a fulfilment of their own, and where none is left
/// the prize goes back to the sponsor. What is shown of drawing and prize is copied here, as won.
/// </summary>
public sealed class Fulfillment
{
    /// <summary>From the notice to the reminder.</summary>
    public static readonly TimeSpan RemindAfter = TimeSpan.FromDays(7);

    /// <summary>From the notice to the forfeit of a physical prize: with its last instant the address comes too late.</summary>
    public static readonly TimeSpan TimeToRespond = TimeSpan.FromDays(14);

    /// <summary>From the address to the parcel, and from the parcel to its arrival, before administrators should look after it.</summary>
    public static readonly TimeSpan ShipWithin = TimeSpan.FromDays(7), ArriveWithin = TimeSpan.FromDays(30);

    private Fulfillment()
    {
    }

    public Guid Id { get; private set; }

    public Guid DrawingId { get; private set; }

    public Guid PrizeId { get; private set; }

    public Guid TicketId { get; private set; }

    public Guid UserId { get; private set; }

    public int Rank { get; private set; }

    /// <summary>From 0 within the rank.</summary>
    public int Slot { get; private set; }

    /// <summary>0 for the winner, 1 for the first alternate who got it after a forfeit, and so on.</summary>
    public int Attempt { get; private set; }

    public PrizeKind Kind { get; private set; }

    public string DrawingName { get; private set; } = null!;

    public string PrizeName { get; private set; } = null!;

    public int TicketNumber { get; private set; }

    /// <summary>US cents.</summary>
    public long ValueCents { get; private set; }

    public FulfillmentStatus Status { get; private set; }

    /// <summary>The shipping address as JSON, encrypted.</summary>
    public string? SealedAddress { get; private set; }

    /// <summary>Of a digital prize: the code, encrypted.</summary>
    public string? SealedCode { get; private set; }

    public string? Carrier { get; private set; }

    public string? TrackingNumber { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? NotifiedAt { get; private set; }

    public DateTimeOffset? RemindedAt { get; private set; }

    public DateTimeOffset? AddressConfirmedAt { get; private set; }

    public DateTimeOffset? ShippedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    public DateTimeOffset? ForfeitedAt { get; private set; }

    public DateTimeOffset? ReturnedAt { get; private set; }

    /// <summary>Counts the changes; every save names the one it read.</summary>
    public long Version { get; private set; }

    /// <summary>Prizes that wait too long: for the winner's answer, for being shipped, or for their arrival.</summary>
    public static Expression<Func<Fulfillment, bool>> WaitsTooLong(DateTimeOffset now)
    {
        var (notified, confirmed, shipped) = (now - TimeToRespond, now - ShipWithin, now - ArriveWithin);
        return f => (f.Status == FulfillmentStatus.WinnerNotified && f.NotifiedAt <= notified)
            || (f.Status == FulfillmentStatus.AddressConfirmed && f.AddressConfirmedAt <= confirmed)
            || (f.Status == FulfillmentStatus.Shipped && f.ShippedAt <= shipped);
    }

    internal static Fulfillment Create(WonPrize won, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        DrawingId = won.DrawingId,
        PrizeId = won.PrizeId,
        TicketId = won.TicketId,
        UserId = won.UserId,
        Rank = won.Rank,
        Slot = won.Slot,
        Attempt = won.Attempt,
        Kind = won.Kind,
        DrawingName = won.DrawingName,
        PrizeName = won.PrizeName,
        TicketNumber = won.TicketNumber,
        ValueCents = won.ValueCents,
        Status = FulfillmentStatus.Pending,
        CreatedAt = now,
    };

    internal bool TryNotify(DateTimeOffset now)
    {
        if (!TryBecome(FulfillmentStatus.WinnerNotified)) return false;
        NotifiedAt = now;
        return true;
    }

    /// <summary>Once, while the winner has not answered.</summary>
    internal bool TryRemind(DateTimeOffset now)
    {
        if (Status != FulfillmentStatus.WinnerNotified || RemindedAt is not null) return false;
        RemindedAt = now;
        Version++;
        return true;
    }

    /// <summary>Whether the winner has let the time to respond pass.</summary>
    internal bool IsOverdue(DateTimeOffset now) => Status == FulfillmentStatus.WinnerNotified && NotifiedAt + TimeToRespond <= now;

    /// <summary>Also while confirmed already: until the parcel is sent, the winner may correct the address.</summary>
    internal bool TryConfirmAddress(string sealedAddress, DateTimeOffset now)
    {
        if (IsOverdue(now)) return false;
        if (Kind != PrizeKind.Physical || !TryBecome(FulfillmentStatus.AddressConfirmed)) return false;
        (SealedAddress, AddressConfirmedAt) = (sealedAddress, now);
        return true;
    }

    internal bool TryShip(string carrier, string trackingNumber, DateTimeOffset now)
    {
        if (!TryBecome(FulfillmentStatus.Shipped)) return false;
        (Carrier, TrackingNumber, ShippedAt) = (carrier, trackingNumber, now);
        return true;
    }

    internal bool TryDeliver(DateTimeOffset now)
    {
        if (Kind != PrizeKind.Physical || !TryBecome(FulfillmentStatus.Delivered)) return false;
        DeliveredAt = now;
        return true;
    }

    internal bool TryDeliverCode(string sealedCode, DateTimeOffset now)
    {
        if (Kind != PrizeKind.Digital || !TryBecome(FulfillmentStatus.Delivered)) return false;
        (SealedCode, NotifiedAt, DeliveredAt) = (sealedCode, now, now);
        return true;
    }

    /// <summary>Takes the prize from its winner; nothing is sent there any more, so the address goes.</summary>
    internal bool TryForfeit(DateTimeOffset now)
    {
        if (!TryBecome(FulfillmentStatus.Forfeited)) return false;
        (ForfeitedAt, SealedAddress) = (now, null);
        return true;
    }

    internal bool TryReturn(DateTimeOffset now)
    {
        if (!TryBecome(FulfillmentStatus.ReturnedToSponsor)) return false;
        (ReturnedAt, SealedAddress) = (now, null);
        return true;
    }

    private bool TryBecome(FulfillmentStatus next)
    {
        if (!MayFollow(Status, next)) return false;
        Status = next;
        Version++;
        return true;
    }

    private bool MayFollow(FulfillmentStatus from, FulfillmentStatus to) => (from, to) switch
    {
        (FulfillmentStatus.Pending, FulfillmentStatus.WinnerNotified) => true,
        (FulfillmentStatus.Pending, FulfillmentStatus.Delivered) => Kind == PrizeKind.Digital,
        (FulfillmentStatus.WinnerNotified, FulfillmentStatus.AddressConfirmed or FulfillmentStatus.Forfeited or FulfillmentStatus.ReturnedToSponsor) => true,
        (FulfillmentStatus.AddressConfirmed, FulfillmentStatus.AddressConfirmed or FulfillmentStatus.Shipped) => true,
        (FulfillmentStatus.AddressConfirmed, FulfillmentStatus.Forfeited or FulfillmentStatus.ReturnedToSponsor) => true,
        (FulfillmentStatus.Shipped, FulfillmentStatus.Delivered or FulfillmentStatus.ReturnedToSponsor) => true,
        (FulfillmentStatus.Forfeited, FulfillmentStatus.ReturnedToSponsor) => true,
        _ => false,
    };
}

internal sealed class FulfillmentConfiguration : IEntityTypeConfiguration<Fulfillment>
{
    public void Configure(EntityTypeBuilder<Fulfillment> builder)
    {
        builder.ToTable("fulfillments", t =>
        {
            t.HasComment("Won prizes on their way; addresses and codes are encrypted.");
            t.HasCheckConstraint("ck_fulfillments_value", "value_cents >= 0");
        });
        builder.HasKey(f => f.Id);
        builder.Property(f => f.Id).ValueGeneratedNever();
        builder.Property(f => f.DrawingName).HasMaxLength(DrawingTerms.MaxName);
        builder.Property(f => f.PrizeName).HasMaxLength(DrawingTerms.MaxName);
        builder.Property(f => f.SealedAddress).HasMaxLength(4000);
        builder.Property(f => f.SealedCode).HasMaxLength(1000);
        builder.Property(f => f.Carrier).HasMaxLength(50);
        builder.Property(f => f.TrackingNumber).HasMaxLength(100);
        builder.Property(f => f.Version).IsConcurrencyToken();
        builder.HasOne<Drawing>().WithMany().HasForeignKey(f => f.DrawingId);
        builder.HasOne<DrawingPrize>().WithMany().HasForeignKey(f => f.PrizeId);
        builder.HasOne<Ticket>().WithMany().HasForeignKey(f => f.TicketId);
        builder.HasOne<User>().WithMany().HasForeignKey(f => f.UserId);
        builder.HasIndex(f => new { f.DrawingId, f.Rank, f.Slot, f.Attempt }).IsUnique();
        builder.HasIndex(f => new { f.DrawingId, f.UserId }).IsUnique();
        builder.HasIndex(f => f.UserId);
        builder.HasIndex(f => new { f.Status, f.NotifiedAt });
    }
}
