using System.ComponentModel.DataAnnotations;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Drawings;

public sealed record SponsorRequest(
    [property: Required, StringLength(Sponsor.MaxName, MinimumLength = 1)] string? Name,
    [property: EmailAddress, StringLength(Sponsor.MaxEmail)] string? ContactEmail,
    [property: Url, StringLength(DrawingTerms.MaxUrl)] string? WebsiteUrl,
    [property: Url, StringLength(DrawingTerms.MaxUrl)] string? LogoUrl,
    [property: StringLength(Sponsor.MaxNotes)] string? Notes)
{
    internal SponsorDetails Details => new(Name!.Trim(), ContactEmail, WebsiteUrl, LogoUrl, Notes);
}

public sealed record SponsorItem(Guid Id, string Name, string? ContactEmail, string? WebsiteUrl, string? LogoUrl, string? Notes, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal static class SponsorEndpoints
{
    private static readonly ListSpec<Sponsor> Sponsors = new ListSpec<Sponsor>(s => s.Id)
        .Sort("name", s => s.Name)
        .Sort("created_at", s => s.CreatedAt)
        .Filter("name", s => s.Name)
        .DefaultSort("name");

    public static RouteGroupBuilder MapSponsors(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/sponsors").WithTags("Sponsors (admin)").RequireAdmin();
        group.MapGet("/", ListAsync).WithList(Sponsors).WithSummary("Sponsors");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A sponsor");
        group.MapPost("/", CreateAsync).WithSummary("Add a sponsor").Idempotent();
        group.MapPut("/{id:guid}", ChangeAsync).WithSummary("Change a sponsor");
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Remove a sponsor that no prize names");
        return group;
    }

    private static Task<Results<PageResult<SponsorItem>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
        Sponsors.PageAsync(list, db.Set<Sponsor>().AsNoTracking(), s => new SponsorItem(s.Id, s.Name, s.ContactEmail, s.WebsiteUrl, s.LogoUrl, s.Notes, s.CreatedAt, s.UpdatedAt), ct);

    private static async Task<Results<TaggedResult<SponsorItem>, NotFoundProblem>> ShowAsync(Guid id, FitTrackDbContext db, CancellationToken ct) =>
        await db.Set<Sponsor>().AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, ct) is { } sponsor ? Tag(sponsor) : Problems.NotFound("There is no such sponsor.");

    private static async Task<Results<Created<SponsorItem>, ConflictProblem>> CreateAsync(SponsorRequest body, HttpContext context, WriteSponsor write, CancellationToken ct) =>
        await write.CreateAsync(body.Details, context.AdminActor(), ct) is { } sponsor
            ? TypedResults.Created($"/api/v1/admin/sponsors/{sponsor.Id}", ItemOf(sponsor))
            : NameTaken();

    private static async Task<Results<TaggedResult<SponsorItem>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> ChangeAsync(
        Guid id, SponsorRequest body, IfMatch ifMatch, HttpContext context, WriteSponsor write, CancellationToken ct) => await write.ChangeAsync(id, version => ifMatch.Allows(EntityTag.Of(version)), body.Details, context.AdminActor(), ct) switch
        {
            (SponsorChange.Done, { } sponsor) => Tag(sponsor),
            (SponsorChange.NotFound, _) => Problems.NotFound("There is no such sponsor."),
            (SponsorChange.NameTaken, _) => NameTaken(),
            _ => Problems.PreconditionFailed(),
        };

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> DeleteAsync(Guid id, IfMatch ifMatch, HttpContext context, WriteSponsor write, CancellationToken ct) =>
        await write.DeleteAsync(id, version => ifMatch.Allows(EntityTag.Of(version)), context.AdminActor(), ct) switch
        {
            SponsorChange.Done => TypedResults.NoContent(),
            SponsorChange.NotFound => Problems.NotFound("There is no such sponsor."),
            SponsorChange.InUse => Problems.Conflict("Prizes name this sponsor."),
            _ => Problems.PreconditionFailed(),
        };

    private static ConflictProblem NameTaken() => Problems.Conflict("There is a sponsor of this name.");

    private static TaggedResult<SponsorItem> Tag(Sponsor sponsor) => Tagged.Ok(ItemOf(sponsor), EntityTag.Of(sponsor.Version));

    private static SponsorItem ItemOf(Sponsor s) => new(s.Id, s.Name, s.ContactEmail, s.WebsiteUrl, s.LogoUrl, s.Notes, s.CreatedAt, s.UpdatedAt);
}
