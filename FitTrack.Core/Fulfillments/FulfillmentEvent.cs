using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Fulfillments;

public enum FulfillmentEventKind
{
    Created,
    WinnerNotified,
    AddressConfirmed,
    Shipped,
    Delivered,
    Reminded,
    Forfeited,
    ReturnedToSponsor,
    AddressRead,
    CodeRead,
}

/// <summary>Something that happened to a won prize; readings of address and code are noted too.</summary>
public sealed class FulfillmentEvent : IEntityTypeConfiguration<FulfillmentEvent>
{
    public const int MaxNote = 300;

    public Guid Id { get; private set; }

    public Guid FulfillmentId { get; private set; }

    public FulfillmentEventKind Kind { get; private set; }

    /// <summary>Who did it; null for FitTrack itself.</summary>
    public Guid? ActorId { get; private set; }

    public DateTimeOffset HappenedAt { get; private set; }

    /// <summary>Why, where there is a reason to tell.</summary>
    public string? Note { get; private set; }

    internal static FulfillmentEvent Of(Guid fulfillmentId, FulfillmentEventKind kind, Guid? actorId, DateTimeOffset now, string? note = null) =>
        new() { Id = Guid.CreateVersion7(now), FulfillmentId = fulfillmentId, Kind = kind, ActorId = actorId, HappenedAt = now, Note = note };

    void IEntityTypeConfiguration<FulfillmentEvent>.Configure(EntityTypeBuilder<FulfillmentEvent> builder)
    {
        builder.ToTable("fulfillment_events", t => t.HasComment("What happened to each won prize, readings of address and code included."));
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Note).HasMaxLength(MaxNote);
        builder.HasOne<Fulfillment>().WithMany().HasForeignKey(e => e.FulfillmentId);
        builder.HasOne<User>().WithMany().HasForeignKey(e => e.ActorId);
        builder.HasIndex(e => new { e.FulfillmentId, e.HappenedAt });
    }
}
