using System.ComponentModel.DataAnnotations;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Fulfillments;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Fulfillments;

public sealed record ShipItem(
    [property: Required] Guid? Id,
    [property: Required, StringLength(50, MinimumLength = 1)] string? Carrier,
    [property: Required, StringLength(100, MinimumLength = 1)] string? TrackingNumber);

public sealed record ShipMany([property: Required, MinLength(1), MaxLength(FulfillmentBulkEndpoints.Most)] IReadOnlyList<ShipItem>? Items);

public sealed record DeliverMany([property: Required, MinLength(1), MaxLength(FulfillmentBulkEndpoints.Most)] IReadOnlyList<Guid>? Ids);

/// <param name="Status">200, or the status that the single action would have answered: 404 or 409.</param>
/// <param name="Reason">Why not.</param>
public sealed record BulkItem(Guid Id, int Status, string? Reason, FulfillmentItem? Prize);

/// <summary>Each item by itself, in the order asked: some may be done while others are refused.</summary>
public sealed record BulkOutcome(int Done, int Refused, IReadOnlyList<BulkItem> Items);

/// <summary>Many prizes at once: shipping, delivery, and the winners as a file.</summary>
internal static class FulfillmentBulkEndpoints
{
    public const int Most = 100;

    public static void MapFulfillmentBulk(this RouteGroupBuilder group)
    {
        group.MapPost("/ship", (ShipMany body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
            EachAsync(body.Items!, i => i.Id!.Value, i => handle.ShipAsync(i.Id!.Value, http.AdminActor(), i.Carrier!.Trim(), i.TrackingNumber!.Trim(), ct))).WithSummary("Up to 100 parcels are on their way; each item has its own outcome");
        group.MapPost("/deliver", (DeliverMany body, HttpContext http, HandleFulfillment handle, CancellationToken ct) =>
            EachAsync(body.Ids!, id => id, id => handle.DeliverAsync(id, http.AdminActor(), ct))).WithSummary("Up to 100 parcels arrived; each item has its own outcome");
        group.MapGet("/export", ExportAsync).WithList(AdminFulfillmentEndpoints.Queue(default)).Produces<string>(StatusCodes.Status200OK, CsvResult.ContentType)
            .WithSummary("Winners as CSV, filtered as the list is; addresses only with addresses=true, and noted").DisableRequestTimeout();
    }

    private static async Task<Ok<BulkOutcome>> EachAsync<T>(IReadOnlyList<T> items, Func<T, Guid> id, Func<T, Task<FulfillmentOutcome>> change)
    {
        var outcomes = new List<BulkItem>(items.Count);
        foreach (var item in items)
        {
            outcomes.Add(await change(item) switch
            {
                FulfillmentOutcome.Done done => new BulkItem(id(item), StatusCodes.Status200OK, null, FulfillmentItem.From(done.Fulfillment)),
                FulfillmentOutcome.Impossible impossible => new BulkItem(id(item), StatusCodes.Status409Conflict, impossible.Reason, null),
                _ => new BulkItem(id(item), StatusCodes.Status404NotFound, "There is no such prize.", null),
            });
        }

        var refused = outcomes.Count(o => o.Reason is not null);
        return TypedResults.Ok(new BulkOutcome(outcomes.Count - refused, refused, outcomes));
    }

    private static Results<CsvResult, InvalidProblem> ExportAsync(ListRequest list, string? addresses, HttpContext http, FitTrackDbContext db, ExportWinners export, TimeProvider clock)
    {
        var errors = new List<FieldError>();
        var now = clock.Now();
        var prizes = AdminFulfillmentEndpoints.Queue(now).All(list, db.Set<Fulfillment>().AsNoTracking(), errors);
        if (!bool.TryParse(addresses ?? "false", out var withAddresses)) errors.Add(new FieldError("addresses", "The value must be true or false."));
        if (errors.Count > 0) return Problems.Invalid(errors);
        var admin = http.AdminActor();
        return new CsvResult($"winners-{now.UtcDateTime:yyyyMMdd-HHmmss}.csv", ct => export.ReadAsync(prizes, withAddresses, admin, ct));
    }

    /// <summary>A file, written as it is read.</summary>
    internal sealed class CsvResult(string fileName, Func<CancellationToken, IAsyncEnumerable<string>> read) : IResult
    {
        public const string ContentType = "text/csv";

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            (response.ContentType, response.Headers.CacheControl, response.Headers.ContentDisposition) = ($"{ContentType}; charset=utf-8", "no-store", $"attachment; filename=\"{fileName}\"");
            await foreach (var piece in read(httpContext.RequestAborted)) await response.WriteAsync(piece, httpContext.RequestAborted);
        }
    }
}
