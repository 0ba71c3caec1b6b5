using Microsoft.AspNetCore.WebUtilities;

namespace FitTrack.Web.Api;

/// <summary>What administrators read and decide.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<SystemSummary>> GetSystemSummaryAsync(CancellationToken ct) => GetAsync<SystemSummary>("reports/summary", ct);

    public Task<ApiResult<IntegrityReport>> CheckIntegrityAsync(CancellationToken ct) => GetAsync<IntegrityReport>("reports/integrity", ct);

    /// <param name="query">Days and rates to try, as the report names them; empty values are left out.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<FairnessReport>> GetFairnessAsync(IEnumerable<KeyValuePair<string, string?>> query, CancellationToken ct) =>
        GetAsync<FairnessReport>(With("reports/fairness", query), ct);

    public Task<ApiResult<Jobs>> GetJobsAsync(CancellationToken ct) => GetAsync<Jobs>("admin/jobs", ct);

    public Task<ApiResult<object>> ClearBoardsAsync(CancellationToken ct) => SendAsync<object>(HttpMethod.Post, "admin/leaderboards/clear", new { }, authorize: true, ct);

    /// <summary>How many there are in an administrator's list.</summary>
    /// <param name="list">Its path below <c>admin/</c>, with its filters.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<long?> CountAsync(string list, CancellationToken ct) =>
        (await GetAsync<Page<object>>($"admin/{list}{(list.Contains('?', StringComparison.Ordinal) ? '&' : '?')}per_page=1", ct)).Value?.Pagination.Total;

    public Task<ApiResult<Page<MemberRow>>> GetMembersAsync(IEnumerable<KeyValuePair<string, string?>> query, CancellationToken ct) =>
        GetAsync<Page<MemberRow>>(With("admin/users", query), ct);

    public Task<ApiResult<MemberAccount>> GetMemberAsync(Guid id, CancellationToken ct) => GetAsync<MemberAccount>($"admin/users/{id}", ct);

    /// <param name="id">Whose account.</param>
    /// <param name="role">Its new role.</param>
    /// <param name="status">Its new status.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<MemberAccount>> ChangeMemberAsync(Guid id, string? role, string? status, CancellationToken ct) =>
        SendAsync<MemberAccount>(HttpMethod.Put, $"admin/users/{id}", new { role, status }, authorize: true, ct);

    public Task<ApiResult<object>> CloseMemberAsync(Guid id, CancellationToken ct) => SendAsync<object>(HttpMethod.Delete, $"admin/users/{id}", body: null, authorize: true, ct);

    /// <param name="userId">Whose balance.</param>
    /// <param name="points">Signed.</param>
    /// <param name="reason">The member reads it.</param>
    /// <param name="clawback">Lets the balance go below zero.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<object>> AdjustPointsAsync(Guid userId, long points, string? reason, bool clawback, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, "admin/points/adjust", new { userId, points, reason, clawback }, authorize: true, ct);

    public Task<ApiResult<Page<Review>>> GetReviewsAsync(string status, int page, CancellationToken ct) =>
        GetAsync<Page<Review>>($"admin/reviews?filter[status]={status}&page={page}", ct);

    public Task<ApiResult<object>> DecideReviewAsync(Guid id, string? decision, string? reason, bool clawback, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, $"admin/reviews/{id}/decision", new { decision, reason, clawback }, authorize: true, ct);

    public Task<ApiResult<Page<HeldCorrection>>> GetHeldCorrectionsAsync(CancellationToken ct) => GetAsync<Page<HeldCorrection>>("admin/reviews/corrections?per_page=50", ct);

    public Task<ApiResult<object>> ReleaseCorrectionAsync(HeldCorrection held, string? reason, CancellationToken ct) =>
        SendAsync<object>(HttpMethod.Post, $"admin/reviews/corrections/{held.UserId}/{held.Day:yyyy-MM-dd}/release", new { reason }, authorize: true, ct);

    public Task<ApiResult<Page<AuditItem>>> GetAuditAsync(IEnumerable<KeyValuePair<string, string?>> query, CancellationToken ct) =>
        GetAsync<Page<AuditItem>>(With("admin/audit", query), ct);

    private static string With(string path, IEnumerable<KeyValuePair<string, string?>> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => !string.IsNullOrWhiteSpace(p.Value)).Select(p => new KeyValuePair<string, string?>(p.Key, p.Value!.Trim())));
}
