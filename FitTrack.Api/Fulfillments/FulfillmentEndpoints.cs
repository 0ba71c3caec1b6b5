using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Security.Claims;
using FitTrack.Api.Accounts;
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
    [property: Required, RegularExpression("^[A-Z]{2}$")] string? State,
    [property: Required, RegularExpression("^[0-9]{5}(-[0-9]{4})?$")] string? PostalCode,
    [property: StringLength(30)] string? Phone)
{
    internal ShippingAddress Address => new(Name!.Trim(), Line1!.Trim(), Line2, City!.Trim(), State!, PostalCode!, Phone);
}

public sealed record ShipRequest(
    [property: Required, StringLength(50, MinimumLength = 1)] string? Carrier,
    [property: Required, StringLength(100, MinimumLength = 1)] string? TrackingNumber);

/// <summary>A won prize on its way.</summary>
/// <param name="HasAddress">The address itself is shown with the single prize only.</param>
public sealed record FulfillmentItem(
    Guid Id, Guid DrawingId, string DrawingName, int Rank, string PrizeName, PrizeKind Kind, long ValueCents, int TicketNumber, FulfillmentStatus Status, bool HasAddress,
    string? Carrier, string? TrackingNumber, DateTimeOffset CreatedAt, DateTimeOffset? NotifiedAt, DateTimeOffset? RespondBy, DateTimeOffset? AddressConfirmedAt,
    DateTimeOffset? ShippedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ForfeitedAt)
{
    internal static readonly Expression<Func<Fulfillment, FulfillmentItem>> Of = f => new FulfillmentItem(
        f.Id, f.DrawingId, f.DrawingName, f.Rank, f.PrizeName, f.Kind, f.ValueCents, f.TicketNumber, f.Status, f.SealedAddress != null,
        f.Carrier, f.TrackingNumber, f.CreatedAt, f.NotifiedAt, f.Status == FulfillmentStatus.WinnerNotified ? f.NotifiedAt!.Value.AddDays(14) : null, f.AddressConfirmedAt,
        f.ShippedAt, f.DeliveredAt, f.ForfeitedAt);

    internal static readonly Func<Fulfillment, FulfillmentItem> From = Of.Compile();
}

/// <param name="Code">Of a digital prize.</param>
public sealed record FulfillmentDetails(FulfillmentItem Prize, string Winner, ShippingAddress? Address, string? Code);

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
        group.MapGet("/", (ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, CancellationToken ct) => ListAsync(list, Own(db, user), ct)).WithList(Fulfillments).WithSummary("The caller's prizes");
        group.MapGet("/{id:guid}", (Guid id, ClaimsPrincipal user, FitTrackDbContext db, HandleFulfillment handle, MemberDirectory members, CancellationToken ct) =>
            ShowAsync(id, Own(db, user), user, handle, members, ct)).WithSummary("A prize of the caller's, with address and code");
        group.MapPut("/{id:guid}/address", ConfirmAddressAsync).WithSummary("Say where a physical prize is to be sent");
        return group;
    }

    public static RouteGroupBuilder MapAdminFulfillments(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/fulfillments").WithTags("Fulfillments (admin)").RequireAdmin();
        group.MapGet("/", (ListRequest list, FitTrackDbContext db, CancellationToken ct) => ListAsync(list, db.Set<Fulfillment>().AsNoTracking(), ct)).WithList(Fulfillments).WithSummary("All prizes");
        group.MapGet("/{id:guid}", (Guid id, ClaimsPrincipal user, FitTrackDbContext db, HandleFulfillment handle, MemberDirectory members, CancellationToken ct) =>
            ShowAsync(id, db.Set<Fulfillment>().AsNoTracking(), user, handle, members, ct)).WithSummary("A prize, with winner, address and code; the reading is noted");
        group.MapPost("/{id:guid}/ship", ShipAsync).WithSummary("The parcel is on its way");
        group.MapPost("/{id:guid}/deliver", DeliverAsync).WithSummary("The parcel arrived");
        return group;
    }

    private static IQueryable<Fulfillment> Own(FitTrackDbContext db, ClaimsPrincipal user)
    {
        var caller = user.RequiredMemberId();
        return db.Set<Fulfillment>().AsNoTracking().Where(f => f.UserId == caller);
    }

    private static Task<Results<PageResult<FulfillmentItem>, InvalidProblem>> ListAsync(ListRequest list, IQueryable<Fulfillment> among, CancellationToken ct) =>
        Fulfillments.PageAsync(list, among, FulfillmentItem.Of, ct);

    private static async Task<Results<TaggedResult<FulfillmentDetails>, NotFoundProblem>> ShowAsync(
        Guid id, IQueryable<Fulfillment> among, ClaimsPrincipal user, HandleFulfillment handle, MemberDirectory members, CancellationToken ct)
    {
        if (await among.SingleOrDefaultAsync(f => f.Id == id, ct) is not { } fulfillment) return Problems.NotFound("There is no such prize.");
        var (address, code) = await handle.ReadSealedAsync(fulfillment, user.RequiredMemberId(), ct);
        var winner = (await members.CardsAsync([fulfillment.UserId], ct)).GetValueOrDefault(fulfillment.UserId)?.DisplayName ?? WinnerNames.Hidden;
        return Tagged.Ok(new FulfillmentDetails(FulfillmentItem.From(fulfillment), winner, address, code), EntityTag.Of(fulfillment.Version));
    }

    private static async Task<Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem>> ConfirmAddressAsync(
        Guid id, AddressRequest body, ClaimsPrincipal user, HandleFulfillment handle, CancellationToken ct) =>
        Answer(await handle.ConfirmAddressAsync(id, user.RequiredMemberId(), body.Address, ct));

    private static async Task<Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem>> ShipAsync(Guid id, ShipRequest body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        Answer(await handle.ShipAsync(id, http.User.RequiredMemberId(), http.Connection.RemoteIpAddress?.ToString(), body.Carrier!.Trim(), body.TrackingNumber!.Trim(), ct));

    private static async Task<Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem>> DeliverAsync(Guid id, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        Answer(await handle.DeliverAsync(id, http.User.RequiredMemberId(), http.Connection.RemoteIpAddress?.ToString(), ct));

    private static Results<Ok<FulfillmentItem>, NotFoundProblem, ConflictProblem> Answer(FulfillmentOutcome outcome) => outcome switch
    {
        FulfillmentOutcome.Done done => TypedResults.Ok(FulfillmentItem.From(done.Fulfillment)),
        FulfillmentOutcome.Impossible impossible => Problems.Conflict(impossible.Reason),
        _ => Problems.NotFound("There is no such prize."),
    };
}
