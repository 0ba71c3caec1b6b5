using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ChangeResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<FitTrack.Api.Fulfillments.FulfillmentItem>, FitTrack.Api.Http.NotFoundProblem, FitTrack.Api.Http.ConflictProblem>;

namespace FitTrack.Api.Fulfillments;

public sealed record ShipRequest(
    [property: Required, StringLength(50, MinimumLength = 1)] string? Carrier,
    [property: Required, StringLength(100, MinimumLength = 1)] string? TrackingNumber);

/// <param name="Reason">The winner reads it.</param>
public sealed record FulfillmentReason([property: Required, StringLength(FulfillmentEvent.MaxNote, MinimumLength = 1)] string? Reason);

/// <summary>A prize in the administrators' queue.</summary>
/// <param name="IsOverdue">Waits too long: 14 days for an address, 7 for being shipped, 30 for its arrival.</param>
public sealed record QueuedFulfillment(FulfillmentItem Prize, Guid UserId, string Winner, bool IsOverdue);

/// <summary>The administrators' queue of prizes.</summary>
internal static class AdminFulfillmentEndpoints
{
    public static RouteGroupBuilder MapAdminFulfillments(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/fulfillments").WithTags("Fulfillments (admin)").RequireAdmin();
        group.MapGet("/", ListAsync).WithList(Queue(default)).WithSummary("All prizes, with their winners");
        group.MapGet("/{id:guid}", ShowAsync).WithSummary("A prize, with winner, address, code and history; the reading is noted");
        group.MapPost("/{id:guid}/ship", ShipAsync).WithSummary("The parcel is on its way");
        group.MapPost("/{id:guid}/deliver", DeliverAsync).WithSummary("The parcel arrived");
        group.MapPost("/{id:guid}/forfeit", ForfeitAsync).WithSummary("Take a prize from its winner: the next alternate gets it, or the sponsor when none is left");
        group.MapPost("/{id:guid}/return", ReturnAsync).WithSummary("Give a prize back to its sponsor, and to no alternate");
        group.MapFulfillmentBulk();
        return group;
    }

    private static Task<Results<PageResult<QueuedFulfillment>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, MemberDirectory members, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.Now();
        return Queue(now).PageOfRowsAsync(list, db.Set<Fulfillment>().AsNoTracking(), async found =>
        {
            var cards = await members.CardsAsync([.. found.Select(f => f.UserId).Distinct()], ct);
            var waitsTooLong = Fulfillment.WaitsTooLong(now).Compile();
            return found.ConvertAll(f => new QueuedFulfillment(FulfillmentItem.From(f), f.UserId, cards.GetValueOrDefault(f.UserId)?.DisplayName ?? WinnerNames.Hidden, waitsTooLong(f)));
        }, ct);
    }

    private static async Task<Results<TaggedResult<FulfillmentDetails>, NotFoundProblem>> ShowAsync(Guid id, HttpContext http, FitTrackDbContext db, FulfillmentReader reader, CancellationToken ct) =>
        await db.Set<Fulfillment>().AsNoTracking().SingleOrDefaultAsync(f => f.Id == id, ct) is { } fulfillment
            ? await reader.ShowAsync(fulfillment, http.AdminActor(), ct)
            : FulfillmentEndpoints.NoSuchPrize();

    private static async Task<ChangeResult> ShipAsync(Guid id, ShipRequest body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        FulfillmentEndpoints.Answer(await handle.ShipAsync(id, http.AdminActor(), body.Carrier!.Trim(), body.TrackingNumber!.Trim(), ct));

    private static async Task<ChangeResult> DeliverAsync(Guid id, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        FulfillmentEndpoints.Answer(await handle.DeliverAsync(id, http.AdminActor(), ct));

    private static async Task<ChangeResult> ForfeitAsync(Guid id, FulfillmentReason body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        FulfillmentEndpoints.Answer(await handle.ForfeitAsync(id, http.AdminActor(), body.Reason!.Trim(), ct));

    private static async Task<ChangeResult> ReturnAsync(Guid id, FulfillmentReason body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
        FulfillmentEndpoints.Answer(await handle.ReturnAsync(id, http.AdminActor(), body.Reason!.Trim(), ct));

    /// <summary>What is overdue depends on the hour.</summary>
    internal static ListSpec<Fulfillment> Queue(DateTimeOffset now) => new ListSpec<Fulfillment>(f => f.Id)
        .Sort("created_at", f => f.CreatedAt)
        .Sort("notified_at", f => f.NotifiedAt)
        .Sort("address_confirmed_at", f => f.AddressConfirmedAt)
        .Sort("shipped_at", f => f.ShippedAt)
        .Sort("value_cents", f => f.ValueCents)
        .Sort("prize", f => f.PrizeName)
        .Sort("status", f => f.Status)
        .Filter("status", f => f.Status)
        .Filter("kind", f => f.Kind)
        .Filter("drawing_id", f => f.DrawingId)
        .Filter("user_id", f => f.UserId)
        .Filter("overdue", (bool isOverdue) => Overdue(isOverdue, now))
        .DefaultSort("-created_at");

    private static Expression<Func<Fulfillment, bool>> Overdue(bool isOverdue, DateTimeOffset now)
    {
        var waits = Fulfillment.WaitsTooLong(now);
        return isOverdue ? waits : Expression.Lambda<Func<Fulfillment, bool>>(Expression.Not(waits.Body), waits.Parameters);
    }
}
