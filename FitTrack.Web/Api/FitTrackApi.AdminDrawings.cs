namespace FitTrack.Web.Api;

public sealed record RulesOfDrawing(Guid DrawingId, string Drawing, int Version, string Text, string Sha256);

public sealed record RulesItem(int Version, DateTimeOffset PublishedAt);

public sealed record RulesVersion(int Version, string Text, DateTimeOffset PublishedAt);

/// <summary>What a drawing and a template have in common.</summary>
public interface IDrawingTerms
{
    string Name { get; }

    string? Description { get; }

    string? ImageUrl { get; }

    string Type { get; }

    string Entropy { get; }

    int TicketPrice { get; }

    DrawingLimits Limits { get; }

    int Alternates { get; }

    DrawingEligibility Eligibility { get; }

    IReadOnlyList<AdminPrize> Prizes { get; }
}

/// <param name="Round">Of the public beacon, once scheduled.</param>
public sealed record AdminDrawing(
    Guid Id, string Name, string? Description, string Type, string Status, string Entropy, long? Round, DateTimeOffset OpensAt, DateTimeOffset SalesCloseAt, DateTimeOffset DrawAt,
    int TicketPrice, DrawingLimits Limits, DrawingEligibility Eligibility, int Alternates, int RulesVersion, long TicketsSold, string? HeldUpBy, string? CancelReason, string? ImageUrl,
    IReadOnlyList<AdminPrize> Prizes) : IDrawingTerms;

public sealed record DrawingEligibility(string? UserType, int? MinAccountAgeDays, int? MinAge);

public sealed record AdminPrize(int Rank, string Name, string? Description, int Quantity, long ValueCents, string Kind, Guid? SponsorId, string? ImageUrl);

public sealed record NewDrawing(
    string? Name, string? Description, string? ImageUrl, string? Type, string? Entropy, DateTimeOffset? OpensAt, DateTimeOffset? SalesCloseAt, DateTimeOffset? DrawAt,
    int? TicketPrice, int? MaxTicketsPerPurchase, int? MaxTicketsPerMember, int? FreeEntriesPerMember, int? Alternates, DrawingEligibility Eligibility, IReadOnlyList<NewPrize> Prizes);

/// <param name="Codes">Null leaves an unchanged prize those it has.</param>
public sealed record NewPrize(int Rank, string? Name, string? Description, int? Quantity, long? ValueCents, string? Kind, Guid? SponsorId, string? ImageUrl, IReadOnlyList<string>? Codes);

/// <param name="Level"><c>below</c>, <c>near</c> (80 %) or <c>reached</c>.</param>
public sealed record YearOfPrizes(int Year, long ValueCents, long ThresholdCents, string Level);

public sealed record Sponsor(Guid Id, string Name, string? ContactEmail, string? WebsiteUrl, string? LogoUrl, string? Notes);

public sealed record SponsorDetails(string? Name, string? ContactEmail, string? WebsiteUrl, string? LogoUrl, string? Notes);

/// <summary>Drawings and sponsors as administrators handle them, and the official rules as everybody reads them.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<RulesOfDrawing>> GetRulesAsync(Guid drawing, CancellationToken ct) => GetAsync<RulesOfDrawing>($"drawings/{drawing}/rules", ct);

    public Task<ApiResult<Page<RulesItem>>> GetRulesVersionsAsync(int page, CancellationToken ct) => GetAsync<Page<RulesItem>>($"drawings/rules?per_page=50&page={page}", ct);

    /// <param name="version">Null for the newest.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ApiResult<RulesVersion>> GetRulesVersionAsync(int? version, CancellationToken ct)
    {
        if (version is null)
        {
            var newest = await GetAsync<Page<RulesItem>>("drawings/rules?per_page=1", ct);
            if (newest.Value is not { } page) return new ApiResult<RulesVersion>(newest.Status, null, newest.Problem);
            version = page.Items[0].Version;
        }

        return await GetAsync<RulesVersion>($"drawings/rules/{version}", ct);
    }

    public Task<ApiResult<RulesVersion>> PublishRulesAsync(string? text, int? replaces, CancellationToken ct) =>
        SendAsync<RulesVersion>(HttpMethod.Post, "admin/drawings/rules", new { text, replaces }, authorize: true, ct);

    public Task<ApiResult<Page<AdminDrawing>>> GetAdminDrawingsAsync(string? status, int page, CancellationToken ct) =>
        GetAsync<Page<AdminDrawing>>($"admin/drawings?per_page=25&page={page}{Filters(new Dictionary<string, string?>(StringComparer.Ordinal) { ["status"] = status })}", ct);

    public Task<ApiResult<AdminDrawing>> GetAdminDrawingAsync(Guid id, CancellationToken ct) => GetAsync<AdminDrawing>($"admin/drawings/{id}", ct);

    /// <param name="id">Null for a new one.</param>
    /// <param name="drawing">All of it.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<AdminDrawing>> SaveDrawingAsync(Guid? id, NewDrawing drawing, CancellationToken ct) =>
        SendAsync<AdminDrawing>(id is null ? HttpMethod.Post : HttpMethod.Put, id is null ? "admin/drawings" : $"admin/drawings/{id}", drawing, authorize: true, ct);

    /// <param name="id">Of the drawing.</param>
    /// <param name="step">schedule, open, close, execute or cancel.</param>
    /// <param name="body">What the step needs.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<AdminDrawing>> StepDrawingAsync(Guid id, string step, object? body, CancellationToken ct) =>
        SendAsync<AdminDrawing>(HttpMethod.Post, $"admin/drawings/{id}/{step}", body, authorize: true, ct);

    public Task<ApiResult<YearOfPrizes>> GetPrizeValueAsync(CancellationToken ct) => GetAsync<YearOfPrizes>("admin/drawings/prize-value", ct);

    public Task<ApiResult<Page<Sponsor>>> GetSponsorsAsync(int page, CancellationToken ct) => GetAsync<Page<Sponsor>>($"admin/sponsors?per_page=50&page={page}", ct);

    public Task<ApiResult<Sponsor>> GetSponsorAsync(Guid id, CancellationToken ct) => GetAsync<Sponsor>($"admin/sponsors/{id}", ct);

    /// <param name="id">Null for a new one.</param>
    /// <param name="details">All of them.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Sponsor>> SaveSponsorAsync(Guid? id, SponsorDetails details, CancellationToken ct) =>
        SendAsync<Sponsor>(id is null ? HttpMethod.Post : HttpMethod.Put, id is null ? "admin/sponsors" : $"admin/sponsors/{id}", details, authorize: true, ct);

    public Task<ApiResult<object>> DeleteSponsorAsync(Guid id, CancellationToken ct) => SendAsync<object>(HttpMethod.Delete, $"admin/sponsors/{id}", body: null, authorize: true, ct);
}
