using FitTrack.Core.Data;

namespace FitTrack.Core.Drawings.Entering;

/// <param name="Number">Given when sales close; null until then.</param>
public sealed record EntryTicket(Guid Id, int? Number, DateTimeOffset PurchasedAt);

/// <summary>What an entry brought.</summary>
/// <param name="Balance">Points left; null after a free entry, which does not ask.</param>
public sealed record EntryReceipt(Guid DrawingId, Guid PurchaseId, int Quantity, long PointsSpent, long? Balance, IReadOnlyList<EntryTicket> Tickets);

/// <summary>What became of a purchase or free entry.</summary>
public abstract record EntryOutcome
{
    private EntryOutcome()
    {
    }

    public sealed record Entered(EntryReceipt Receipt) : EntryOutcome;

    /// <summary>The idempotency key was used before for the same; this was the answer.</summary>
    public sealed record Repeated(EntryReceipt Receipt) : EntryOutcome;

    /// <summary>The idempotency key was used before for something else.</summary>
    public sealed record KeyConflict : EntryOutcome;

    public sealed record NotFound : EntryOutcome;

    /// <summary>Closed, not open yet, cancelled, not eligible, self-excluded or cooling off.</summary>
    public sealed record Refused(string Reason) : EntryOutcome;

    public sealed record InvalidQuantity(int Most) : EntryOutcome;

    public sealed record InsufficientPoints(long Balance, long Cost) : EntryOutcome;

    public sealed record LimitReached(string Reason) : EntryOutcome;

    /// <summary>The entrant accepted another version of the official rules than the one that holds.</summary>
    public sealed record RulesChanged(int Accepted, int Current) : EntryOutcome;

    /// <summary>Others kept winning the race; nothing happened.</summary>
    public sealed record Busy : EntryOutcome;

    internal static EntryOutcome From(Recalled recalled) => recalled.Conflict ? new KeyConflict() : new Repeated(recalled.First!.Answer<EntryReceipt>());
}
