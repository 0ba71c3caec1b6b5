using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Activities;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Activities;

/// <param name="DisplayName">Null until the profile is complete.</param>
/// <param name="Today">The competition day that runs.</param>
/// <param name="Days">The last hundred that earned, newest first.</param>
/// <param name="Activities">The latest.</param>
public sealed record HomeResponse(
    Guid Id, string? DisplayName, string? TierCode, DateOnly Today, PointsOverview Points, Streak Streak, IReadOnlyList<EarnedDay> Days, IReadOnlyList<ActivityItem> Activities);

/// <summary>What a member sees first, in one answer: first pages are asked for most, and by everybody at once.</summary>
internal static class HomeEndpoints
{
    private const int Latest = 15;

    public static void MapHome(this IEndpointRouteBuilder app) =>
        app.MapGet("/home", ShowAsync).WithTags("Accounts").RequireAuthorization().WithSummary("The caller's points, streak, last days and latest activities");

    private static async Task<Ok<HomeResponse>> ShowAsync(ClaimsPrincipal user, MemberCards cards, PointsOverviews points, ActivitySummaries activities, CancellationToken ct)
    {
        var id = user.RequiredMemberId();
        var card = await cards.FindAsync(id, ct);
        var recent = await points.RecentAsync(id, ct);
        var latest = await activities.LatestAsync(id, Latest, ct);
        return TypedResults.Ok(new HomeResponse(
            id, card?.DisplayName, card?.TierCode, recent.Today, recent.Points, recent.Streak, recent.Days, [.. latest.Select(ActivityItem.Of)]));
    }
}
