using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Trackers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Activities;

internal static class ActivityEndpoints
{
    private static readonly ListSpec<Activity> Own = Spec();
    private static readonly ListSpec<Activity> All = Spec().Filter("user_id", a => a.UserId);

    public static RouteGroupBuilder MapActivities(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/activities").WithTags("Activities").RequireAuthorization();
        group.MapGet("", ListAsync).WithList(All).WithSummary("The caller's activities; administrators see everybody's");
        group.MapGet("/summary", SummaryAsync).WithSummary("Today with what is left to the cap, this week, this month");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("One activity with its metrics");
        group.MapGet("/{id:guid}/receipt", ReceiptAsync).WithSummary("How its points came about");
        group.MapPost("", AddAsync).Idempotent().WithSummary("Types a workout in; it earns no points");
        group.MapPatch("/{id:guid}", ChangeAsync).WithSummary("Edits an own entry, or hides any activity");
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Deletes an own entry");
        group.MapPut("/{id:guid}/pairing", PairAsync).WithSummary("Says whether a workout that two trackers saw is one; only one of them scores either way");
        group.MapPost("/{id:guid}/appeal", AppealAsync).WithSummary("Appeals, once, against a rejection after a review");
        return group;
    }

    private static ListSpec<Activity> Spec() => new ListSpec<Activity>(a => a.Id)
        .Sort("started_at", a => a.StartedAt)
        .Sort("created_at", a => a.CreatedAt)
        .Sort("points_earned", a => a.Points)
        .Sort("duration_seconds", a => a.LengthSeconds)
        .Filter("activity_type", a => a.Kind)
        .Filter("sport", a => a.Sport!)
        .Filter("source", a => a.Source)
        .Filter("status", a => a.Status)
        .Span((DateOnly from) => a => a.CompetitionDay >= from, to => a => a.CompetitionDay <= to)
        .Filter("hidden", (bool hidden) => a => a.HiddenAt != null == hidden)
        .DefaultSort("-started_at");

    private static Task<Results<PageResult<ActivityItem>, InvalidProblem>> ListAsync(
        ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, IOptions<TrackerOptions> trackers, HttpRequest request, CancellationToken ct)
    {
        var isAdmin = user.IsInRole("admin");
        var visible = Visible(db, user, trackers.Value);
        // What was taken out of the log is shown to those who ask for it.
        if (!request.Query.ContainsKey("filter[hidden]"))
            visible = visible.Where(a => a.HiddenAt == null);
        return (isAdmin ? All : Own).PageAsync(list, visible, a => ActivityItem.Of(a), ct);
    }

    private static async Task<Results<TaggedResult<ActivityDetail>, NotFoundProblem>> ShowAsync(
        Guid id, ClaimsPrincipal user, FitTrackDbContext db, IOptions<TrackerOptions> trackers, CancellationToken ct) =>
        await Visible(db, user, trackers.Value).SingleOrDefaultAsync(a => a.Id == id, ct) is { } activity
            ? Tagged.Ok(ActivityDetail.Of(activity, await ReviewOfAsync(db, id, ct)), EntityTag.Of(activity.UpdatedAt))
            : Problems.NotFound("There is no such activity.");

    private static Task<ActivityReview?> ReviewOfAsync(FitTrackDbContext db, Guid id, CancellationToken ct) =>
        db.Set<ActivityReview>().AsNoTracking().Where(r => r.ActivityId == id).OrderByDescending(r => r.OpenedAt).FirstOrDefaultAsync(ct);

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem>> PairAsync(Guid id, PairingRequest request, ClaimsPrincipal user, ActivityPairing pairing, CancellationToken ct) =>
        await pairing.SetAsync(user.RequiredMemberId(), id, request.Paired!.Value, ct) switch
        {
            PairingOutcome.Done => TypedResults.NoContent(),
            PairingOutcome.NoSuchActivity => Problems.NotFound("There is no such activity."),
            PairingOutcome.NotPaired => Problems.Conflict("No other tracker recorded this workout."),
            _ => Problems.Conflict("Your activities changed at the same time. Try again."),
        };

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem>> AppealAsync(Guid id, AppealRequest request, ClaimsPrincipal user, ActivityReviews reviews, CancellationToken ct) =>
        ReviewEndpoints.Answer(
            await reviews.AppealAsync(user.RequiredMemberId(), id, request.Text!.Trim(), ct),
            "There is no review of this activity.", "There is no rejection to appeal against, or you did already.");

    private static async Task<Results<Ok<ActivityReceiptView>, NotFoundProblem>> ReceiptAsync(
        Guid id, ClaimsPrincipal user, FitTrackDbContext db, IOptions<TrackerOptions> trackers, ReceiptReader receipts, CancellationToken ct)
    {
        if (await Visible(db, user, trackers.Value).SingleOrDefaultAsync(a => a.Id == id, ct) is not { } activity)
            return Problems.NotFound("There is no such activity.");
        var versions = await db.Set<ActivityReceipt>().AsNoTracking().Where(r => r.ActivityId == id).OrderByDescending(r => r.Version).ToListAsync(ct);
        return TypedResults.Ok(receipts.Read(activity, versions));
    }

