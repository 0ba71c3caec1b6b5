using Microsoft.Extensions.Options;

namespace FitTrack.Core.Competition;

/// <summary>
/// Days and periods in the competition's time zone (domain section 2). A day runs from midnight to midnight there, so
/// it has 23 or 25 hours when the clocks change; weeks begin on Monday.
/// </summary>
public sealed class CompetitionCalendar
{
    private static readonly PeriodKind[] Kinds = [PeriodKind.Daily, PeriodKind.Weekly, PeriodKind.Monthly, PeriodKind.Alltime];

    private readonly TimeSpan _grace;

    public CompetitionCalendar(IOptions<CompetitionOptions> options)
    {
        Zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
        _grace = TimeSpan.FromHours(options.Value.FinalAfterHours);
    }

    public TimeZoneInfo Zone { get; }

    /// <summary>The first day of a day's week.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    /// <summary>The competition day an instant falls in.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The first instant of a day, in UTC.</summary>
    /// <remarks>Some zones skip midnight when the clocks go forward: their day begins with the first time that exists.</remarks>
    public DateTimeOffset StartOf(DateOnly day) => At(day, TimeOnly.MinValue);

    /// <summary>A time of a day in UTC: of a time that is there twice the first, of one that is skipped the first after it.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        while (Zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The first instant after a day, in UTC.</summary>
    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    /// <summary>The period of a kind that a day belongs to.</summary>
    public Period PeriodOf(PeriodKind kind, DateOnly day) => kind switch
    {
        PeriodKind.Daily => Between(kind, day, day.AddDays(1)),
        PeriodKind.Weekly => Between(kind, MondayOf(day), MondayOf(day).AddDays(7)),
        PeriodKind.Monthly => Between(kind, FirstOfMonth(day), FirstOfMonth(day).AddMonths(1)),
        PeriodKind.Alltime => new Period(kind, Period.AlltimeStart, StartOf(Period.AlltimeStart), DateTimeOffset.MaxValue, DateTimeOffset.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of period."),
    };

    /// <summary>The day, week, month and all-time that a day belongs to.</summary>
    public IEnumerable<Period> PeriodsOf(DateOnly day) => Kinds.Select(kind => PeriodOf(kind, day));

    /// <summary>The period of a kind that an instant falls in.</summary>
    public Period Current(PeriodKind kind, DateTimeOffset now) => PeriodOf(kind, DayOf(now));

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);

    private Period Between(PeriodKind kind, DateOnly start, DateOnly next)
    {
        var end = StartOf(next);
        return new Period(kind, start, StartOf(start), end, end + _grace);
    }
}
