using System.Net.Mime;
using System.Security.Claims;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Privacy;

/// <param name="Files">What was taken from each file; points, prizes, tickets and sessions are not taken back.</param>
public sealed record ImportResponse(IReadOnlyList<ImportedFile> Files);

/// <summary>Taking one's data out, and bringing it back.</summary>
internal static class PrivacyEndpoints
{
    /// <summary>Whatever an archive holds, no more than so many are unpacked by one process at a time.</summary>
    private static readonly SemaphoreSlim Slots = new(2);

    public static void MapPrivacy(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/users/me").WithTags("Privacy").RequireAuthorization().CountAs(RateLimitKind.Write);
        me.DisableRequestTimeout(); // both are as long as the member's history is
        me.MapGet("/export", (ClaimsPrincipal user, TimeProvider clock) => new ZipResult(user.RequiredMemberId(), clock.GetUtcNow()))
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Zip).RequireRecentSignIn().WithSummary("Everything that is kept about the caller, as one zip with a manifest; a few minutes after signing in");
        me.MapPost("/import", ImportAsync).Accepts<Stream>(MediaTypeNames.Application.Zip).WithSummary("Brings an export back into an account that is empty; earns no points")
            .LimitBody(app.ServiceProvider.GetRequiredService<IOptions<PrivacyOptions>>().Value.ImportBytes);
        app.MapGet("/exports/{ticket}", OfClosedAsync).WithTags("Privacy").AllowAnonymous().CountAs(RateLimitKind.Write).DisableRequestTimeout()
            .WithSummary("The same for a closed account, by the link that closing it gave");
    }

    private static async Task<Results<ZipResult, NotFoundProblem>> OfClosedAsync(string ticket, ExportTickets tickets, TimeProvider clock, CancellationToken ct) =>
        await tickets.ReadAsync(ticket, ct) is { } userId ? new ZipResult(userId, clock.GetUtcNow()) : Problems.NotFound("The link is not valid any more.");

    private static async Task<Results<Ok<ImportResponse>, BadRequestProblem, ConflictProblem, PayloadTooLargeProblem, UnavailableProblem>> ImportAsync(
        HttpRequest request, ClaimsPrincipal user, ImportArchive import, IOptions<PrivacyOptions> options, CancellationToken ct)
    {
        if (request.ContentLength > options.Value.ImportBytes)
            return Problems.PayloadTooLarge();
        // A zip is read from its end: it is kept in a file without a name that is gone with the request.
        await using var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 81920, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await request.Body.CopyToAsync(file, ct);
        if (file.Length > options.Value.ImportBytes)
            return Problems.PayloadTooLarge();
        file.Position = 0;
        if (!await Slots.WaitAsync(TimeSpan.Zero, ct))
            return Problems.Unavailable(TimeSpan.FromSeconds(10), "Other imports are being read at the moment. Try again in a few seconds.");
        try
        {
            return await import.ExecuteAsync(user.RequiredMemberId(), file, ct) switch
            {
                ImportOutcome.Done(var files) => TypedResults.Ok(new ImportResponse(files)),
                ImportOutcome.Refused(var reason) => Problems.BadRequest(reason),
                _ => Problems.Conflict("There is data in this account that is not from the archive. An import needs an empty account."),
            };
        }
        finally
        {
            Slots.Release();
        }
    }
}

/// <summary>Written as it is read, so that a long history needs no more memory than a short one.</summary>
internal sealed class ZipResult(Guid userId, DateTimeOffset now) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaTypeNames.Application.Zip;
        response.Headers.ContentDisposition = $"attachment; filename=\"fittrack-export-{now:yyyy-MM-dd}.zip\"";
        response.Headers.CacheControl = "no-store";
        await httpContext.RequestServices.GetRequiredService<ExportArchive>().WriteAsync(userId, response.Body, httpContext.RequestAborted);
    }
}
