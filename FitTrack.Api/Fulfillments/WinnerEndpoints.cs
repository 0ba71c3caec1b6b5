using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Fulfillments;

/// <summary>Somebody who has a prize.</summary>
/// <param name="DisplayName">Of a member who hides, is suspended or has gone: <c>Hidden member</c>.</param>
/// <param name="ValueCents">US cents.</param>
/// <param name="WonAt">When it was awarded: the draw, or the forfeit that passed it on.</param>
public sealed record PublicWinner(Guid DrawingId, string DrawingName, int Rank, string Prize, long ValueCents, int TicketNumber, string DisplayName, DateTimeOffset WonAt);

/// <summary>Who has won what, for everybody. Forfeited prizes are listed with whom they went to.</summary>
internal static class WinnerEndpoints
{
    private static readonly ListSpec<Fulfillment> Winners = new ListSpec<Fulfillment>(f => f.Id)
        .Sort("won_at", f => f.CreatedAt)
        .Sort("value_cents", f => f.ValueCents)
        .Filter("drawing_id", f => f.DrawingId)
        .DefaultSort("-won_at");

    public static void MapWinners(this IEndpointRouteBuilder app) =>
        app.MapGet("/winners", ListAsync).WithTags("Fulfillments").AllowAnonymous().WithList(Winners).WithSummary("The winners list: display names and prizes, newest first");

    private static Task<Results<PageResult<PublicWinner>, InvalidProblem>> ListAsync(ListRequest list, FitTrackDbContext db, MemberDirectory members, CancellationToken ct)
    {
        var held = db.Set<Fulfillment>().AsNoTracking().Where(f => f.Status != FulfillmentStatus.Forfeited && f.Status != FulfillmentStatus.ReturnedToSponsor);
        return Winners.PageOfRowsAsync(list, held, async found =>
        {
            var cards = await members.CardsAsync([.. found.Select(f => f.UserId).Distinct()], ct);
            return found.ConvertAll(f => new PublicWinner(f.DrawingId, f.DrawingName, f.Rank, f.PrizeName, f.ValueCents, f.TicketNumber, cards.GetValueOrDefault(f.UserId).PublicName(), f.CreatedAt));
        }, ct);
    }
}
