using System.Security.Cryptography;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using FitTrack.Core.Drawings.Publishing;
using FitTrack.Core.Fulfillments;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Running;

/// <summary>Writes down what was drawn: the picks, the prizes on their way, and the mails that tell everybody.</summary>
public sealed class DrawResults(FitTrackDbContext db, AwardPrizes prizes, MemberDirectory members, DrawingSecrets secrets, Outbox outbox)
{
    internal async Task AwardAsync(Drawing drawing, TicketRoll roll, IReadOnlyList<Pick> picks, DateTimeOffset now, CancellationToken ct)
    {
        var prizeOfRank = drawing.Prizes.ToDictionary(p => (uint)p.Rank);
        var codes = await FreeCodesAsync(drawing, ct);
        var won = new List<WonPrize>();
        foreach (var pick in picks)
        {
            var (ticketId, userId) = (roll.TicketIds[pick.TicketNumber - 1], roll.Users[roll.HolderOfTicket[pick.TicketNumber - 1]]);
            var prize = prizeOfRank.GetValueOrDefault(pick.Rank);
            db.Add(DrawingPick.Create(drawing.Id, pick, ticketId, userId, prize?.Id));
            if (prize is null) continue;
            var code = prize.Kind == PrizeKind.Digital ? TakeCode(codes, prize.Id, now) : null;
            won.Add(new WonPrize(drawing.Id, drawing.Name, prize.Id, prize.Name, prize.Kind, prize.ValueCents, prize.Rank, pick.Slot, ticketId, pick.TicketNumber, userId, code));
        }

        prizes.Award(won, now);
        await TellParticipantsAsync(drawing, roll, won, ct);
    }

    private async Task TellParticipantsAsync(Drawing drawing, TicketRoll roll, List<WonPrize> won, CancellationToken ct)
    {
        // A mail names the first prizes; the page has them all.
        var shown = won.Take(10).ToList();
        var cards = await members.CardsAsync([.. shown.Select(w => w.UserId)], ct);
        var winners = shown.ConvertAll(w => new DrawingCompletedMail.Winner(w.Rank, w.PrizeName, cards.GetValueOrDefault(w.UserId).PublicName(), w.TicketNumber));
        foreach (var userId in roll.Users)
            outbox.Enqueue(MailTypes.DrawingCompleted, userId, new DrawingCompletedMail(drawing.Id, drawing.Name, roll.Count, winners), $"drawing_completed:{drawing.Id}:{userId}");
    }

    private async Task<Dictionary<Guid, Queue<PrizeCode>>> FreeCodesAsync(Drawing drawing, CancellationToken ct)
    {
        var digital = drawing.Prizes.Where(p => p.Kind == PrizeKind.Digital).Select(p => p.Id).ToList();
        var codes = digital.Count == 0 ? [] : await db.Set<PrizeCode>().Where(c => digital.Contains(c.PrizeId) && c.GivenAt == null).OrderBy(c => c.Id).ToListAsync(ct);
        return codes.GroupBy(c => c.PrizeId).ToDictionary(g => g.Key, g => new Queue<PrizeCode>(g));
    }

    /// <summary>A code of the sponsor's; where none was given, a claim code of our own that the sponsor honours.</summary>
    private string TakeCode(Dictionary<Guid, Queue<PrizeCode>> codes, Guid prizeId, DateTimeOffset now) =>
        codes.TryGetValue(prizeId, out var free) && free.TryDequeue(out var code)
            ? secrets.OpenCode(code.Give(now))
            : $"FT-{RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 16)}";
}
