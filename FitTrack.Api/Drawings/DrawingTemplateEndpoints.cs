using System.ComponentModel.DataAnnotations;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Running;
using FitTrack.Core.Drawings.Templates;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Drawings;

/// <summary>A recurring drawing. What is left out has the default of its type (<c>Drawings:*</c>).</summary>
/// <param name="DrawTime">By the clock on the wall in the competition's time zone.</param>
/// <param name="Day">Weekly: 1 (Monday) to 7. Monthly and annual: 1 to 31, the last day where a month has fewer.</param>
/// <param name="Month">1 to 12, of annual drawings.</param>
/// <param name="OpensMinutesBefore">Before the draw; a day, week, month or year if left out.</param>
/// <param name="CreateDaysAhead">A week if left out.</param>
public sealed record DrawingTemplateRequest(
    [property: Required] string? Name,
    [property: Required] DrawingType? Type,
    [property: Required] TimeOnly? DrawTime,
    int? Day,
    int? Month,
    int? OpensMinutesBefore,
    int? SalesCloseMinutesBefore,
    int? CreateDaysAhead,
    bool? IsActive,
    EntropyKind? Entropy,
    string? Description,
    string? ImageUrl,
    int? TicketPrice,
    int? MaxTicketsPerPurchase,
    int? MaxTicketsPerMember,
    int? FreeEntriesPerMember,
    int? Alternates,
    EligibilityRequest? Eligibility,
    [property: Required] IReadOnlyList<PrizeRequest>? Prizes)
{
    internal TemplateDetails ToDetails(DrawingOptions defaults, EntropyKind defaultEntropy)
    {
        var terms = new DrawingRequest(
            Name, Description, ImageUrl, Type, Entropy, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch,
            TicketPrice, MaxTicketsPerPurchase, MaxTicketsPerMember, FreeEntriesPerMember, Alternates, Eligibility, Prizes).ToTerms(defaults, defaultEntropy, DateTimeOffset.UnixEpoch);
        var days = Type switch { DrawingType.Daily => 1, DrawingType.Weekly => 7, DrawingType.Monthly => 28, _ => 365 };
        return new TemplateDetails(
            terms, new TemplateRhythm(Type!.Value, (DrawTime!.Value.Hour * 60) + DrawTime.Value.Minute, Day, Month),
            OpensMinutesBefore ?? (days * 24 * 60), SalesCloseMinutesBefore ?? defaults.SalesCloseMinutesBeforeDraw, CreateDaysAhead ?? 7, IsActive ?? true);
    }
}

public sealed record DrawingTemplateItem(
    Guid Id, string Name, DrawingType Type, TimeOnly DrawTime, int? Day, int? Month, int OpensMinutesBefore, int SalesCloseMinutesBefore, int CreateDaysAhead, bool IsActive,
    EntropyKind Entropy, string? Description, string? ImageUrl, int TicketPrice, DrawingLimits Limits, int Alternates, DrawingEligibility Eligibility,
    IReadOnlyList<TemplatePrize> Prizes, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static DrawingTemplateItem Of(DrawingTemplate template)
    {
        var details = template.Details();
        var (terms, rhythm) = (details.Terms, details.Rhythm);
        return new DrawingTemplateItem(
            template.Id, template.Name, template.Type, new TimeOnly(rhythm.MinuteOfDay / 60, rhythm.MinuteOfDay % 60), rhythm.Day, rhythm.Month,
            details.OpensMinutesBefore, details.SalesCloseMinutesBefore, details.CreateDaysAhead, details.IsActive, template.Entropy, terms.Description, terms.ImageUrl, terms.TicketPrice,
            new DrawingLimits(terms.MaxTicketsPerPurchase, terms.MaxTicketsPerMember, terms.FreeEntriesPerMember), terms.Alternates,
            new DrawingEligibility(terms.EligibleUsers, terms.MinAccountAgeDays, terms.MinAge),
            [.. terms.Prizes.Select(p => new TemplatePrize(p.Rank, p.Name, p.Description, p.Quantity, p.ValueCents, p.Kind, p.SponsorId, p.ImageUrl))], template.CreatedAt, template.UpdatedAt);
    }
}

public sealed record TemplatePrize(int Rank, string Name, string? Description, int Quantity, long ValueCents, PrizeKind Kind, Guid? SponsorId, string? ImageUrl);

