using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Accounts;

/// <summary>What members show to each other. A part that its owner does not show is null.</summary>
/// <param name="Id">Whose.</param>
/// <param name="DisplayName">Always shown.</param>
/// <param name="TierCode">Where they compete.</param>
/// <param name="TotalPoints">Ever earned; null also where fewer than five members compete with them.</param>
/// <param name="Badges">The newest first.</param>
/// <param name="Streak">Shown where the badges are.</param>
/// <param name="Rank">On the all-time board of their tier; null without points.</param>
public sealed record PublicProfile(Guid Id, string DisplayName, string? TierCode, long? TotalPoints, IReadOnlyList<MemberBadge>? Badges, Streak? Streak, int? Rank);

/// <param name="Streak">How long the caller has kept going.</param>
/// <param name="Badges">Every badge there is; those without a day are yet to be earned.</param>
public sealed record OwnBadges(Streak Streak, IReadOnlyList<MemberBadge> Badges);

internal static class PublicProfileEndpoints
{
    public static void MapPublicProfiles(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/users").WithTags("Accounts").RequireAuthorization();
        users.MapGet("/{id:guid}/public", ShowAsync).WithSummary("What a member shows to others; 404 for members who hide");
        users.MapGet("/me/badges", ShowOwnAsync).WithSummary("The caller's streak and all badges, earned or not");
    }

    private static async Task<Ok<OwnBadges>> ShowOwnAsync(ClaimsPrincipal user, PointsOverviews points, MemberBadges badges, CancellationToken ct)
    {
        var me = user.RequiredMemberId();
        return TypedResults.Ok(new OwnBadges(await points.StreakAsync(me, ct), await badges.AllOfAsync(me, ct)));
    }

    private static async Task<Results<Ok<PublicProfile>, NotFoundProblem>> ShowAsync(
        Guid id, ClaimsPrincipal user, MemberDirectory members, PointsOverviews points, MemberBadges badges, BoardCache boards, CancellationToken ct)
    {
        if (await members.FindPublicAsync(id, user.RequiredMemberId(), ct) is not { } member)
            return Problems.NotFound("There is no such member.");
        var shown = member.Shown;
        var board = await boards.GetAsync(boards.Current(PeriodKind.Alltime), member.TierCode, ranks: 1, ct);
        return TypedResults.Ok(new PublicProfile(
            id,
            member.DisplayName,
            shown.Tier ? member.TierCode : null,
            shown.Points && board.ShowsPoints ? (await points.OfAsync(id, ct)).EarnedTotal : null,
            shown.Badges ? await badges.OfAsync(id, ct) : null,
            shown.Badges ? await points.StreakAsync(id, ct) : null,
            shown.Rank ? (await boards.PlaceOfAsync(board, id, ct)).Rank : null));
    }
}
