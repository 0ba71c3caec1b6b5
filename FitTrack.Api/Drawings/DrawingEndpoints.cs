using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Drawings;

/// <summary>Drawings for everybody: what is offered, what came out, and the proof.</summary>
internal static class DrawingEndpoints
{
    private static readonly ListSpec<Drawing> Drawings = new ListSpec<Drawing>(d => d.Id)
        .Sort("draw_at", d => d.DrawAt)
        .Sort("sales_close_at", d => d.SalesCloseAt)
        .Sort("opens_at", d => d.OpensAt)
        .Sort("ticket_price", d => d.TicketPrice)
        .Sort("name", d => d.Name)
        .Filter("status", d => d.Status)
        .Filter("type", d => d.Type)
        .DefaultSort("-draw_at");

    public static RouteGroupBuilder MapDrawings(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/drawings").WithTags("Drawings").AllowAnonymous();
        group.MapGet("/", ListAsync).WithList(Drawings).WithSummary("Drawings with price, prizes and tickets sold");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A drawing: prizes, odds now and after buying, countdown, rules, commitment");
        group.MapGet("/{id:guid}/rules", RulesAsync).WithSummary("The official rules: general rules, terms and prizes as one text, with its hash");
        group.MapGet("/{id:guid}/results", ResultsAsync).WithSummary("Winners, once the drawing is completed");
        group.MapGet("/{id:guid}/proof", (Guid id) => new ProofResult(id)).WithSummary("The FTDRAW-1 bundle: manifest and tickets once closed, entropy and picks once completed").DisableRequestTimeout();
        group.MapGet("/{id:guid}/tickets/{number:int}/proof", InclusionAsync).WithSummary("That a ticket was in: its path to the root of the manifest");
        return group;
    }

    /// <summary>Maps <c>/.well-known/draw-keys.json</c>, outside the versioned base.</summary>
    public static void MapDrawKeys(this IEndpointRouteBuilder app) => app
        .MapGet("/.well-known/draw-keys.json", async (DrawKeys keys, CancellationToken ct) => TypedResults.Ok(new DrawKeyList(await keys.PublicAsync(ct))))
        .WithTags("Drawings").AllowAnonymous().WithSummary("Every key that manifests were ever signed with");

    private static Task<Results<PageResult<DrawingItem>, InvalidProblem>> ListAsync(ListRequest list, DrawingReader drawings, CancellationToken ct) =>
        Drawings.PageAsync(list, drawings.Public, drawings.Item, ct);

    private static async Task<Results<Ok<DrawingDetails>, NotFoundProblem>> ShowAsync(Guid id, ClaimsPrincipal user, DrawingReader drawings, CancellationToken ct) =>
        await drawings.FindAsync(id, user.MemberId(), ct) is { } drawing ? TypedResults.Ok(drawing) : Problems.NotFound("There is no such drawing.");

    private static async Task<Results<Ok<RulesOfDrawing>, NotFoundProblem>> RulesAsync(Guid id, OfficialRules rules, CancellationToken ct) =>
        await rules.FindAsync(id, ct) is { } found ? TypedResults.Ok(found) : Problems.NotFound("There is no such drawing.");

    private static async Task<Results<Ok<DrawingResults>, NotFoundProblem>> ResultsAsync(Guid id, ClaimsPrincipal user, DrawingReader drawings, CancellationToken ct) =>
        await drawings.FindResultsAsync(id, user.MemberId(), ct) is { } results ? TypedResults.Ok(results) : Problems.NotFound("Results are published once a drawing is completed.");

    private static async Task<Results<Ok<TicketInclusion>, NotFoundProblem>> InclusionAsync(Guid id, int number, DrawingProofs proofs, CancellationToken ct) =>
        await proofs.FindInclusionAsync(id, number, ct) is { } inclusion ? TypedResults.Ok(inclusion) : Problems.NotFound("There is no such ticket in a closed drawing.");

    /// <summary>The bundle, written as it is read: a million tickets need no more memory than ten.</summary>
    internal sealed class ProofResult(Guid id) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var proofs = httpContext.RequestServices.GetRequiredService<DrawingProofs>();
            var written = await proofs.WriteAsync(
                id,
                response.BodyWriter,
                () => (response.ContentType, response.Headers.CacheControl) = ("application/json; charset=utf-8", "no-cache"),
                async token => await response.BodyWriter.FlushAsync(token),
                httpContext.RequestAborted);
            if (!written) await Problems.NotFound("The manifest is published when ticket sales close.").ExecuteAsync(httpContext);
        }
    }
}
