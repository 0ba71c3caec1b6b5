using System.Globalization;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Running;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StepResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    FitTrack.Api.Http.TaggedResult<FitTrack.Api.Drawings.AdminDrawing>, FitTrack.Api.Http.NotFoundProblem, FitTrack.Api.Http.ConflictProblem,
    FitTrack.Api.Http.InvalidProblem, FitTrack.Api.Http.PreconditionFailedProblem>;

namespace FitTrack.Api.Drawings;

/// <summary>Drawings for administrators: making them, and taking them from state to state.</summary>
internal static class AdminDrawingEndpoints
{
    private static readonly ListSpec<Drawing> Drawings = new ListSpec<Drawing>(d => d.Id)
        .Sort("created_at", d => d.CreatedAt)
        .Sort("draw_at", d => d.DrawAt)
        .Sort("name", d => d.Name)
        .Filter("status", d => d.Status)
        .Filter("type", d => d.Type)
        .Filter("entropy", d => d.Entropy)
        .DefaultSort("-created_at");

    public static RouteGroupBuilder MapAdminDrawings(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/drawings").WithTags("Drawings (admin)").RequireAdmin();
        group.MapGet("/", ListAsync).WithList(Drawings).WithSummary("All drawings, drafts included");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A drawing");
        group.MapGet("/prize-value", PrizeValueAsync).WithSummary("What a year's prizes are worth, against the registration threshold");
        group.MapPost("/", CreateAsync).WithSummary("Make a draft");
        group.MapPut("/{id:guid}", EditAsync).WithSummary("Change a draft or scheduled drawing");
        group.MapPost("/{id:guid}/schedule", ([AsParameters] StepCall call, ScheduleDrawing step, CancellationToken ct) => StepAsync(call, step.ExecuteAsync, ct)).WithSummary("Publish a draft: entropy and draw time are frozen");
        group.MapPost("/{id:guid}/open", ([AsParameters] StepCall call, OpenDrawing step, CancellationToken ct) => StepAsync(call, step.ExecuteAsync, ct)).WithSummary("Begin ticket sales");
        group.MapPost("/{id:guid}/close", ([AsParameters] StepCall call, CloseDrawing step, CancellationToken ct) => StepAsync(call, step.ExecuteAsync, ct)).WithSummary("End ticket sales, number the tickets, publish the manifest");
        group.MapPost("/{id:guid}/execute", ([AsParameters] StepCall call, ExecuteDraw step, CancellationToken ct) => StepAsync(call, step.ExecuteAsync, ct)).WithSummary("Draw the winners of a closed drawing");
        group.MapPost("/{id:guid}/cancel", CancelAsync).WithSummary("Call a drawing off and refund every ticket");
        return group;
    }

