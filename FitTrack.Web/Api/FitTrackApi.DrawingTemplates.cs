namespace FitTrack.Web.Api;

/// <summary>What recurring drawings are made from.</summary>
/// <param name="DrawTime">By the clock on the wall in the competition's time zone.</param>
/// <param name="Day">Weekly: 1 (Monday) to 7; monthly and annual: 1 to 31.</param>
/// <param name="Month">1 to 12, of annual ones.</param>
public sealed record DrawingTemplate(
    Guid Id, string Name, string? Description, string? ImageUrl, string Type, string Entropy, TimeOnly DrawTime, int? Day, int? Month,
    int OpensMinutesBefore, int SalesCloseMinutesBefore, int CreateDaysAhead, bool IsActive,
    int TicketPrice, DrawingLimits Limits, int Alternates, DrawingEligibility Eligibility, IReadOnlyList<AdminPrize> Prizes) : IDrawingTerms;

public sealed record NewTemplate(
    string? Name, string? Description, string? ImageUrl, string? Type, string? Entropy, TimeOnly? DrawTime, int? Day, int? Month,
    int? OpensMinutesBefore, int? SalesCloseMinutesBefore, int? CreateDaysAhead, bool IsActive,
    int? TicketPrice, int? MaxTicketsPerPurchase, int? MaxTicketsPerMember, int? FreeEntriesPerMember, int? Alternates, DrawingEligibility Eligibility, IReadOnlyList<NewPrize> Prizes);

internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Page<DrawingTemplate>>> GetTemplatesAsync(int page, CancellationToken ct) => GetAsync<Page<DrawingTemplate>>($"admin/drawing-templates?per_page=50&page={page}", ct);

    public Task<ApiResult<DrawingTemplate>> GetTemplateAsync(Guid id, CancellationToken ct) => GetAsync<DrawingTemplate>($"admin/drawing-templates/{id}", ct);

    /// <param name="id">Null for a new one.</param>
    /// <param name="template">All of it.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<DrawingTemplate>> SaveTemplateAsync(Guid? id, NewTemplate template, CancellationToken ct) =>
        SendAsync<DrawingTemplate>(id is null ? HttpMethod.Post : HttpMethod.Put, id is null ? "admin/drawing-templates" : $"admin/drawing-templates/{id}", template, authorize: true, ct);

    public Task<ApiResult<object>> DeleteTemplateAsync(Guid id, CancellationToken ct) => SendAsync<object>(HttpMethod.Delete, $"admin/drawing-templates/{id}", body: null, authorize: true, ct);
}
