using System.Text.Json.Serialization;

namespace FitTrack.Web.Api;

// The Api's answers, as far as the pages use them (docs: /openapi/v1.json).

internal sealed record Tokens(string AccessToken, string RefreshToken, int ExpiresIn);

internal sealed record Page<T>(IReadOnlyList<T> Items, Pagination Pagination);

internal sealed record Pagination(int Page, int PerPage, long Total, int TotalPages);

internal sealed record Me(Guid Id, string Email, string Role, Profile? Profile, Points Points);

internal sealed record Profile(string DisplayName, string? TierCode);

internal sealed record Points(long Balance, long EarnedTotal, long EarnedToday, long RemainingToday);

internal sealed record Summary(PeriodSummary Today, PeriodSummary ThisWeek, PeriodSummary ThisMonth);

internal sealed record PeriodSummary(long Points, int Activities, long? PointsLeft, int? Streak);

internal sealed record Activity(Guid Id, string ActivityType, string? Name, DateTimeOffset StartedAt, string Status, string? StatusReason, long? Points, string Source);

internal sealed record Board(string Period, DateOnly Start, string Tier, long TotalMembers, IReadOnlyList<BoardRow> Rankings, OwnRank? Me);

internal sealed record BoardRow(long Rank, Guid? UserId, string DisplayName, long? Points, string Tier);

internal sealed record OwnRank(long? Rank, long Points);

internal sealed record Drawing(
    Guid Id, string Name, string Type, string Status, long TicketPrice, long TicketsSold, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, IReadOnlyList<Prize> Prizes);

internal sealed record Prize(int Rank, string Name, int Quantity, long ValueCents);

internal sealed record Proof(Manifest Manifest, string ManifestHash, Entropy? Entropy, IReadOnlyList<Pick>? Picks);

internal sealed record Manifest(long Tickets, string Root, string? Chain);

internal sealed record Entropy(string Kind, string? Seed);

internal sealed record Pick([property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long Rank, int Slot, long? Ticket);
