using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;

namespace FitTrack.Web.Api;

/// <summary>Boards, tiers, and what members show of themselves.</summary>
internal sealed partial class FitTrackApi
{
    /// <param name="kind">daily, weekly, monthly or alltime.</param>
    /// <param name="query">Tier, period and page as the Api names them; empty values are left out.</param>
    /// <param name="ct">Cancels.</param>
    public Task<ApiResult<FullBoard>> GetBoardAsync(string kind, IEnumerable<KeyValuePair<string, string?>> query, CancellationToken ct) =>
        GetAsync<FullBoard>(With($"leaderboards/{Uri.EscapeDataString(kind)}", query), ct);

    public Task<ApiResult<TierList>> GetTiersAsync(CancellationToken ct) => GetAsync<TierList>("leaderboards/tiers", ct);

    public Task<ApiResult<PublicProfile>> GetPublicProfileAsync(Guid member, CancellationToken ct) => GetAsync<PublicProfile>($"users/{member}/public", ct);

    public Task<ApiResult<OwnBadges>> GetBadgesAsync(CancellationToken ct) => GetAsync<OwnBadges>("users/me/badges", ct);

    /// <summary>The Api's stream of a live board, of which only the headers have been read; the caller ends it.</summary>
    public async Task<HttpResponseMessage> ListenAsync(string kind, string tier, string? heard, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, With("/api/v1/leaderboards/live", [new("kind", kind), new("tier", tier)]));
        if (heard is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", heard);
        if (context.HttpContext is { } current && await current.GetTokenAsync("access_token") is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }
}

public sealed record FullBoard(
    string Period, DateOnly? Start, DateOnly? End, bool Final, string Tier, int TotalMembers, DateTimeOffset GeneratedAt,
    IReadOnlyList<BoardRow> Rankings, OwnRank Me, IReadOnlyList<BoardRow> Around);

public sealed record TierList(IReadOnlyList<TierItem> Items);

public sealed record TierItem(string Tier, int Members, decimal Multiplier);

public sealed record PublicProfile(Guid Id, string DisplayName, string? TierCode, long? TotalPoints, IReadOnlyList<MemberBadge>? Badges, Streak? Streak, int? Rank);

public sealed record MemberBadge(string Code, string Name, string Description, DateOnly? EarnedOn);

public sealed record Streak(int Days, int Weeks, int LongestWeeks, int Freezes);

public sealed record OwnBadges(Streak Streak, IReadOnlyList<MemberBadge> Badges);