/// <summary>What the daily, weekly, monthly and annual drawings are made from.</summary>
internal static class DrawingTemplateEndpoints
{
    private static readonly ListSpec<DrawingTemplate> Templates = new ListSpec<DrawingTemplate>(t => t.Id)
        .Sort("name", t => t.Name)
        .Sort("created_at", t => t.CreatedAt)
        .Filter("type", t => t.Type)
        .DefaultSort("name");

    public static RouteGroupBuilder MapDrawingTemplates(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/drawing-templates").WithTags("Drawing templates (admin)").RequireAdmin();
        group.MapGet("/", ListAsync).WithList(Templates).WithSummary("Templates of recurring drawings");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A template");
        group.MapPost("/", CreateAsync).WithSummary("Add a template; the Worker makes and publishes its drawings ahead").Idempotent();
        group.MapPut("/{id:guid}", ChangeAsync).WithSummary("Change a template; drawings made already stay as they are");
        group.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Remove a template that no drawing was made of");
        return group;
    }

    private static async Task<Results<PageResult<DrawingTemplateItem>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, CancellationToken ct) =>
        await Templates.PageAsync(list, db.Set<DrawingTemplate>().AsNoTracking(), t => DrawingTemplateItem.Of(t), ct);

    private static async Task<Results<TaggedResult<DrawingTemplateItem>, NotFoundProblem>> ShowAsync(Guid id, FitTrackDbContext db, CancellationToken ct) =>
        await db.Set<DrawingTemplate>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct) is { } template ? Tag(template) : NotFound();

    private static async Task<Results<Created<DrawingTemplateItem>, ConflictProblem, InvalidProblem>> CreateAsync(
        DrawingTemplateRequest body, HttpContext context, WriteTemplate write, EntropySources entropy, IOptions<DrawingOptions> options, CancellationToken ct) =>
        await write.CreateAsync(body.ToDetails(options.Value, entropy.Default), context.AdminActor(), ct) switch
        {
            TemplateOutcome.Done { Template: var template } => TypedResults.Created($"/api/v1/admin/drawing-templates/{template.Id}", DrawingTemplateItem.Of(template)),
            TemplateOutcome.Invalid invalid => Invalid(invalid),
            _ => NameTaken(),
        };

    private static async Task<Results<TaggedResult<DrawingTemplateItem>, NotFoundProblem, ConflictProblem, InvalidProblem, PreconditionFailedProblem>> ChangeAsync(
        Guid id, DrawingTemplateRequest body, IfMatch ifMatch, HttpContext context, WriteTemplate write, EntropySources entropy, IOptions<DrawingOptions> options, CancellationToken ct) =>
        await write.ChangeAsync(id, version => ifMatch.Allows(EntityTag.Of(version)), body.ToDetails(options.Value, entropy.Default), context.AdminActor(), ct) switch
        {
            TemplateOutcome.Done { Template: var template } => Tag(template),
            TemplateOutcome.NotFound => NotFound(),
            TemplateOutcome.NameTaken => NameTaken(),
            TemplateOutcome.Invalid invalid => Invalid(invalid),
            _ => Problems.PreconditionFailed(),
        };

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> DeleteAsync(Guid id, IfMatch ifMatch, HttpContext context, WriteTemplate write, CancellationToken ct) =>
        await write.DeleteAsync(id, version => ifMatch.Allows(EntityTag.Of(version)), context.AdminActor(), ct) switch
        {
            TemplateOutcome.Done => TypedResults.NoContent(),
            TemplateOutcome.NotFound => NotFound(),
            TemplateOutcome.InUse => Problems.Conflict("Drawings were made of this template: it can be made inactive, but not removed."),
            _ => Problems.PreconditionFailed(),
        };

    private static TaggedResult<DrawingTemplateItem> Tag(DrawingTemplate template) => Tagged.Ok(DrawingTemplateItem.Of(template), EntityTag.Of(template.Version));

    private static NotFoundProblem NotFound() => Problems.NotFound("There is no such template.");

    private static ConflictProblem NameTaken() => Problems.Conflict("There is a template of this name.");

    private static InvalidProblem Invalid(TemplateOutcome.Invalid invalid) => Problems.Invalid(invalid.Problems.Select(p => new FieldError(p.Field, p.Message)));
}
