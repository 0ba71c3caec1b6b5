using FitTrack.Core.Data;
using FitTrack.Core.Privacy;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Fulfillments;

internal sealed class FulfillmentsPersonalData(FitTrackDbContext db, HandleFulfillment handle) : IPersonalData
{
    private static readonly FulfillmentStatus[] Settled = [FulfillmentStatus.Delivered, FulfillmentStatus.Forfeited, FulfillmentStatus.ReturnedToSponsor];

    public IEnumerable<PersonalTable> Tables(Guid userId) =>
    [
        new PersonalTable<Fulfillment>("prizes", Of(userId)).ShownAs(async prize =>
        {
            // The owner reads it, which is noted like every reading.
            var (address, code) = await handle.ReadSealedAsync(prize, null, CancellationToken.None);
            return new { prize, address, code };
        }).ErasedBy((prizes, ct) => prizes.ExecuteUpdateAsync(
            s => s.SetProperty(f => f.SealedAddress, (string?)null).SetProperty(f => f.SealedCode, (string?)null).SetProperty(f => f.TrackingNumber, (string?)null), ct)),
        new PersonalTable<FulfillmentEvent>("prize-events", db.Set<FulfillmentEvent>().Where(e => Of(userId).Any(f => f.Id == e.FulfillmentId))).ErasedBy((events, ct) =>
            events.ExecuteUpdateAsync(s => s.SetProperty(e => e.Note, (string?)null), ct)),
    ];

    public async Task<bool> IsSettledAsync(Guid userId, CancellationToken ct) => await Of(userId).AllAsync(f => Settled.Contains(f.Status), ct);

    private IQueryable<Fulfillment> Of(Guid userId) => db.Set<Fulfillment>().Where(f => f.UserId == userId);
}
