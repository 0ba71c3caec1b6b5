using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Drawings.Running;

/// <summary>How near a year's prizes are to the value from which a state wants sweepstakes registered.</summary>
public enum PrizeValueLevel
{
    Below,

    /// <summary>80 % or more.</summary>
    Near,

    Reached,
}

/// <param name="ValueCents">US cents.</param>
public sealed record DrawingWorth(Guid DrawingId, string Name, DateTimeOffset DrawAt, long ValueCents);

/// <summary>What the prizes of a year's drawings are worth.</summary>
/// <param name="Year">Of the draw times, in the competition time zone.</param>
/// <param name="ValueCents">US cents promised by every drawing that was scheduled and not cancelled.</param>
/// <param name="Drawings">The most valuable first, at most 100.</param>
public sealed record YearOfPrizes(int Year, long ValueCents, long ThresholdCents, PrizeValueLevel Level, IReadOnlyList<DrawingWorth> Drawings);

/// <summary>
/// Keeps each drawing's worth in the year's account, against the registration threshold (domain section 5; <c>docs/sweepstakes-rules.md</c>).
/// It refuses nothing: whether to register or to promise less is for people to decide, who are told in time.
/// </summary>
public sealed class PrizeAccount(FitTrackDbContext db, CompetitionCalendar calendar, MemberDirectory members, AuditLog audit, Outbox outbox, IOptions<DrawingOptions> options, TimeProvider clock)
{
    private const int MostShown = 100;

    private long Threshold => options.Value.RegistrationThresholdCents;

    /// <param name="year">Null for this year.</param>
    public async Task<YearOfPrizes> YearAsync(int? year, CancellationToken ct)
    {
        var wanted = year ?? calendar.DayOf(clock.GetUtcNow()).Year;
        var values = db.Set<PrizeValue>().Where(v => v.CalendarYear == wanted && v.ValueCents > 0);
        var total = await values.SumAsync(v => v.ValueCents, ct);
        var drawings = await values.Join(db.Set<Drawing>(), v => v.DrawingId, d => d.Id, (v, d) => new { d.Id, d.Name, d.DrawAt, v.ValueCents })
            .OrderByDescending(d => d.ValueCents).ThenBy(d => d.Id).Take(MostShown).ToListAsync(ct);
        return new YearOfPrizes(wanted, total, Threshold, LevelOf(total), drawings.ConvertAll(d => new DrawingWorth(d.Id, d.Name, d.DrawAt, d.ValueCents)));
    }

    /// <summary>Of a drawing that was scheduled, or changed since. Administrators are told when it takes the year to 80 % or to the threshold.</summary>
    internal async Task RecordAsync(Drawing drawing, DateTimeOffset now, CancellationToken ct)
    {
        // Of two drawings at once the second sees the first, so that together they cannot pass a mark unseen.
        await audit.HoldAsync(ct);
        var (year, value) = (calendar.DayOf(drawing.DrawAt).Year, drawing.Prizes.Sum(p => p.Quantity * p.ValueCents));
        var known = await db.Set<PrizeValue>().SingleOrDefaultAsync(v => v.DrawingId == drawing.Id, ct);
        var total = await db.Set<PrizeValue>().Where(v => v.CalendarYear == year).SumAsync(v => v.ValueCents, ct);
        var promised = total - (known?.ValueCents ?? 0) + value;
        if (known is null) db.Add(PrizeValue.Create(drawing.Id, year, value, now));
        else known.Record(year, value, now);
        if (LevelOf(promised) <= LevelOf(total)) return;

        var mail = new PrizeValueMail(year, promised, Threshold, drawing.Name);
        foreach (var admin in await members.AdministratorsAsync(ct)) outbox.Enqueue(MailTypes.PrizeValue, admin, mail, $"prize_value:{drawing.Id}:{drawing.Version}:{admin}");
    }

    private PrizeValueLevel LevelOf(long cents) => cents >= Threshold ? PrizeValueLevel.Reached : cents * 5 >= Threshold * 4 ? PrizeValueLevel.Near : PrizeValueLevel.Below;
}
