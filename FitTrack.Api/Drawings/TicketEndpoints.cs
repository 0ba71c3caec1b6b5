using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Claims;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Entering;
using FitTrack.Core.Drawings.Publishing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Drawings;

/// <param name="RulesVersion">The version of the official rules that the buyer was shown: refused when another one holds by now.</param>
public sealed record BuyTickets([property: Required] int? Quantity, int? RulesVersion);

/// <inheritdoc cref="BuyTickets"/>
public sealed record EnterFree(int? RulesVersion);

/// <param name="MemberId">Whose entry came by mail.</param>
public sealed record MailedEntry([property: Required] Guid? MemberId);

public sealed record BuyTicketsOf([property: Required] Guid? DrawingId, [property: Required] int? Quantity, int? RulesVersion);

/// <summary>One of the caller's own tickets.</summary>
public sealed record OwnTicket
{
    public required Guid Id { get; init; }
    public required Guid DrawingId { get; init; }
    public required string DrawingName { get; init; }
    public required DrawingStatus DrawingStatus { get; init; }
    public required TicketKind Kind { get; init; }

    /// <summary>Given when sales close.</summary>
    public required int? Number { get; init; }

    /// <summary>Points.</summary>
    public required int PricePaid { get; init; }
    public required DateTimeOffset PurchasedAt { get; init; }
    public required string? Prize { get; init; }
    public required bool IsWinner { get; init; }

    /// <summary>All of the caller's tickets in this drawing, however many of them are on this page.</summary>
    public required int TicketsInDrawing { get; init; }

    /// <summary>Points, for all of them.</summary>
    public required long SpentInDrawing { get; init; }
}

/// <param name="Salt">Hex, of the caller's pseudonym in this drawing; theirs alone to know. Null until sales close.</param>
public sealed record OwnEntry(Guid DrawingId, int PaidTickets, int FreeEntries, int RulesVersion, string? Salt);

/// <summary>Entering drawings, and the caller's own tickets.</summary>
internal static class TicketEndpoints
{
    private static readonly ListSpec<OwnTicket> Tickets = new ListSpec<OwnTicket>(t => t.Id)
        .Sort("purchased_at", t => t.PurchasedAt)
        .Sort("number", t => t.Number)
        .Filter("drawing_id", t => t.DrawingId)
        .Filter("status", t => t.DrawingStatus)
        .Filter("kind", t => t.Kind)
        .DefaultSort("-purchased_at");

    public static RouteGroupBuilder MapTickets(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").WithTags("Tickets").RequireAuthorization();
        group.MapGet("/tickets", ListAsync).WithList(Tickets).WithSummary("The caller's tickets over all drawings");
        group.MapPost("/tickets", (BuyTicketsOf body, IdempotencyHeader key, ClaimsPrincipal user, HttpResponse response, EnterDrawing enter, CancellationToken ct) =>
            BuyAsync(body.DrawingId!.Value, new BuyTickets(body.Quantity, body.RulesVersion), key, user, response, enter, ct)).WithSummary("Buy tickets").WithMetadata(new IdempotentMetadata());
        group.MapPost("/drawings/{id:guid}/tickets", BuyAsync).WithSummary("Buy tickets").WithMetadata(new IdempotentMetadata());
        group.MapPost("/drawings/{id:guid}/free-entry", EnterFreeAsync).WithSummary("Enter free of charge: no purchase necessary").WithMetadata(new IdempotentMetadata());
        group.MapGet("/drawings/{id:guid}/entry", ShowEntryAsync).WithSummary("The caller in a drawing, with the salt that checks their own tickets");
        return group;
    }

    private static Task<Results<PageResult<OwnTicket>, InvalidProblem>> ListAsync(ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, CancellationToken ct) =>
        Tickets.PageAsync(list, TicketsOf(db, user.RequiredMemberId()), t => t, ct);

    private static Task<Results<Created<EntryReceipt>, ForbiddenProblem, NotFoundProblem, ConflictProblem, InvalidProblem>> BuyAsync(
        Guid id, BuyTickets body, IdempotencyHeader key, ClaimsPrincipal user, HttpResponse response, EnterDrawing enter, CancellationToken ct)
    {
        var (caller, quantity) = (user.RequiredMemberId(), body.Quantity!.Value);
        var request = key.For(caller, "buy", id.ToString(), quantity.ToString(CultureInfo.InvariantCulture));
        return AnswerAsync(key, response, () => enter.BuyAsync(id, caller, quantity, request, ct, body.RulesVersion));
    }

    private static Task<Results<Created<EntryReceipt>, ForbiddenProblem, NotFoundProblem, ConflictProblem, InvalidProblem>> EnterFreeAsync(
        Guid id, EnterFree? body, IdempotencyHeader key, ClaimsPrincipal user, HttpResponse response, EnterDrawing enter, CancellationToken ct)
    {
        var caller = user.RequiredMemberId();
        return AnswerAsync(key, response, () => enter.EnterFreeAsync(id, caller, key.For(caller, "free-entry", id.ToString()), ct, body?.RulesVersion));
    }

