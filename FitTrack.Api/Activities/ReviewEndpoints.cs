using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Activities;

/// <summary>A review, as the member and administrators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ActivityId">What is reviewed.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Rule">The limit that was crossed, <c>tier_z_score</c>.</param>
/// <param name="Evidence">The numbers that crossed it.</param>
/// <param name="Status"><c>open</c>, <c>cleared</c>, <c>rejected</c> or <c>appealed</c>.</param>
/// <param name="OpenedAt">When.</param>
/// <param name="DecidedAt">Last decided.</param>
/// <param name="Reason">The administrator's.</param>
/// <param name="Appeal">The member's word against a rejection.</param>
/// <param name="AppealedAt">When.</param>
public sealed record ReviewView(
    Guid Id, Guid ActivityId, Guid UserId, string Rule, JsonElement Evidence, ReviewStatus Status, DateTimeOffset OpenedAt, DateTimeOffset? DecidedAt, string? Reason, string? Appeal, DateTimeOffset? AppealedAt)
{
    internal static ReviewView Of(ActivityReview r) => new(
        r.Id, r.ActivityId, r.UserId, r.Rule, JsonElement.Parse(r.Evidence), r.Status, r.OpenedAt, r.DecidedAt, r.DecisionReason, r.Appeal, r.AppealedAt);
}

/// <summary>What an administrator finds.</summary>
public enum ReviewVerdict
{
    Clear,
    Reject,
}

/// <param name="Decision"><c>clear</c> or <c>reject</c>.</param>
/// <param name="Reason">Why; the member reads it.</param>
/// <param name="Clawback">Takes back points that were spent already, below zero if need be.</param>
public sealed record ReviewDecisionRequest(
    [property: Required] ReviewVerdict? Decision,
    [property: Required, StringLength(500, MinimumLength = 3)] string? Reason,
    bool? Clawback);

/// <param name="Text">The member's word.</param>
public sealed record AppealRequest([property: Required, StringLength(1000, MinimumLength = 3)] string? Text);

/// <param name="Reason">Why the member's balance is taken below zero; the member reads it.</param>
public sealed record ReleaseRequest([property: Required, StringLength(200, MinimumLength = 3)] string? Reason);

/// <summary>A correction that waits because its points were spent.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Day">The competition day.</param>
/// <param name="Points">What the day is worth less than it earned, below zero.</param>
/// <param name="UpdatedAt">Since when.</param>
public sealed record HeldCorrection(Guid UserId, DateOnly Day, int Points, DateTimeOffset UpdatedAt);

/// <summary>Plausibility reviews and held corrections, for administrators; the member's appeal stands with the activity.</summary>
internal static class ReviewEndpoints
{
    private static readonly ListSpec<ActivityReview> Reviews = new ListSpec<ActivityReview>(r => r.Id)
        .Sort("opened_at", r => r.OpenedAt)
        .Filter("status", r => r.Status)
        .Filter("user_id", r => r.UserId)
        .DefaultSort("opened_at");

    private static readonly ListSpec<PointDay> Corrections = new ListSpec<PointDay>(d => d.UserId)
        .Sort("updated_at", d => d.UpdatedAt)
        .Sort("day", d => d.CompetitionDay)
        .Filter("user_id", d => d.UserId)
        .DefaultSort("updated_at");

    public static void MapReviews(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/reviews").WithTags("Administration").RequireAdmin();
        group.MapGet("", ListAsync).WithList(Reviews).WithSummary("Activities that crossed a soft limit of plausibility, oldest first");
        group.MapPost("/{id:guid}/decision", DecideAsync).WithSummary("Clears or rejects an activity, with a reason");
        group.MapGet("/corrections", CorrectionsAsync).WithList(Corrections).WithSummary("Corrections held back because the points were spent");
        group.MapPost("/corrections/{userId:guid}/{day}/release", ReleaseAsync).WithSummary("Books a held correction, below zero if need be");
    }

    private static Task<Results<PageResult<ReviewView>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
        Reviews.PageAsync(list, db.Set<ActivityReview>().AsNoTracking(), r => ReviewView.Of(r), ct);

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem>> DecideAsync(
        Guid id, ReviewDecisionRequest request, ClaimsPrincipal user, HttpContext context, ActivityReviews reviews, CancellationToken ct)
    {
        var decision = new ReviewDecision(
            id, user.RequiredMemberId(), request.Decision == ReviewVerdict.Clear, request.Reason!.Trim(), request.Clawback ?? false, context.Connection.RemoteIpAddress?.ToString());
        return Answer(await reviews.DecideAsync(decision, ct), "There is no such review.", "The review is decided already.");
    }

    private static Task<Results<PageResult<HeldCorrection>, InvalidProblem>> CorrectionsAsync(ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
        Corrections.PageAsync(list, db.Set<PointDay>().AsNoTracking().Where(d => d.HeldCorrection != 0), d => new HeldCorrection(d.UserId, d.CompetitionDay, d.HeldCorrection, d.UpdatedAt), ct);

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem>> ReleaseAsync(
        Guid userId, DateOnly day, ReleaseRequest request, ClaimsPrincipal user, HttpContext context, ActivityReviews reviews, CancellationToken ct) =>
        Answer(
            await reviews.ReleaseCorrectionAsync(user.RequiredMemberId(), userId, day, request.Reason!.Trim(), context.Connection.RemoteIpAddress?.ToString(), ct),
            "That day holds no correction back.", "");

    internal static Results<NoContent, NotFoundProblem, ConflictProblem> Answer(ReviewOutcome outcome, string notFound, string notNow) => outcome switch
    {
        ReviewOutcome.Done => TypedResults.NoContent(),
        ReviewOutcome.NotFound => Problems.NotFound(notFound),
        ReviewOutcome.NotNow => Problems.Conflict(notNow),
        _ => Problems.Conflict("Something else changed at the same time. Try again."),
    };
}
