using FitTrack.Core.Competition;

namespace FitTrack.Core.Drawings.Templates;

/// <summary>When the drawings of a template draw, in the competition's time zone.</summary>
/// <param name="Type">Every day, week, month or year.</param>
/// <param name="MinuteOfDay">0 to 1439, by the clock on the wall.</param>
/// <param name="Day">Weekly: 1 (Monday) to 7. Monthly and annual: 1 to 31, the month's last day where it has fewer. Null for daily ones.</param>
/// <param name="Month">1 to 12, of annual drawings; null for others.</param>
public sealed record TemplateRhythm(DrawingType Type, int MinuteOfDay, int? Day, int? Month)
{
    /// <summary>The days of a draw between two days, both included.</summary>
    public IEnumerable<DateOnly> Days(DateOnly from, DateOnly until)
    {
        for (var day = from; day <= until; day = day.AddDays(1))
        {
            if (IsOn(day)) yield return day;
        }
    }

    /// <summary>A time that the clocks skip moves on to the first that exists; of two, the first is meant.</summary>
    public DateTimeOffset DrawAt(DateOnly day, CompetitionCalendar calendar) => calendar.At(day, TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(MinuteOfDay)));

    private bool IsOn(DateOnly day) => Type switch
    {
        DrawingType.Daily => true,
        DrawingType.Weekly => ((int)day.DayOfWeek + 6) % 7 == Day - 1,
        DrawingType.Monthly => day.Day == InMonth(day),
        _ => day.Month == Month && day.Day == InMonth(day),
    };

    private int InMonth(DateOnly day) => Math.Min(Day ?? 1, DateTime.DaysInMonth(day.Year, day.Month));

    internal IEnumerable<DrawingProblem> Problems()
    {
        if (MinuteOfDay is < 0 or >= 24 * 60) yield return new("drawTime", "Draw time must be a time of the day");
        if (Type == DrawingType.Daily && Day is not null) yield return new("day", "Daily drawings have no day");
        if (Type == DrawingType.Weekly && Day is not (>= 1 and <= 7)) yield return new("day", "Weekly drawings need a day from 1 (Monday) to 7");
        if (Type is DrawingType.Monthly or DrawingType.Annual && Day is not (>= 1 and <= 31)) yield return new("day", "A day of the month, 1 to 31, is needed");
        if (Type == DrawingType.Annual && Month is not (>= 1 and <= 12)) yield return new("month", "Annual drawings need a month, 1 to 12");
        if (Type != DrawingType.Annual && Month is not null) yield return new("month", "Only annual drawings have a month");
    }
}

/// <summary>What a template says about its drawings.</summary>
/// <param name="Terms">Those of every drawing; name and times are the template's and are replaced by the drawing's own.</param>
/// <param name="OpensMinutesBefore">Before the draw.</param>
/// <param name="SalesCloseMinutesBefore">Before the draw.</param>
/// <param name="CreateDaysAhead">How long before the day of the draw a drawing is made and published.</param>
public sealed record TemplateDetails(DrawingTerms Terms, TemplateRhythm Rhythm, int OpensMinutesBefore, int SalesCloseMinutesBefore, int CreateDaysAhead, bool IsActive)
{
    /// <summary>With room for the date behind it.</summary>
    public const int MaxName = DrawingTerms.MaxName - 20;

    private const int MostDays = 400;

    /// <summary>The terms of the drawing on <paramref name="day"/>.</summary>
    public DrawingTerms On(DateOnly day, CompetitionCalendar calendar)
    {
        var draw = Rhythm.DrawAt(day, calendar);
        return Terms with
        {
            Name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Terms.Name} - {day:MMM d, yyyy}"),
            OpensAt = draw.AddMinutes(-OpensMinutesBefore),
            SalesCloseAt = draw.AddMinutes(-SalesCloseMinutesBefore),
            DrawAt = draw,
        };
    }

    /// <summary>Everything that is wrong; none when drawings can be made of it.</summary>
    internal IEnumerable<DrawingProblem> Problems(CompetitionCalendar calendar, DateOnly today)
    {
        if (Terms.Name.Length is 0 or > MaxName) yield return new("name", $"Name must have 1 to {MaxName} characters");
        if (SalesCloseMinutesBefore is < 1 or > MostDays * 24 * 60) yield return new("salesCloseMinutesBefore", "Sales must close at least a minute before the draw");
        if (OpensMinutesBefore <= SalesCloseMinutesBefore || OpensMinutesBefore > MostDays * 24 * 60) yield return new("opensMinutesBefore", "Sales must open before they close, and at most 400 days before the draw");
        if (CreateDaysAhead is < 1 or > MostDays) yield return new("createDaysAhead", $"Days ahead must be 1 to {MostDays}");
        if (Terms.Prizes.Any(p => p.Codes?.Count > 0)) yield return new("prizes", "A code is given once: codes belong to a drawing, not to a template");
        var rhythm = Rhythm.Problems().ToList();
        foreach (var problem in rhythm) yield return problem;
        if (rhythm.Exists(p => p.Field == "drawTime")) yield break;

        foreach (var problem in On(today, calendar).Problems().Where(p => p.Field is not ("name" or "opensAt" or "salesCloseAt"))) yield return problem;
    }
}