    /// <summary>Maps what administrators do for members.</summary>
    public static void MapMailedEntries(this IEndpointRouteBuilder app) => app.MapGroup("/admin/drawings").WithTags("Drawings (admin)").RequireAdmin()
        .MapPost("/{id:guid}/free-entries", RecordMailedAsync).WithSummary("Record a member's free entry that came by mail").WithMetadata(new IdempotentMetadata());

    private static Task<Results<Created<EntryReceipt>, ForbiddenProblem, NotFoundProblem, ConflictProblem, InvalidProblem>> RecordMailedAsync(
        Guid id, MailedEntry body, IdempotencyHeader key, HttpContext context, EnterDrawing enter, CancellationToken ct)
    {
        var (admin, member) = (context.AdminActor(), body.MemberId!.Value);
        return AnswerAsync(key, context.Response, () => enter.EnterMailedAsync(id, member, key.For(context.User.RequiredMemberId(), "mailed-entry", $"{id}:{member}"), admin, ct));
    }

    private static async Task<Results<Ok<OwnEntry>, NotFoundProblem>> ShowEntryAsync(Guid id, ClaimsPrincipal user, FitTrackDbContext db, DrawingProofs proofs, CancellationToken ct)
    {
        var caller = user.RequiredMemberId();
        var entrant = await db.Set<DrawingEntrant>().AsNoTracking().SingleOrDefaultAsync(e => e.DrawingId == id && e.UserId == caller, ct);
        return entrant is null
            ? Problems.NotFound("You have not entered this drawing.")
            : TypedResults.Ok(new OwnEntry(id, entrant.PaidTickets, entrant.FreeEntries, entrant.RulesVersion, await proofs.FindSaltAsync(id, caller, ct)));
    }

    private static async Task<Results<Created<EntryReceipt>, ForbiddenProblem, NotFoundProblem, ConflictProblem, InvalidProblem>> AnswerAsync(
        IdempotencyHeader key, HttpResponse response, Func<Task<EntryOutcome>> enter)
    {
        if (key.Error is { } error) return error;
        var outcome = await enter();
        if (outcome is EntryOutcome.Repeated) response.Headers["Idempotency-Replayed"] = "true";
        return outcome switch
        {
            EntryOutcome.Entered entered => Created(entered.Receipt),
            EntryOutcome.Repeated repeated => Created(repeated.Receipt),
            EntryOutcome.KeyConflict => IdempotencyHeader.UsedForSomethingElse(),
            EntryOutcome.NotFound => Problems.NotFound("There is no such drawing."),
            EntryOutcome.Refused refused => Problems.Forbidden(refused.Reason),
            EntryOutcome.InvalidQuantity invalid => Problems.Invalid("quantity", $"Quantity must be 1 to {invalid.Most}"),
            EntryOutcome.InsufficientPoints poor => Problems.Conflict($"Insufficient points: {poor.Cost} needed, {poor.Balance} available"),
            EntryOutcome.RulesChanged changed => Problems.Conflict($"The official rules changed: version {changed.Current} holds for this drawing, not version {changed.Accepted}. Read them and enter again"),
            EntryOutcome.LimitReached limit => Problems.Conflict(limit.Reason),
            _ => Problems.Conflict(),
        };
    }

    private static Created<EntryReceipt> Created(EntryReceipt receipt) => TypedResults.Created($"/api/v1/tickets?filter[drawing_id]={receipt.DrawingId}", receipt);

    /// <summary>By way of the entrants, whose index knows the member.</summary>
    private static IQueryable<OwnTicket> TicketsOf(FitTrackDbContext db, Guid userId) =>
        from entrant in db.Set<DrawingEntrant>()
        where entrant.UserId == userId
        join drawing in db.Set<Drawing>() on entrant.DrawingId equals drawing.Id
        join ticket in db.Set<Ticket>() on new { entrant.DrawingId, entrant.UserId } equals new { ticket.DrawingId, ticket.UserId }
        from numbered in db.Set<NumberedTicket>().Where(n => n.TicketId == ticket.Id).DefaultIfEmpty()
        from pick in db.Set<DrawingPick>().Where(p => p.TicketId == ticket.Id && p.PrizeId != null).DefaultIfEmpty()
        from prize in db.Set<DrawingPrize>().Where(p => p.Id == pick.PrizeId).DefaultIfEmpty()
        select new OwnTicket
        {
            Id = ticket.Id,
            DrawingId = ticket.DrawingId,
            DrawingName = drawing.Name,
            DrawingStatus = drawing.Status,
            Kind = ticket.Kind,
            Number = numbered == null ? null : numbered.TicketNumber,
            PricePaid = ticket.PricePaid,
            PurchasedAt = ticket.PurchasedAt,
            Prize = prize == null ? null : prize.Name,
            IsWinner = prize != null,
            TicketsInDrawing = entrant.PaidTickets + entrant.FreeEntries,
            SpentInDrawing = (long)entrant.PaidTickets * drawing.TicketPrice,
        };
}
