namespace FitTrack.Web.Api;

public sealed record Drawing(
    Guid Id, string Name, string Type, string Status, int TicketPrice, long TicketsSold, DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, string? ImageUrl, IReadOnlyList<Prize> Prizes);

public sealed record Prize(int Rank, string Name, string? Description, int Quantity, long ValueCents, string Kind, string? Sponsor);

public sealed record DrawingDetails(
    Guid Id, string Name, string? Description, string Type, string Status, int TicketPrice, long TicketsSold,
    DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt, DateTimeOffset? CompletedAt, string? CancelReason,
    IReadOnlyList<Prize> Prizes, DrawingOdds Odds, DrawingCommitment Commitment, DrawingLimits Limits, MyEntry? Mine, DrawingRules Rules);

public sealed record DrawingRules(int Version);

public sealed record DrawingOdds(long Tickets, int Mine, string? Now, IReadOnlyList<OddsAfter> AfterBuying);

public sealed record OddsAfter(int Quantity, string Odds);

public sealed record DrawingCommitment(string Kind, bool IsWeak, string? Chain, long? Round, string? Commitment, string? ManifestHash);

public sealed record DrawingLimits(int MaxTicketsPerPurchase, int MaxTicketsPerMember, int FreeEntriesPerMember);

public sealed record MyEntry(int PaidTickets, int FreeEntries, int TicketsLeft, int FreeEntriesLeft);

public sealed record DrawingResults(DateTimeOffset CompletedAt, long TicketsSold, IReadOnlyList<Winner> Winners, bool? Won);

public sealed record Winner(int Rank, string Prize, long ValueCents, int TicketNumber, string DisplayName);

public sealed record EntryReceipt(Guid DrawingId, int Quantity, long PointsSpent, long? Balance);

/// <param name="TicketsInDrawing">All of the member's tickets in this drawing.</param>
/// <param name="SpentInDrawing">Points, for all of them.</param>
public sealed record OwnTicket(
    Guid Id, Guid DrawingId, string DrawingName, string DrawingStatus, string Kind, int? Number, int PricePaid, DateTimeOffset PurchasedAt, string? Prize, bool IsWinner, int TicketsInDrawing, long SpentInDrawing);

/// <param name="Salt">Of the member's pseudonym, theirs alone to know; null until sales close.</param>
public sealed record OwnEntry(string? Salt);

/// <summary>Drawings, entering them, and the member's tickets.</summary>
internal sealed partial class FitTrackApi
{
    /// <summary>For first pages: the next few that are open, up to five seconds old.</summary>
    public Task<ApiResult<Page<Drawing>>> GetOpenDrawingsAsync(CancellationToken ct) =>
        GetSharedAsync<Page<Drawing>>("drawings?filter[status]=open&sort=draw_at&per_page=4", TimeSpan.FromSeconds(5), ct);

    /// <summary>As <see cref="GetOpenDrawingsAsync"/>: the one that was drawn last.</summary>
    public Task<ApiResult<Page<Drawing>>> GetLastDrawnAsync(CancellationToken ct) =>
        GetSharedAsync<Page<Drawing>>("drawings?filter[status]=completed&sort=-draw_at&per_page=1", TimeSpan.FromSeconds(5), ct);

    public Task<ApiResult<Page<Drawing>>> GetDrawingsAsync(string status, string sort, int count, CancellationToken ct, int page = 1) =>
        GetAsync<Page<Drawing>>($"drawings?filter[status]={Uri.EscapeDataString(status)}&sort={sort}&per_page={count}&page={page}", ct);

    public Task<ApiResult<DrawingDetails>> GetDrawingAsync(Guid id, CancellationToken ct) => GetAsync<DrawingDetails>($"drawings/{id}", ct);

    /// <summary>The member in a drawing; 404 for who is not in it.</summary>
    public Task<ApiResult<OwnEntry>> GetEntryAsync(Guid id, CancellationToken ct) => GetAsync<OwnEntry>($"drawings/{id}/entry", ct);

    public Task<ApiResult<DrawingResults>> GetResultsAsync(Guid id, CancellationToken ct) => GetAsync<DrawingResults>($"drawings/{id}/results", ct);

    /// <summary>The proof of a drawing that is completed: it never changes again.</summary>
    public Task<ApiResult<Proof>> GetProofAsync(Guid drawing, CancellationToken ct) => GetSharedAsync<Proof>($"drawings/{drawing}/proof", TimeSpan.FromMinutes(10), ct);

    /// <param name="id">Of the drawing.</param>
    /// <param name="quantity">How many tickets.</param>
    /// <param name="key">Of this purchase, however often its form is sent.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<EntryReceipt>> BuyAsync(Guid id, int quantity, int? rulesVersion, Guid key, CancellationToken ct) =>
        SendAsync<EntryReceipt>(HttpMethod.Post, $"drawings/{id}/tickets", new { quantity, rulesVersion }, authorize: true, ct, key.ToString());

    /// <inheritdoc cref="BuyAsync"/>
    public Task<ApiResult<EntryReceipt>> EnterFreeAsync(Guid id, int? rulesVersion, Guid key, CancellationToken ct) =>
        SendAsync<EntryReceipt>(HttpMethod.Post, $"drawings/{id}/free-entry", new { rulesVersion }, authorize: true, ct, key.ToString());

    /// <param name="status">Of their drawings; null for all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Page<OwnTicket>>> GetTicketsAsync(string? status, int page, CancellationToken ct) =>
        GetAsync<Page<OwnTicket>>($"tickets?per_page=50&page={page}{(status is null ? "" : $"&filter[status]={Uri.EscapeDataString(status)}")}", ct);
}
