namespace FitTrack.Web.Api;

/// <param name="RespondBy">While an address is waited for.</param>
public sealed record WonPrize(
    Guid Id, Guid DrawingId, string DrawingName, int Rank, string PrizeName, string Kind, long ValueCents, int TicketNumber, string Status, bool HasAddress, string? Carrier, string? TrackingNumber,
    DateTimeOffset CreatedAt, DateTimeOffset? RespondBy, DateTimeOffset? AddressConfirmedAt, DateTimeOffset? ShippedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ForfeitedAt, DateTimeOffset? ReturnedAt);

public sealed record PrizeAddress(string? Name, string? Line1, string? Line2, string? City, string? State, string? PostalCode, string? Phone);

public sealed record PrizeStep(string Kind, DateTimeOffset HappenedAt, Guid? ActorId, string? Note);

public sealed record PrizeDetails(WonPrize Prize, string Winner, PrizeAddress? Address, string? Code, IReadOnlyList<PrizeStep> History);

public sealed record QueuedPrize(WonPrize Prize, Guid UserId, string Winner, bool IsOverdue);

public sealed record BulkOutcome(int Done, int Refused, IReadOnlyList<BulkItem> Items);

public sealed record BulkItem(Guid Id, int Status, string? Reason);

public sealed record ShipItem(Guid Id, string Carrier, string TrackingNumber);

public sealed record PublicWinner(Guid DrawingId, string DrawingName, int Rank, string Prize, long ValueCents, int TicketNumber, string DisplayName, DateTimeOffset WonAt);

/// <summary>Won prizes: the member's own, everybody's names, and the administrators' queue.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Page<WonPrize>>> GetPrizesAsync(int page, CancellationToken ct) => GetAsync<Page<WonPrize>>($"fulfillments?per_page=20&page={page}", ct);

    /// <summary>Address and code are in it; that they were read is noted.</summary>
    public Task<ApiResult<PrizeDetails>> GetPrizeAsync(Guid id, CancellationToken ct) => GetAsync<PrizeDetails>($"fulfillments/{id}", ct);

    public Task<ApiResult<WonPrize>> ConfirmAddressAsync(Guid id, PrizeAddress address, CancellationToken ct) =>
        SendAsync<WonPrize>(HttpMethod.Put, $"fulfillments/{id}/address", address, authorize: true, ct);

    public Task<ApiResult<Page<PublicWinner>>> GetWinnersAsync(int page, CancellationToken ct) => GetAsync<Page<PublicWinner>>($"winners?per_page=25&page={page}", ct);

    /// <param name="filter">Of the list: status, kind, overdue ...; those without a value are left out.</param>
    /// <param name="sort">As the Api takes it.</param>
    /// <param name="page">From 1.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Page<QueuedPrize>>> GetQueueAsync(IReadOnlyDictionary<string, string?> filter, string sort, int page, CancellationToken ct) =>
        GetAsync<Page<QueuedPrize>>($"admin/fulfillments?per_page=25&page={page}&sort={Uri.EscapeDataString(sort)}{Filters(filter)}", ct);

    public Task<ApiResult<PrizeDetails>> GetQueuedAsync(Guid id, CancellationToken ct) => GetAsync<PrizeDetails>($"admin/fulfillments/{id}", ct);

    /// <param name="id">Of the prize.</param>
    /// <param name="step">ship, deliver, forfeit or return.</param>
    /// <param name="body">What the step needs.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<WonPrize>> MovePrizeAsync(Guid id, string step, object? body, CancellationToken ct) =>
        SendAsync<WonPrize>(HttpMethod.Post, $"admin/fulfillments/{id}/{step}", body, authorize: true, ct);

    public Task<ApiResult<BulkOutcome>> ShipManyAsync(IReadOnlyList<ShipItem> items, CancellationToken ct) =>
        SendAsync<BulkOutcome>(HttpMethod.Post, "admin/fulfillments/ship", new { items }, authorize: true, ct);

    public Task<ApiResult<BulkOutcome>> DeliverManyAsync(IReadOnlyList<Guid> ids, CancellationToken ct) =>
        SendAsync<BulkOutcome>(HttpMethod.Post, "admin/fulfillments/deliver", new { ids }, authorize: true, ct);

    private static string Filters(IReadOnlyDictionary<string, string?> filter) =>
        string.Concat(filter.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => $"&filter[{f.Key}]={Uri.EscapeDataString(f.Value!)}"));
}
