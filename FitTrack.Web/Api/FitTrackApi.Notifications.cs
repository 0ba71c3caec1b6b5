namespace FitTrack.Web.Api;

public sealed record NoticeItem(Guid Id, string Category, string Title, string Body, string? Link, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);

public sealed record NoticeChoices(IReadOnlyList<NoticeChoice> Items);

public sealed record NoticeChoice(string Category, bool InApp, bool Email, bool CanSkipMail);

/// <summary>Notices, and what reaches the member how.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Page<NoticeItem>>> GetNoticesAsync(string? category, int page, CancellationToken ct) =>
        GetAsync<Page<NoticeItem>>($"notifications?per_page=30&page={page}{(category is null ? "" : $"&filter[category]={Uri.EscapeDataString(category)}")}", ct);

    public Task<ApiResult<object>> ReadNoticesAsync(CancellationToken ct) => SendAsync<object>(HttpMethod.Post, "notifications/read", new { }, authorize: true, ct);

    public Task<ApiResult<NoticeChoices>> GetNoticeChoicesAsync(CancellationToken ct) => GetAsync<NoticeChoices>("notifications/choices", ct);

    public Task<ApiResult<NoticeChoices>> ChooseNoticesAsync(IEnumerable<NoticeChoice> choices, CancellationToken ct) =>
        SendAsync<NoticeChoices>(HttpMethod.Put, "notifications/choices", new { items = choices.Select(c => new { c.Category, c.InApp, c.Email }) }, authorize: true, ct);
}
