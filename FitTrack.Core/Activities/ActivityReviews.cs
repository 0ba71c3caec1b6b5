using System.Globalization;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Activities;

/// <summary>An administrator's word on a review.</summary>
/// <param name="ReviewId">Which one.</param>
/// <param name="AdminId">Who decides.</param>
/// <param name="Scores">Cleared, so that the activity scores; else rejected.</param>
/// <param name="Reason">Why; the member reads it.</param>
/// <param name="Clawback">Points that are spent already are taken back below zero; else such a correction is held.</param>
/// <param name="IpAddress">Of the administrator, for the audit log.</param>
public sealed record ReviewDecision(Guid ReviewId, Guid AdminId, bool Scores, string Reason, bool Clawback, string? IpAddress);

/// <summary>What became of a decision or an appeal.</summary>
public enum ReviewOutcome
{
    Done,
    NotFound,

    /// <summary>It was decided, or appealed against, already.</summary>
    NotNow,

    /// <summary>Something else changed at the same time; try again.</summary>
    LostRace,
}

/// <summary>Reviews of activities that crossed a soft limit: decided by an administrator, appealed against once by the member (domain section 3).</summary>
public sealed class ActivityReviews(FitTrackDbContext db, ActivityIngest ingest, AuditLog audit, TimeProvider clock)
{
    /// <summary>Decides a review and books what follows from it, with its audit entry.</summary>
    public Task<ReviewOutcome> DecideAsync(ReviewDecision decision, CancellationToken ct) => InTransactionAsync(async () =>
    {
        if (await db.Set<ActivityReview>().SingleOrDefaultAsync(r => r.Id == decision.ReviewId, ct) is not { } review)
            return ReviewOutcome.NotFound;
        if (!review.IsUndecided)
            return ReviewOutcome.NotNow;

        review.Decide(decision.Scores, decision.AdminId, decision.Reason, clock.Now());
        await db.SaveChangesAsync(ct);
        var key = string.Create(CultureInfo.InvariantCulture, $"review:{review.Id:N}:{review.Version}");
        await ingest.DecideAsync(review.UserId, review.ActivityId, days => days.Review(review.ActivityId, decision.Scores, key, decision.Clawback), ct);
        var after = $$"""{"status":"{{(decision.Scores ? "cleared" : "rejected")}}","activity":"{{review.ActivityId}}"}""";
        await audit.AppendAsync(new AuditRecord(decision.AdminId, "review.decide", "activity_review", review.Id.ToString(), null, after, decision.IpAddress), ct);
        return ReviewOutcome.Done;
    }, ct);

    /// <summary>The member's word against a rejection; the review waits for an administrator again.</summary>
    public Task<ReviewOutcome> AppealAsync(Guid userId, Guid activityId, string text, CancellationToken ct) => InTransactionAsync(async () =>
    {
        var review = await db.Set<ActivityReview>().Where(r => r.UserId == userId && r.ActivityId == activityId).OrderByDescending(r => r.OpenedAt).FirstOrDefaultAsync(ct);
        if (review is null)
            return ReviewOutcome.NotFound;
        if (!review.TryAppeal(text, clock.Now()))
            return ReviewOutcome.NotNow;
        await db.SaveChangesAsync(ct);
        return ReviewOutcome.Done;
    }, ct);

    /// <summary>Books the correction that a member's day holds back because its points were spent, below zero if need be.</summary>
    public Task<ReviewOutcome> ReleaseCorrectionAsync(Guid adminId, Guid userId, DateOnly day, string reason, string? ipAddress, CancellationToken ct) => InTransactionAsync(async () =>
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"release:{Guid.NewGuid():N}");
        if (!await ingest.ReleaseCorrectionAsync(userId, day, key, reason, ct))
            return ReviewOutcome.NotFound;
        var after = string.Create(CultureInfo.InvariantCulture, $$"""{"day":"{{day:yyyy-MM-dd}}","reference":"{{key}}"}""");
        await audit.AppendAsync(new AuditRecord(adminId, "points.clawback", "user", userId.ToString(), null, after, ipAddress), ct);
        return ReviewOutcome.Done;
    }, ct);

    private async Task<ReviewOutcome> InTransactionAsync(Func<Task<ReviewOutcome>> work, CancellationToken ct)
    {
        await using var own = await db.BeginOwnTransactionAsync(ct);
        try
        {
            var outcome = await work();
            if (outcome == ReviewOutcome.Done && own is not null)
                await own.CommitAsync(ct);
            return outcome;
        }
        catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
        {
            return ReviewOutcome.LostRace;
        }
    }
}
