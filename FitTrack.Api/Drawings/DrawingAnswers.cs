using FitTrack.Core.Drawings;

namespace FitTrack.Api.Drawings;

/// <param name="ValueCents">US cents, each.</param>
public sealed record PrizeItem(Guid Id, int Rank, string Name, string? Description, int Quantity, long ValueCents, PrizeKind Kind, string? ImageUrl, string? Sponsor);

/// <summary>A drawing as lists show it.</summary>
/// <param name="TicketPrice">Points a ticket.</param>
/// <param name="TicketsSold">Tickets in the drawing, free entries included.</param>
public sealed record DrawingItem(
    Guid Id, string Name, DrawingType Type, DrawingStatus Status, EntropyKind Entropy, int TicketPrice, long TicketsSold,
    DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, DateTimeOffset? CompletedAt, string? ImageUrl, IReadOnlyList<PrizeItem> Prizes);

/// <summary>Odds that one pick falls on one of the caller's tickets, in words: <c>1 in 1001</c>.</summary>
/// <param name="Now">Null without tickets.</param>
/// <param name="AfterBuying">What they would become by buying so many more.</param>
public sealed record DrawingOdds(long Tickets, int Mine, string? Now, IReadOnlyList<OddsAfter> AfterBuying);

public sealed record OddsAfter(int Quantity, string Odds);

/// <param name="Next"><c>opens</c>, <c>sales_close</c> or <c>draw</c>.</param>
/// <param name="Seconds">Whole seconds left, never below 0.</param>
public sealed record DrawingCountdown(string Next, DateTimeOffset At, long Seconds);

/// <summary>What the draw is bound to since the drawing was scheduled.</summary>
/// <param name="Kind">A `commit` drawing is weak: whoever holds the seed and can add tickets can choose the winner.</param>
public sealed record DrawingCommitment(EntropyKind Kind, bool IsWeak, string? Chain, long? Round, string? Commitment, string? ManifestHash);

public sealed record DrawingEligibility(EligibleUsers UserType, int MinAccountAgeDays, int MinAge);

public sealed record DrawingLimits(int MaxTicketsPerPurchase, int MaxTicketsPerMember, int FreeEntriesPerMember);

public sealed record DrawingRulesText(int Version, string Text);

/// <summary>The caller in this drawing.</summary>
/// <param name="TicketsLeft">How many more may be bought.</param>
public sealed record MyEntry(int PaidTickets, int FreeEntries, int TicketsLeft, int FreeEntriesLeft);

public sealed record DrawingDetails(
    Guid Id, string Name, string? Description, DrawingType Type, DrawingStatus Status, int TicketPrice, long TicketsSold,
    DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, DateTimeOffset? CompletedAt, DateTimeOffset? CancelledAt, string? CancelReason, string? ImageUrl,
    IReadOnlyList<PrizeItem> Prizes, DrawingOdds Odds, DrawingCountdown? Countdown, DrawingCommitment Commitment, DrawingEligibility Eligibility, DrawingLimits Limits,
    int Alternates, DrawingRulesText Rules, MyEntry? Mine);

/// <param name="Slot">From 0 within the rank.</param>
public sealed record Winner(int Rank, int Slot, string Prize, long ValueCents, int TicketNumber, string DisplayName);

public sealed record UnawardedPrize(int Rank, string Prize, int Quantity);

/// <param name="Won">Whether the caller won; null without sign-in.</param>
public sealed record DrawingResults(Guid DrawingId, string Name, DateTimeOffset CompletedAt, long TicketsSold, IReadOnlyList<Winner> Winners, IReadOnlyList<UnawardedPrize> Unawarded, bool? Won);

public sealed record DrawKeyList(IReadOnlyList<Core.Drawings.Protocol.DrawKeyJwk> Keys);
