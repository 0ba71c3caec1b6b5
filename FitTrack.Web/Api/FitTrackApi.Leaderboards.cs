using FitTrack.Web.Components.Leaderboards;

namespace FitTrack.Web.Api;

/// <summary>Boards, tiers, and what members show of themselves.</summary>
internal sealed partial class FitTrackApi
{
    /// <param name="kind">daily, weekly, monthly or alltime.</param>
    /// <param name="query">Tier, period and page as the Api names them; empty values are left out.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<FullBoard>> GetBoardAsync(string kind, IEnumerable<KeyValuePair<string, string?>> query, CancellationToken ct) =>
        GetAsync<FullBoard>(With($"leaderboards/{Uri.EscapeDataString(kind)}", query), ct);

    public Task<ApiResult<TierList>> GetTiersAsync(CancellationToken ct) => GetSharedAsync<TierList>("leaderboards/tiers", TimeSpan.FromSeconds(5), ct);

    public Task<ApiResult<PublicProfile>> GetPublicProfileAsync(Guid member, CancellationToken ct) => GetAsync<PublicProfile>($"users/{member}/public", ct);

    public Task<ApiResult<OwnBadges>> GetBadgesAsync(CancellationToken ct) => GetAsync<OwnBadges>("users/me/badges", ct);
}

public sealed record FullBoard(
    string Period, DateOnly? Start, DateOnly? End, bool Ended, bool Final, string Tier, int TotalMembers, DateTimeOffset GeneratedAt,
    SharedRows Rankings, OwnRank Me, IReadOnlyList<BoardRow> Around);

public sealed record TierList(IReadOnlyList<TierItem> Items);

public sealed record TierItem(string Tier, int Members, decimal Multiplier);

public sealed record PublicProfile(Guid Id, string DisplayName, string? TierCode, long? TotalPoints, IReadOnlyList<MemberBadge>? Badges, Streak? Streak, int? Rank);

public sealed record MemberBadge(string Code, string Name, string Description, DateOnly? EarnedOn);

public sealed record Streak(int Days, int Weeks, int LongestWeeks, int Freezes);

public sealed record OwnBadges(Streak Streak, IReadOnlyList<MemberBadge> Badges);