    private static async Task<Results<PageResult<AdminDrawing>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, CancellationToken ct)
    {
        var source = db.Set<Drawing>().AsNoTracking().Include(d => d.Prizes);
        return await Drawings.PageAsync(list, source, d => AdminDrawing.Of(d, db.Set<DrawingGate>().Where(g => g.DrawingId == d.Id).Sum(g => g.Sold)), ct);
    }

    private static async Task<Results<TaggedResult<AdminDrawing>, NotFoundProblem>> ShowAsync(Guid id, FitTrackDbContext db, CancellationToken ct) =>
        await db.Set<Drawing>().AsNoTracking().Include(d => d.Prizes).SingleOrDefaultAsync(d => d.Id == id, ct) is { } drawing
            ? await TaggedAsync(drawing, db, ct)
            : Problems.NotFound("There is no such drawing.");

    private static async Task<Results<Ok<YearOfPrizes>, InvalidProblem>> PrizeValueAsync(string? year, PrizeAccount account, CancellationToken ct)
    {
        if (year is null) return TypedResults.Ok(await account.YearAsync(null, ct));
        return int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted is >= 2000 and < 3000
            ? TypedResults.Ok(await account.YearAsync(wanted, ct))
            : Problems.Invalid("year", "The value must be a year.");
    }

    private static async Task<Results<Created<AdminDrawing>, InvalidProblem>> CreateAsync(
        DrawingRequest body, HttpContext http, WriteDrawing write, EntropySources entropy, IOptions<DrawingOptions> options, TimeProvider clock, CancellationToken ct) =>
        await write.CreateAsync(body.ToTerms(options.Value, entropy.Default, clock.Now()), http.Actor(), ct) switch
        {
            StepOutcome.Done { Drawing: var drawing } => TypedResults.Created($"/api/v1/admin/drawings/{drawing.Id}", AdminDrawing.Of(drawing, 0)),
            StepOutcome.Invalid invalid => invalid.ToProblem(),
            var other => throw new InvalidOperationException($"A new drawing cannot be {other}."),
        };

    private static async Task<StepResult> EditAsync(
        Guid id, DrawingRequest body, IfMatch ifMatch, HttpContext http, FitTrackDbContext db, WriteDrawing write, IOptions<DrawingOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (await RequestAsync(id, ifMatch, http, db, ct) is not { } request) return Problems.PreconditionFailed();
        var entropy = await db.Set<Drawing>().Where(d => d.Id == id).Select(d => d.Entropy).SingleOrDefaultAsync(ct);
        return await AnswerAsync(await write.EditAsync(request, body.ToTerms(options.Value, entropy, clock.Now()), ct), db, ct);
    }

    private static async Task<StepResult> CancelAsync(Guid id, CancelRequest body, IfMatch ifMatch, HttpContext http, FitTrackDbContext db, CancelDrawing cancel, CancellationToken ct) =>
        await RequestAsync(id, ifMatch, http, db, ct) is { } request
            ? await AnswerAsync(await cancel.ExecuteAsync(request, body.Reason!.Trim(), ct), db, ct)
            : Problems.PreconditionFailed();

    /// <summary>The steps differ in nothing but the use case.</summary>
    private static async Task<StepResult> StepAsync(StepCall call, Func<StepRequest, CancellationToken, Task<StepOutcome>> execute, CancellationToken ct) =>
        await RequestAsync(call.Id, call.IfMatch, call.Http, call.Db, ct) is { } request
            ? await AnswerAsync(await execute(request, ct), call.Db, ct)
            : Problems.PreconditionFailed();

    /// <summary>Null when <c>If-Match</c> names another version.</summary>
    private static async Task<StepRequest?> RequestAsync(Guid id, IfMatch ifMatch, HttpContext http, FitTrackDbContext db, CancellationToken ct)
    {
        if (ifMatch.Tags is null) return new StepRequest(id, http.Actor());
        var version = await db.Set<Drawing>().Where(d => d.Id == id).Select(d => (long?)d.Version).SingleOrDefaultAsync(ct);
        return version is { } seen && !ifMatch.Allows(EntityTag.Of(seen)) ? null : new StepRequest(id, http.Actor(), version);
    }

    private static async Task<StepResult> AnswerAsync(StepOutcome outcome, FitTrackDbContext db, CancellationToken ct) => outcome switch
    {
        StepOutcome.Done done => await TaggedAsync(done.Drawing, db, ct),
        StepOutcome.NotFound => Problems.NotFound("There is no such drawing."),
        StepOutcome.Impossible impossible => Problems.Conflict(impossible.Reason),
        StepOutcome.HeldUp heldUp => Problems.Conflict(heldUp.Reason),
        StepOutcome.Invalid invalid => invalid.ToProblem(),
        _ => Problems.PreconditionFailed(),
    };

    private static async Task<TaggedResult<AdminDrawing>> TaggedAsync(Drawing drawing, FitTrackDbContext db, CancellationToken ct)
    {
        var sold = await db.Set<DrawingGate>().Where(g => g.DrawingId == drawing.Id).SumAsync(g => g.Sold, ct);
        return Tagged.Ok(AdminDrawing.Of(drawing, sold), EntityTag.Of(drawing.Version));
    }

    private static InvalidProblem ToProblem(this StepOutcome.Invalid invalid) => Problems.Invalid(invalid.Problems.Select(p => new FieldError(p.Field, p.Message)));

    private static Actor Actor(this HttpContext http) => new(http.User.RequiredMemberId(), http.Connection.RemoteIpAddress?.ToString());

    /// <summary>What every step is called with.</summary>
    internal readonly record struct StepCall(Guid Id, IfMatch IfMatch, HttpContext Http, FitTrackDbContext Db);
}
