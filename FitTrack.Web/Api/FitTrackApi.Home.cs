namespace FitTrack.Web.Api;

public sealed record Home(
    Guid Id, string? DisplayName, string? TierCode, DateOnly Today, Points Points, Streak Streak, IReadOnlyList<Day> Days, IReadOnlyList<Activity> Activities, HomeBoard? Week);

public sealed record HomeBoard(string Tier, int TotalMembers, int? Rank, IReadOnlyList<BoardRow> Rankings);

/// <summary>The member's first page.</summary>
internal sealed partial class FitTrackApi
{
    public Task<ApiResult<Home>> GetHomeAsync(CancellationToken ct) => GetAsync<Home>("home", ct);
}
