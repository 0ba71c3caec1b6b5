using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Fulfillments;

public sealed record AddressRequest(
    [property: Required, StringLength(120, MinimumLength = 1)] string? Name,
    [property: Required, StringLength(120, MinimumLength = 1)] string? Line1,
    [property: StringLength(120)] string? Line2,
    [property: Required, StringLength(80, MinimumLength = 1)] string? City,
    [property: Required, RegularExpression(AddressRequest.States, ErrorMessage = "Two letters of a state or territory, such as TX.")] string? State,
    [property: Required, RegularExpression("^[0-9]{5}(-[0-9]{4})?$", ErrorMessage = "Five digits, or nine such as 78701-1234.")] string? PostalCode,
    [property: StringLength(30)] string? Phone)
{
    /// <summary>States, territories and the military's post offices, by their postal codes.</summary>
    internal const string States =
        "^(A[AEKLPRSZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOPST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])$";

    internal ShippingAddress Address => new(Name!.Trim(), Line1!.Trim(), Line2, City!.Trim(), State!, PostalCode!, Phone);
}

/// <summary>A won prize on its way.</summary>
/// <param name="HasAddress">The address itself is shown with the single prize only.</param>
public sealed record FulfillmentItem(
    Guid Id, Guid DrawingId, string DrawingName, int Rank, string PrizeName, PrizeKind Kind, long ValueCents, int TicketNumber, FulfillmentStatus Status, bool HasAddress,
    string? Carrier, string? TrackingNumber, DateTimeOffset CreatedAt, DateTimeOffset? NotifiedAt, DateTimeOffset? RespondBy, DateTimeOffset? AddressConfirmedAt,
    DateTimeOffset? ShippedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ForfeitedAt, DateTimeOffset? ReturnedAt)
{
    internal static readonly Expression<Func<Fulfillment, FulfillmentItem>> Of = f => new FulfillmentItem(
        f.Id, f.DrawingId, f.DrawingName, f.Rank, f.PrizeName, f.Kind, f.ValueCents, f.TicketNumber, f.Status, f.SealedAddress != null,
        f.Carrier, f.TrackingNumber, f.CreatedAt, f.NotifiedAt, f.Status == FulfillmentStatus.WinnerNotified ? f.NotifiedAt!.Value.AddDays(14) : null, f.AddressConfirmedAt,
        f.ShippedAt, f.DeliveredAt, f.ForfeitedAt, f.ReturnedAt);

    internal static readonly Func<Fulfillment, FulfillmentItem> From = Of.Compile();
}

/// <summary>Something that happened to a prize; readings of address and code too.</summary>
/// <param name="ActorId">Who did it, for administrators; the winner sees their own id only. Null for FitTrack itself.</param>
public sealed record FulfillmentStep(FulfillmentEventKind Kind, DateTimeOffset HappenedAt, Guid? ActorId, string? Note);

/// <param name="Code">Of a digital prize.</param>
/// <param name="History">Oldest first.</param>
public sealed record FulfillmentDetails(FulfillmentItem Prize, string Winner, ShippingAddress? Address, string? Code, IReadOnlyList<FulfillmentStep> History);

/// <summary>A member's own prizes.</summary>
internal static class FulfillmentEndpoints
{
    private static readonly ListSpec<Fulfillment> Fulfillments = new ListSpec<Fulfillment>(f => f.Id)
        .Sort("created_at", f => f.CreatedAt)
        .Sort("notified_at", f => f.NotifiedAt)
        .Filter("status", f => f.Status)
        .Filter("kind", f => f.Kind)
        .Filter("drawing_id", f => f.DrawingId)
        .DefaultSort("-created_at");

    public static RouteGroupBuilder MapFulfillments(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/fulfillments").WithTags("Fulfillments").RequireAuthorization();
        group.MapGet("/", ListAsync).WithList(Fulfillments).WithSummary("The caller's prizes");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A prize of the caller's, with address, code and history; the reading is noted");
        group.MapPut("/{id:guid}/address", ConfirmAddressAsync).WithSummary("Say where a physical prize is to be sent");
        return group;
    }

    private static Task<Results<PageResult<FulfillmentItem>, InvalidProblem>> ListAsync(ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, CancellationToken ct) =>
        Fulfillments.PageAsync(list, Own(db, user), FulfillmentItem.Of, ct);

    private static async Task<Results<TaggedResult<FulfillmentDetails>, NotFoundProblem>> ShowAsync(Guid id, ClaimsPrincipal user, FitTrackDbContext db, FulfillmentReader reader, CancellationToken ct) =>
        await Own(db, user).SingleOrDefaultAsync(f => f.Id == id, ct) is { } fulfillment ? await reader.ShowAsync(fulfillment, null, ct) : NoSuchPrize();

    private static async Task<Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem>> ConfirmAddressAsync(
        Guid id, AddressRequest body, ClaimsPrincipal user, HandleFulfillment handle, CancellationToken ct) =>
        Answer(await handle.ConfirmAddressAsync(id, user.RequiredMemberId(), body.Address, ct));

    private static IQueryable<Fulfillment> Own(FitTrackDbContext db, ClaimsPrincipal user)
    {
        var caller = user.RequiredMemberId();
        return db.Set<Fulfillment>().AsNoTracking().Where(f => f.UserId == caller);
    }

    internal static Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem> Answer(FulfillmentOutcome outcome) => outcome switch
    {
        FulfillmentOutcome.Done done => TypedResults.Ok(FulfillmentItem.From(done.Fulfillment)),
        FulfillmentOutcome.Impossible impossible => Problems.Conflict(impossible.Reason),
        _ => NoSuchPrize(),
    };

    internal static NotFoundProblem NoSuchPrize() => Problems.NotFound("There is no such prize.");
}

/// <summary>Reads what is shown of single prizes.</summary>
internal sealed class FulfillmentReader(FitTrackDbContext db, HandleFulfillment handle, MemberDirectory members)
{
    /// <param name="admin">Null for the winner.</param>
    public async Task<TaggedResult<FulfillmentDetails>> ShowAsync(Fulfillment fulfillment, AdminActor? admin, CancellationToken ct)
    {
        var (address, code) = await handle.ReadSealedAsync(fulfillment, admin, ct);
        var winner = (await members.CardsAsync([fulfillment.UserId], ct)).GetValueOrDefault(fulfillment.UserId)?.DisplayName ?? WinnerNames.Hidden;
        var events = await db.Set<FulfillmentEvent>().AsNoTracking().Where(e => e.FulfillmentId == fulfillment.Id).ToListAsync(ct);
        var history = events.OrderBy(e => e.HappenedAt).ThenBy(e => e.Kind).Select(e => new FulfillmentStep(e.Kind, e.HappenedAt, admin is null && e.ActorId != fulfillment.UserId ? null : e.ActorId, e.Note));
        return Tagged.Ok(new FulfillmentDetails(FulfillmentItem.From(fulfillment), winner, address, code, [.. history]), EntityTag.Of(fulfillment.Version));
    }
}
