namespace FitTrack.Core.Competition;

/// <summary>How long a leaderboard counts; as text <c>daily</c>, <c>weekly</c>, <c>monthly</c>, <c>alltime</c>.</summary>
public enum PeriodKind
{
    Daily,
    Weekly,
    Monthly,
    Alltime,
}

/// <summary>One stretch of competition days that a leaderboard counts.</summary>
/// <param name="Kind">Day, week, month or all time.</param>
/// <param name="Start">Its first day; for all-time the fixed date 1970-01-01.</param>
/// <param name="StartsAt">The first instant of it, in UTC.</param>
/// <param name="EndsAt">The first instant after it, in UTC; the largest representable one for all-time.</param>
/// <param name="FinalAt">From then on late data no longer changes its board.</param>
public sealed record Period(PeriodKind Kind, DateOnly Start, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset FinalAt)
{
    /// <summary>The start that stands for all-time in tables and addresses.</summary>
    public static readonly DateOnly AlltimeStart = new(1970, 1, 1);

    public bool IsFinal(DateTimeOffset now) => now >= FinalAt;

    public bool Contains(DateTimeOffset instant) => instant >= StartsAt && instant < EndsAt;
}
