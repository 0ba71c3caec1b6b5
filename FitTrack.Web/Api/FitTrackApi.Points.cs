namespace FitTrack.Web.Api;

public sealed record Transaction(Guid Id, long Seq, string Type, long Amount, long BalanceAfter, DateOnly? EarnedOn, string Reason, TransactionReference Reference, string? RateVersion, DateTimeOffset CreatedAt);

public sealed record TransactionReference(string Kind, string Id);

public sealed record DayList(IReadOnlyList<Day> Items);

public sealed record Day([property: System.Text.Json.Serialization.JsonPropertyName("day")] DateOnly Date, string TierCode, long Steps, long ActiveMinutes, long Points);

/// <summary>Points: the ledger and the days.</summary>
internal sealed partial class FitTrackApi
{
    /// <param name="type">earn, spend, adjust or refund; null for all.</param>
    /// <param name="from">First day, in UTC.</param>
    /// <param name="to">Last day, in UTC.</param>
    /// <param name="page">From 1.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Page<Transaction>>> GetTransactionsAsync(string? type, DateOnly? from, DateOnly? to, int page, CancellationToken ct)
    {
        var filters = (type is null ? "" : $"&filter[type]={Uri.EscapeDataString(type)}")
            + (from is null ? "" : $"&filter[start_date]={from:yyyy-MM-dd}T00:00:00Z") + (to is null || to == DateOnly.MaxValue ? "" : $"&filter[end_date]={to.Value.AddDays(1):yyyy-MM-dd}T00:00:00Z");
        return GetAsync<Page<Transaction>>($"points/transactions?per_page=30&page={page}{filters}", ct);
    }

    public Task<ApiResult<DayList>> GetDaysAsync(CancellationToken ct) => GetAsync<DayList>("points/days", ct);
}
