using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Api.Leaderboards;
using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Activities;

/// <param name="DisplayName">Null until the profile is complete.</param>
/// <param name="Today">The competition day that runs.</param>
/// <param name="Days">The last hundred that earned, newest first.</param>
/// <param name="Activities">The latest.</param>
/// <param name="Week">The running week of the caller's tier; null until the profile is complete.</param>
public sealed record HomeResponse(
    Guid Id, string? DisplayName, string? TierCode, DateOnly Today, PointsOverview Points, Streak Streak, IReadOnlyList<EarnedDay> Days, IReadOnlyList<ActivityItem> Activities,
    HomeBoard? Week);

/// <param name="Tier">The tier that competes.</param>
/// <param name="TotalMembers">Members with points in the period.</param>
/// <param name="Rank">The caller's; null without points.</param>
/// <param name="Rankings">The best five.</param>
public sealed record HomeBoard(string Tier, int TotalMembers, int? Rank, IReadOnlyList<LeaderboardRow> Rankings);

/// <summary>What a member sees first, in one answer: first pages are asked for most, and by everybody at once.</summary>
internal static class HomeEndpoints
{
    private const int Latest = 15;
    private const int Best = 5;

    public static void MapHome(this IEndpointRouteBuilder app) =>
        app.MapGet("/home", ShowAsync).WithTags("Accounts").RequireAuthorization().WithSummary("The caller's points, streak, last days, latest activities and place in the week");

    private static async Task<Ok<HomeResponse>> ShowAsync(
        ClaimsPrincipal user, MemberCards cards, PointsOverviews points, ActivitySummaries activities, BoardCache boards, CancellationToken ct)
    {
        var id = user.RequiredMemberId();
        var card = await cards.FindAsync(id, ct);
        var recent = await points.RecentAsync(id, ct);
        var latest = await activities.LatestAsync(id, Latest, ct);
        return TypedResults.Ok(new HomeResponse(
            id, card?.DisplayName, card?.TierCode, recent.Today, recent.Points, recent.Streak, recent.Days, [.. latest.Select(ActivityItem.Of)],
            card is null ? null : await WeekAsync(boards, id, card, ct)));
    }

    private static async Task<HomeBoard> WeekAsync(BoardCache boards, Guid member, MemberCard card, CancellationToken ct)
    {
        var board = await boards.GetAsync(boards.Current(PeriodKind.Weekly), card.TierCode, Best, ct);
        var place = await boards.PlaceOfAsync(board, member, ct);
        return new HomeBoard(board.Tier, board.Members, place.Rank, [.. board.Best.Take(Best).Select(b => RenderedBoard.Row(board, b, member, card.DisplayName))]);
    }
}