    private static async Task<Ok<SummaryView>> SummaryAsync(ClaimsPrincipal user, ActivitySummaries summaries, CancellationToken ct) =>
        TypedResults.Ok(SummaryView.Of(await summaries.OfAsync(user.RequiredMemberId(), ct)));

    private static async Task<Results<Created<ActivityDetail>, InvalidProblem>> AddAsync(NewActivity request, ClaimsPrincipal user, ManualActivities manual, TimeProvider clock, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        var sport = SportOf(request.Sport, errors);
        CheckIntensity(request.Intensity, errors);
        CheckTime(request.StartedAt, request.DurationSeconds, clock, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        var entry = new ManualEntry(
            sport!, request.Intensity ?? ManualActivities.Usual(sport!), request.StartedAt!.Value.ToMicroseconds(), request.DurationSeconds!.Value, Title(request.Title),
            request.Steps, request.DistanceMeters, request.AverageHeartRate);
        var activity = await manual.AddAsync(user.RequiredMemberId(), entry, ct);
        return TypedResults.Created($"/api/v1/activities/{activity.Id}", ActivityDetail.Of(activity));
    }

    private static async Task<Results<TaggedResult<ActivityDetail>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem, InvalidProblem>> ChangeAsync(
        Guid id, ActivityPatch request, IfMatch match, ClaimsPrincipal user, ManualActivities manual, TimeProvider clock, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        var sport = request.Sport is null ? null : SportOf(request.Sport, errors);
        CheckIntensity(request.Intensity, errors);
        CheckTime(request.StartedAt, request.DurationSeconds, clock, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        var change = new ManualChange(
            sport, request.Intensity, request.StartedAt?.ToMicroseconds(), request.DurationSeconds, Title(request.Title),
            request.Steps, request.DistanceMeters, request.AverageHeartRate, request.Hidden);
        return await manual.ChangeAsync(user.RequiredMemberId(), id, change, a => match.Allows(EntityTag.Of(a.UpdatedAt)), ct) switch
        {
            ManualOutcome.Done(var activity) => Tagged.Ok(ActivityDetail.Of(activity), EntityTag.Of(activity.UpdatedAt)),
            ManualOutcome.NotManual => Problems.Conflict("Only your own entries can be changed. This one can be hidden."),
            ManualOutcome.Stale => Problems.PreconditionFailed(),
            _ => Problems.NotFound("There is no such activity."),
        };
    }

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> DeleteAsync(
        Guid id, IfMatch match, ClaimsPrincipal user, ManualActivities manual, CancellationToken ct) =>
        await manual.DeleteAsync(user.RequiredMemberId(), id, a => match.Allows(EntityTag.Of(a.UpdatedAt)), ct) switch
        {
            ManualOutcome.Done => TypedResults.NoContent(),
            ManualOutcome.NotManual => Problems.Conflict("Only your own entries can be deleted. This one can be hidden."),
            ManualOutcome.Stale => Problems.PreconditionFailed(),
            _ => Problems.NotFound("There is no such activity."),
        };

    /// <summary>Members see their own; administrators see everybody's, but for what a source's terms keep to its owner.</summary>
    private static IQueryable<Activity> Visible(FitTrackDbContext db, ClaimsPrincipal user, TrackerOptions trackers)
    {
        var (caller, ownerOnly) = (user.RequiredMemberId(), trackers.OwnerOnly);
        var all = db.Set<Activity>().AsNoTracking().Where(a => a.Status != ActivityStatus.Deleted);
        return user.IsInRole("admin") ? all.Where(a => a.UserId == caller || !ownerOnly.Contains(a.Source)) : all.Where(a => a.UserId == caller);
    }

    private static Sport? SportOf(string? code, List<FieldError> errors)
    {
        var sport = Sports.Find(code);
        if (sport is null)
            errors.Add(new FieldError("sport", "There is no such sport."));
        return sport;
    }

    private static void CheckIntensity(Intensity? intensity, List<FieldError> errors)
    {
        if (intensity == Intensity.Never)
            errors.Add(new FieldError("intensity", "The value must be light, moderate or vigorous."));
    }

    private static void CheckTime(DateTimeOffset? startedAt, int? durationSeconds, TimeProvider clock, List<FieldError> errors)
    {
        if (startedAt is not { } start)
            return;
        if (start.Year < 1970)
            errors.Add(new FieldError("startedAt", "The time is too long ago."));
        else if (start > clock.GetUtcNow() || start.AddSeconds(durationSeconds ?? 0) > clock.GetUtcNow())
            errors.Add(new FieldError("startedAt", "The activity must be over."));
    }

    private static string? Title(string? title) => string.IsNullOrWhiteSpace(title) ? null : title.Trim();
}
