using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Fulfillments;

/// <summary>Winners and their prizes as CSV (RFC 4180). Codes are never in it, addresses only if asked for; either is in the audit log.</summary>
public sealed class ExportWinners(FitTrackDbContext db, FulfillmentSecrets secrets, MemberDirectory members, AuditLog audit, TimeProvider clock)
{
    private const int AtOnce = 500;

    private static readonly string[] Columns =
        ["fulfillment_id", "drawing", "drawing_id", "rank", "prize", "kind", "value_usd", "ticket", "winner", "member_id", "status", "won_at", "address_confirmed_at", "shipped_at", "delivered_at", "forfeited_at", "carrier", "tracking_number"];

    private static readonly string[] AddressColumns = ["name", "line1", "line2", "city", "state", "postal_code", "phone"];

    /// <summary>What a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection).</summary>
    private static readonly CsvConfiguration Csv = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" };

    /// <summary>The file in pieces, each noted before it is given out.</summary>
    /// <param name="prizes">Which, in order.</param>
    /// <param name="withAddresses">Reads every address, which is noted with each prize.</param>
    public async IAsyncEnumerable<string> ReadAsync(IQueryable<Fulfillment> prizes, bool withAddresses, AdminActor admin, [EnumeratorCancellation] CancellationToken ct)
    {
        var ids = await prizes.Select(f => f.Id).ToListAsync(ct);
        await using (var transaction = await db.Database.BeginTransactionAsync(ct))
        {
            await audit.AppendAsync(AuditRecord.Of(admin, "fulfillment.export", "fulfillment", "winners", null, new { prizes = ids.Count, withAddresses }), ct);
            await transaction.CommitAsync(ct);
        }

        yield return Text([withAddresses ? [.. Columns, .. AddressColumns] : Columns]);
        foreach (var chunk in ids.Chunk(AtOnce))
        {
            var found = await db.Set<Fulfillment>().AsNoTracking().Where(f => chunk.Contains(f.Id)).ToDictionaryAsync(f => f.Id, ct);
            var rows = chunk.Where(found.ContainsKey).Select(id => found[id]).ToList();
            var cards = await members.CardsAsync([.. rows.Select(f => f.UserId).Distinct()], ct);
            if (withAddresses) await NoteReadingsAsync(rows, admin, ct);
            yield return Text(rows.Select(f => withAddresses ? [.. Row(f, cards), .. Address(f)] : Row(f, cards)));
        }
    }

    private static string Text(IEnumerable<string?[]> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, Csv);
        foreach (var row in rows)
        {
            foreach (var field in row) csv.WriteField(field);
            csv.NextRecord();
        }

        csv.Flush();
        return text.ToString();
    }

    private static string?[] Row(Fulfillment f, Dictionary<Guid, MemberCard> cards) =>
    [
        f.Id.ToString(), f.DrawingName, f.DrawingId.ToString(), Number(f.Rank), f.PrizeName, Naming.Snake(f.Kind.ToString()), (f.ValueCents / 100m).ToString("0.00", CultureInfo.InvariantCulture),
        Number(f.TicketNumber), cards.GetValueOrDefault(f.UserId)?.DisplayName, f.UserId.ToString(), Naming.Snake(f.Status.ToString()),
        Time(f.CreatedAt), Time(f.AddressConfirmedAt), Time(f.ShippedAt), Time(f.DeliveredAt), Time(f.ForfeitedAt), f.Carrier, f.TrackingNumber,
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string?[] Address(Fulfillment f) => f.SealedAddress is { } given && secrets.OpenAddress(given) is var a
        ? [a.Name, a.Line1, a.Line2, a.City, a.State, a.PostalCode, a.Phone]
        : new string?[AddressColumns.Length];

    private async Task NoteReadingsAsync(List<Fulfillment> rows, AdminActor admin, CancellationToken ct)
    {
        var now = clock.Now();
        db.AddRange(rows.Where(f => f.SealedAddress is not null).Select(f => FulfillmentEvent.Of(f.Id, FulfillmentEventKind.AddressRead, admin.Id, now, "Winners export")));
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }
}
