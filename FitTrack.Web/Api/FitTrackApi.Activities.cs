using System.Globalization;
using System.Text.Json;

namespace FitTrack.Web.Api;

public sealed record LoggedActivity(
    Guid Id, string ActivityType, string? Sport, string? Title, string Source, string Provenance, string Status, string? Explanation, Guid? DuplicateOf, bool Hidden,
    DateTimeOffset StartedAt, DateOnly Day, int DurationSeconds, string? Intensity, int? Steps, double? DistanceMeters, double? AverageHeartRate, int PointsEarned);

public sealed record ActivityDetail(LoggedActivity Activity, JsonElement? Metrics, ActivityReview? Review);

public sealed record ActivityReview(string Rule, string Status, string? Reason, string? Appeal);

public sealed record Receipt(string Formula, IReadOnlyList<ReceiptVersion> Versions);

public sealed record ReceiptVersion(int Version, string Kind, string? Explanation, int PointsChange, string? TierCode, ReceiptRates? Rates, ReceiptSum? Before, ReceiptSum? After, string? Note, DateTimeOffset CreatedAt);

public sealed record ReceiptRates(string Version, decimal Multiplier);

public sealed record ReceiptSum(long LightSeconds, long ModerateSeconds, long VigorousSeconds, long Steps, int Bonuses, int Points);

/// <summary>The log: what members did, what it earned and why.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Page<LoggedActivity>>> GetLogAsync(string? type, DateOnly? from, DateOnly? to, bool hidden, int page, CancellationToken ct)
    {
        var query = new QueryString($"?page={page}&per_page=20");
        if (!string.IsNullOrEmpty(type))
            query = query.Add("filter[activity_type]", type);
        if (from is { } first)
            query = query.Add("filter[start_date]", first.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (to is { } last)
            query = query.Add("filter[end_date]", last.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return GetAsync<Page<LoggedActivity>>("activities" + (hidden ? query.Add("filter[hidden]", "true") : query), ct);
    }

    public Task<ApiResult<ActivityDetail>> GetActivityAsync(Guid id, CancellationToken ct) => GetAsync<ActivityDetail>($"activities/{id}", ct);

    public Task<ApiResult<Receipt>> GetReceiptAsync(Guid id, CancellationToken ct) => GetAsync<Receipt>($"activities/{id}/receipt", ct);

    public Task<ApiResult<object>> HideActivityAsync(Guid id, bool hidden, CancellationToken ct) => SendAsync<object>(HttpMethod.Patch, $"activities/{id}", new { hidden }, authorize: true, ct);

    public Task<ApiResult<object>> PairActivityAsync(Guid id, bool paired, CancellationToken ct) => SendAsync<object>(HttpMethod.Put, $"activities/{id}/pairing", new { paired }, authorize: true, ct);

    public Task<ApiResult<object>> AppealAsync(Guid id, string text, CancellationToken ct) => SendAsync<object>(HttpMethod.Post, $"activities/{id}/appeal", new { text }, authorize: true, ct);
}
