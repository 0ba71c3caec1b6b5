using System.ComponentModel.DataAnnotations;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;

namespace FitTrack.Api.Drawings;

/// <param name="Codes">Of a digital prize. Left out, an unchanged prize (name, kind, value, sponsor) keeps the codes it has.</param>
public sealed record PrizeRequest(
    [property: Required] int? Rank,
    [property: Required] string? Name,
    string? Description,
    int? Quantity,
    [property: Required] long? ValueCents,
    PrizeKind? Kind,
    Guid? SponsorId,
    string? ImageUrl,
    IReadOnlyList<string>? Codes);

public sealed record EligibilityRequest(EligibleUsers? UserType, int? MinAccountAgeDays, int? MinAge);

/// <summary>A drawing as an administrator asks for it. What is left out has the default of its type (<c>Drawings:*</c>).</summary>
/// <param name="OpensAt">Now, if left out.</param>
/// <param name="SalesCloseAt">Five minutes before the draw, if left out.</param>
public sealed record DrawingRequest(
    [property: Required] string? Name,
    string? Description,
    string? ImageUrl,
    [property: Required] DrawingType? Type,
    EntropyKind? Entropy,
    DateTimeOffset? OpensAt,
    DateTimeOffset? SalesCloseAt,
    [property: Required] DateTimeOffset? DrawAt,
    int? TicketPrice,
    int? MaxTicketsPerPurchase,
    int? MaxTicketsPerMember,
    int? FreeEntriesPerMember,
    int? Alternates,
    EligibilityRequest? Eligibility,
    [property: Required] IReadOnlyList<PrizeRequest>? Prizes)
{
    internal DrawingTerms ToTerms(DrawingOptions defaults, EntropyKind defaultEntropy, DateTimeOffset now) => new(
        Name!.Trim(),
        Description,
        ImageUrl,
        Type!.Value,
        Entropy ?? defaultEntropy,
        (OpensAt ?? now).ToMicroseconds(),
        (SalesCloseAt ?? DrawAt!.Value.AddMinutes(-defaults.SalesCloseMinutesBeforeDraw)).ToMicroseconds(),
        DrawAt!.Value.ToMicroseconds(),
        TicketPrice ?? defaults.TicketPrice(Type.Value),
        MaxTicketsPerPurchase ?? defaults.MaxTicketsPerPurchase,
        MaxTicketsPerMember ?? defaults.MaxTicketsPerMember,
        FreeEntriesPerMember ?? defaults.FreeEntriesPerMember,
        Alternates ?? 0,
        Eligibility?.UserType ?? EligibleUsers.All,
        Eligibility?.MinAccountAgeDays ?? 0,
        Eligibility?.MinAge ?? 18,
        [.. Prizes!.Select(p => new PrizeTerms(p.Rank!.Value, p.Name!.Trim(), p.Description, p.Quantity ?? 1, p.ValueCents!.Value, p.Kind ?? PrizeKind.Digital, p.SponsorId, p.ImageUrl, p.Codes))]);
}

public sealed record CancelRequest([property: Required, StringLength(300, MinimumLength = 1)] string? Reason);

/// <summary>A drawing as administrators see it.</summary>
/// <param name="HeldUpBy">Why a step that is due has not been done.</param>
public sealed record AdminDrawing(
    Guid Id, string Name, string? Description, DrawingType Type, DrawingStatus Status, EntropyKind Entropy, string? Chain, long? Round, string? Commitment,
    DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, int TicketPrice, DrawingLimits Limits, DrawingEligibility Eligibility, int Alternates, int RulesVersion,
    long TicketsSold, long? PaidTickets, long? FreeTickets, string? HeldUpBy, string? CancelReason,
    DateTimeOffset CreatedAt, DateTimeOffset? ScheduledAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt, DateTimeOffset? CompletedAt, DateTimeOffset? CancelledAt,
    string? ImageUrl, IReadOnlyList<AdminPrize> Prizes)
{
    internal static AdminDrawing Of(Drawing d, long sold) => new(
        d.Id, d.Name, d.Description, d.Type, d.Status, d.Entropy, d.ChainHash, d.Round, d.Commitment,
        d.OpensAt, d.SalesCloseAt, d.DrawAt, d.TicketPrice, new DrawingLimits(d.MaxTicketsPerPurchase, d.MaxTicketsPerMember, d.FreeEntriesPerMember),
        new DrawingEligibility(d.EligibleUsers, d.MinAccountAgeDays, d.MinAge), d.Alternates, d.RulesVersion,
        sold, d.PaidTickets, d.FreeTickets, d.HeldUpBy, d.CancelReason,
        d.CreatedAt, d.ScheduledAt, d.OpenedAt, d.ClosedAt, d.CompletedAt, d.CancelledAt,
        d.ImageUrl, [.. d.Prizes.OrderBy(p => p.Rank).Select(p => new AdminPrize(p.Id, p.Rank, p.Name, p.Description, p.Quantity, p.ValueCents, p.Kind, p.SponsorId, p.ImageUrl))]);
}

public sealed record AdminPrize(Guid Id, int Rank, string Name, string? Description, int Quantity, long ValueCents, PrizeKind Kind, Guid? SponsorId, string? ImageUrl);
