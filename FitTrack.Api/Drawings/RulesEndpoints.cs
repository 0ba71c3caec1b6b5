using System.ComponentModel.DataAnnotations;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Drawings;

/// <summary>A version of the official rules, as lists name it.</summary>
public sealed record RulesItem(int Version, DateTimeOffset PublishedAt);

public sealed record RulesVersion(int Version, string Text, DateTimeOffset PublishedAt);

/// <param name="Replaces">The version in force that the caller has read: publishing twice, or over another's version, is refused.</param>
public sealed record PublishRulesRequest([property: Required] string? Text, [property: Required] int? Replaces);

/// <summary>The general part of the official rules, in all its versions. What a drawing adds to it is at <c>/drawings/{id}/rules</c>.</summary>
internal static class RulesEndpoints
{
    private static readonly ListSpec<DrawingRules> Versions = new ListSpec<DrawingRules>(r => r.Version)
        .Sort("version", r => r.Version)
        .DefaultSort("-version");

    public static void MapRules(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/drawings/rules").WithTags("Drawings").AllowAnonymous();
        group.MapGet("/", ListAsync).WithList(Versions).WithSummary("The versions of the official rules, the newest first");
        group.MapGet("/{version:int}", ShowAsync).WithSummary("A version of the official rules; none is ever changed or removed");
        app.MapGroup("/admin/drawings/rules").WithTags("Drawings (admin)").RequireAdmin()
            .MapPost("/", PublishAsync).WithSummary("Publish a version of the official rules: it holds for every drawing that has not opened");
    }

    private static async Task<Results<PageResult<RulesItem>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, OfficialRules rules, CancellationToken ct)
    {
        // Before the first drawing there would be none.
        await rules.CurrentVersionAsync(ct);
        return await Versions.PageAsync(list, db.Set<DrawingRules>().AsNoTracking(), r => new RulesItem(r.Version, r.PublishedAt), ct);
    }

    private static async Task<Results<Ok<RulesVersion>, NotFoundProblem>> ShowAsync(int version, FitTrackDbContext db, CancellationToken ct) =>
        await db.Set<DrawingRules>().AsNoTracking().SingleOrDefaultAsync(r => r.Version == version, ct) is { } rules
            ? TypedResults.Ok(Of(rules))
            : Problems.NotFound("There is no such version of the rules.");

    private static async Task<Results<Created<RulesVersion>, ConflictProblem, InvalidProblem>> PublishAsync(PublishRulesRequest body, HttpContext context, PublishRules publish, CancellationToken ct) =>
        await publish.ExecuteAsync(body.Text!, body.Replaces!.Value, context.AdminActor(), ct) switch
        {
            PublishOutcome.Published done => TypedResults.Created($"/api/v1/drawings/rules/{done.Rules.Version}", Of(done.Rules)),
            PublishOutcome.Replaced replaced => Problems.Conflict($"Version {replaced.Current} of the rules is in force, not version {body.Replaces}: read it first"),
            PublishOutcome.Invalid { Problem: var problem } => Problems.Invalid(problem.Field, problem.Message),
            var other => throw new InvalidOperationException($"A version cannot be {other}."),
        };

    private static RulesVersion Of(DrawingRules rules) => new(rules.Version, rules.Text, rules.PublishedAt);
}
