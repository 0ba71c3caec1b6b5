namespace FitTrack.Web.Api;

public sealed record AccountChange(string? State, ProfileChange Profile);

public sealed record ProfileChange(string DisplayName, string? BiologicalSex, string FitnessLevel, string? TimeZone, bool OpenTierOptIn, string Visibility, ShownParts? Shown);

public sealed record Limits(int? WeeklySpendingLimit, int? PendingSpendingLimit, DateTimeOffset? PendingFrom, DateTimeOffset? CoolOffUntil, bool SelfExcluded, DateTimeOffset? SelfExcludedUntil);

/// <summary>What members decide about themselves.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Me>> ChangeAccountAsync(AccountChange change, CancellationToken ct) => SendAsync<Me>(HttpMethod.Put, "users/me", change, authorize: true, ct);

    public Task<ApiResult<Limits>> GetLimitsAsync(CancellationToken ct) => GetAsync<Limits>("users/me/limits", ct);

    /// <param name="weekly">Points a week; null for no limit.</param>
    /// <param name="coolOffUntil">Begins or prolongs a pause; null leaves it.</param>
    /// <param name="exclude">Excludes until <paramref name="excludeUntil"/>, or for good.</param>
    /// <param name="excludeUntil">Null for good.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<Limits>> ChangeLimitsAsync(int? weekly, DateTimeOffset? coolOffUntil, bool exclude, DateTimeOffset? excludeUntil, CancellationToken ct) =>
        SendAsync<Limits>(HttpMethod.Put, "users/me/limits", new { weeklySpendingLimit = weekly, coolOffUntil, selfExclusion = exclude ? new { until = excludeUntil } : null }, authorize: true, ct);

    /// <summary>The answer's link leads to the export, for which the member can no longer sign in.</summary>
    public Task<ApiResult<object>> CloseAccountAsync(CancellationToken ct) => SendAsync<object>(HttpMethod.Delete, "users/me", body: null, authorize: true, ct);
}
