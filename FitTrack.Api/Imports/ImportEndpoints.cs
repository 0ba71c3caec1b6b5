using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Imports;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Imports;

/// <summary>Files of the member's own: they complete the training log and earn no points.</summary>
internal static class ImportEndpoints
{
    private const int LargeBytes = 4 * 1024 * 1024;
    private const int FormOverhead = 64 * 1024;

    /// <summary>Files that one process holds in memory at a time, whatever many members send.</summary>
    private static readonly SemaphoreSlim Slots = new(2);

    private static readonly FormOptions Form = new()
    {
        MultipartBodyLengthLimit = ImportBatch.MaxBytes + FormOverhead, ValueCountLimit = 8, KeyLengthLimit = 256, ValueLengthLimit = 4096, MultipartHeadersCountLimit = 8,
    };

    private static readonly ListSpec<ImportBatch> Batches = new ListSpec<ImportBatch>(b => b.Id)
        .Sort("created_at", b => b.CreatedAt)
        .Filter("status", b => b.Status)
        .Filter("kind", b => b.Kind)
        .DefaultSort("-created_at");

    public static RouteGroupBuilder MapImports(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/imports").WithTags("Imports").RequireAuthorization();
        group.MapGet("", ListAsync).WithList(Batches).WithSummary("The caller's imports");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("One import with its log and what it brought");
        group.MapPost("", UploadAsync).Accepts<ImportUpload>("multipart/form-data").LimitBody(ImportBatch.MaxBytes + FormOverhead).WithRequestTimeout(TimeSpan.FromMinutes(5))
            .WithSummary("Imports a file into the training log; it earns no points")
            .WithDescription("One file of at most 25 MB as multipart/form-data. It is stored and read in the background: ask for the batch until its status is completed or failed.");
        group.MapDelete("/{id:guid}", UndoAsync).WithSummary("Undoes an import as a whole");
        return group;
    }

    private static Task<Results<PageResult<ImportItem>, InvalidProblem>> ListAsync(ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, CancellationToken ct) =>
        Batches.PageAsync(list, Own(db, user), b => ImportItem.Of(b), ct);

    private static async Task<Results<TaggedResult<ImportView>, NotFoundProblem>> ShowAsync(Guid id, ClaimsPrincipal user, FitTrackDbContext db, ImportedActivities activities, CancellationToken ct)
    {
        if (await Own(db, user).SingleOrDefaultAsync(b => b.Id == id, ct) is not { } batch)
            return Problems.NotFound("There is no such import.");
        var log = await db.Set<ImportLogEntry>().AsNoTracking().Where(l => l.BatchId == id).OrderBy(l => l.Position).ToListAsync(ct);
        var changed = log.Where(l => l.Outcome is ImportOutcome.Added or ImportOutcome.Updated).Select(l => l.ActivityId).OfType<Guid>().Distinct().ToList();
        return Tagged.Ok(ImportView.Of(batch, log, await activities.ListAsync(user.RequiredMemberId(), changed, ct)), Tag(batch));
    }

    private static async Task<Results<Accepted<ImportView>, BadRequestProblem, InvalidProblem, PayloadTooLargeProblem, TooManyRequestsProblem, UnavailableProblem>> UploadAsync(
        HttpRequest request, ClaimsPrincipal user, ImportUploads uploads, CancellationToken ct)
    {
        if (request.ContentLength > ImportBatch.MaxBytes + FormOverhead)
            return Problems.PayloadTooLarge();
        if (!request.HasFormContentType)
            return Problems.Invalid("file", "The file must be sent as multipart/form-data.");
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(Form, ct);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return Problems.BadRequest("The form could not be read: it is malformed or too large.");
        }

        if (form.Files is not [var file])
            return Problems.Invalid("file", "Exactly one file is required.");
        if (file.Length == 0)
            return Problems.Invalid("file", "The file is empty.");
        if (file.Length > ImportBatch.MaxBytes)
            return Problems.PayloadTooLarge("The file is larger than 25 MB.");
        var named = form["kind"].ToString();
        if (named.Length > 0 && Sports.Find(named) is null)
            return Problems.Invalid("kind", "There is no such sport.");
        if (!await Slots.WaitAsync(TimeSpan.FromSeconds(10), ct))
            return Problems.Unavailable(TimeSpan.FromSeconds(10), "Other files are being stored at the moment. Try again in a few seconds.");
        try
        {
            return await StoreAsync(file, Sports.Find(named), user.RequiredMemberId(), uploads, ct) switch
            {
                UploadOutcome.Queued(var batch) => TypedResults.Accepted($"/api/v1/imports/{batch.Id}", ImportView.Of(batch, [], [])),
                UploadOutcome.Refused(var reason) => Problems.Invalid("file", reason),
                _ => Problems.TooManyRequests("Your earlier files are still being read. Try again in a minute.", TimeSpan.FromMinutes(1)),
            };
        }
        finally
        {
            Slots.Release();
        }
    }

    private static async Task<UploadOutcome> StoreAsync(IFormFile file, Sport? sport, Guid userId, ImportUploads uploads, CancellationToken ct)
    {
        // A large file comes on top of what is resident: what earlier ones left behind goes first.
        if (file.Length > LargeBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        var content = new byte[file.Length];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content, ct);
        return await uploads.AddAsync(userId, file.FileName, sport, content, ct);
    }

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> UndoAsync(Guid id, IfMatch match, ClaimsPrincipal user, UndoImport undo, CancellationToken ct) =>
        await undo.ExecuteAsync(user.RequiredMemberId(), id, b => match.Allows(Tag(b)), ct) switch
        {
            UndoOutcome.Undone => TypedResults.NoContent(),
            UndoOutcome.Running => Problems.Conflict("The file is being read. Try again in a moment."),
            UndoOutcome.Stale => Problems.PreconditionFailed(),
            _ => Problems.NotFound("There is no such import."),
        };

    /// <summary>What was undone is gone; its row stays as the record of it.</summary>
    private static IQueryable<ImportBatch> Own(FitTrackDbContext db, ClaimsPrincipal user)
    {
        var caller = user.RequiredMemberId();
        return db.Set<ImportBatch>().AsNoTracking().Where(b => b.UserId == caller && b.Status != ImportStatus.Undone);
    }

    private static EntityTag Tag(ImportBatch batch) => EntityTag.Of(batch.FinishedAt ?? batch.StartedAt ?? batch.CreatedAt);
}
