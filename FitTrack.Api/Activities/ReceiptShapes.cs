using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Activities;

/// <summary>What a day counted at some moment, and its worth.</summary>
/// <param name="LightSeconds">Of workouts and of minutes outside them.</param>
/// <param name="ModerateSeconds">Likewise.</param>
/// <param name="VigorousSeconds">Likewise.</param>
/// <param name="Steps">Before the limit.</param>
/// <param name="Bonuses">Workouts with the bonus.</param>
/// <param name="Points">Floored and capped.</param>
/// <param name="UncappedPoints">Without the daily cap.</param>
/// <param name="StepsCut">Steps above the daily limit.</param>
public sealed record ReceiptSum(long LightSeconds, long ModerateSeconds, long VigorousSeconds, long Steps, int Bonuses, int Points, long UncappedPoints, long StepsCut);

/// <summary>The rates a receipt was made with; see <see cref="ActivityReceiptView.Formula"/>.</summary>
public sealed record ReceiptRates(
    string Version, decimal Multiplier, int LightPerMinute, int ModeratePerMinute, int VigorousPerMinute, int PerThousandSteps, int StepsPerDay,
    int WorkoutBonus, int WorkoutBonusFromSeconds, int WorkoutBonusesPerDay, int PointsPerDay);

/// <summary>One version of a receipt.</summary>
/// <param name="Version">From 1; the newest holds.</param>
/// <param name="Revision">The activity's content it was made for.</param>
/// <param name="Kind">What the two sums mean: <c>award</c>, <c>division</c>, <c>no_points</c> or <c>held</c>.</param>
/// <param name="Cause">What happened.</param>
/// <param name="Decision"><c>scores</c>, or why not.</param>
/// <param name="Explanation">The decision in a sentence; null when it scores.</param>
/// <param name="Points">The activity's points after it.</param>
/// <param name="PointsChange">By how much it changed them.</param>
/// <param name="TierCode">The member's tier at the day's midnight.</param>
/// <param name="Rates">Null where nothing was computed.</param>
/// <param name="Before">The day without it.</param>
/// <param name="After">The day with it.</param>
/// <param name="Note"><c>Daily cap reached</c> where the cap cut something.</param>
/// <param name="CreatedAt">When.</param>
public sealed record ReceiptVersion(
    int Version, int Revision, ReceiptKind Kind, string Cause, ScoreDecision Decision, string? Explanation, int Points, int PointsChange,
    string? TierCode, ReceiptRates? Rates, ReceiptSum? Before, ReceiptSum? After, string? Note, DateTimeOffset CreatedAt);

/// <summary>How an activity's points came about.</summary>
/// <param name="ActivityId">The activity.</param>
/// <param name="Day">The competition day.</param>
/// <param name="Points">What it has earned.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Decision"><c>scores</c>, or why not.</param>
/// <param name="Explanation">The decision in a sentence; null when it scores.</param>
/// <param name="DuplicateOf">The workout that scores instead.</param>
/// <param name="Formula">How a day's points follow from its numbers.</param>
/// <param name="Versions">The newest first.</param>
public sealed record ActivityReceiptView(
    Guid ActivityId, DateOnly Day, int Points, ActivityStatus Status, ScoreDecision Decision, string? Explanation, Guid? DuplicateOf, string Formula, IReadOnlyList<ReceiptVersion> Versions);

/// <summary>Puts receipts into words and sums.</summary>
internal sealed class ReceiptReader(IOptions<PointsOptions> points)
{
    private const string Formula = "points = min(pointsPerDay, floor(multiplier * ((light*lightPerMinute + moderate*moderatePerMinute + vigorous*vigorousPerMinute) / 60 "
        + "+ min(steps, stepsPerDay) * perThousandSteps / 1000) + workoutBonus * bonuses)), seconds and steps of the whole day, in exact fractions. "
        + "An award is the day after less the day before; after a division the activity's points are that difference.";

    public ActivityReceiptView Read(Activity activity, IEnumerable<ActivityReceipt> receipts) => new(
        activity.Id, activity.CompetitionDay, activity.Points, activity.Status, activity.Decision, activity.Decision.Explanation(), activity.DuplicateOfId,
        Formula, [.. receipts.Select(Read)]);

    private static ReceiptSum Sum(RateVersion rates, int multiplierTenths, DayQuantities day)
    {
        var score = PointsCalculator.Score(rates, multiplierTenths, day);
        return new ReceiptSum(day.LightSeconds, day.ModerateSeconds, day.VigorousSeconds, day.Steps, day.Bonuses, score.Total, score.Uncapped, score.StepsCut);
    }

    private ReceiptVersion Read(ActivityReceipt r)
    {
        var rates = r.RateVersion is null ? null : points.Value.RatesNamed(r.RateVersion);
        var (before, after) = rates is null ? (null, null) : (Sum(rates, r.MultiplierTenths!.Value, r.Before), Sum(rates, r.MultiplierTenths.Value, r.After));
        var capped = after is not null && after.UncappedPoints > after.Points;
        return new ReceiptVersion(
            r.Version, r.Revision, r.Kind, r.Cause, r.Decision, r.Decision.Explanation(), r.Points, r.PointsChange, r.TierCode,
            rates is null ? null : new ReceiptRates(
                rates.Version, r.MultiplierTenths!.Value / 10m, rates.LightPerMinute, rates.ModeratePerMinute, rates.VigorousPerMinute, rates.PerThousandSteps, rates.StepsPerDay,
                rates.WorkoutBonus, rates.WorkoutBonusFromSeconds, rates.WorkoutBonusesPerDay, rates.PointsPerDay),
            before, after, capped ? "Daily cap reached" : null, r.CreatedAt);
    }
}

/// <summary>What was done since a day.</summary>
/// <param name="Start">The first day.</param>
/// <param name="Steps">Steps that counted.</param>
/// <param name="ActiveMinutes">Minutes that counted, workouts included.</param>
/// <param name="Workouts">Workouts in the log.</param>
/// <param name="PointsEarned">Points.</param>
/// <param name="PointsRemaining">Left to the daily cap; today only.</param>
/// <param name="StreakDays">Days in a row with points; this week only.</param>
/// <param name="StreakWeeks">Weeks in a row that count; this week only.</param>
/// <param name="StreakFreezes">Weeks without that this row survives; this week only.</param>
public sealed record SummaryPeriod(
    DateOnly Start, long Steps, long ActiveMinutes, int Workouts, int PointsEarned, int? PointsRemaining, int? StreakDays, int? StreakWeeks, int? StreakFreezes);

public sealed record SummaryView(SummaryPeriod Today, SummaryPeriod ThisWeek, SummaryPeriod ThisMonth)
{
    internal static SummaryView Of(ActivitySummary s) => new(Part(s.Today, s.PointsRemaining, null), Part(s.ThisWeek, null, s.Streak), Part(s.ThisMonth, null, null));

    private static SummaryPeriod Part(PeriodSummary p, int? remaining, Streak? streak) => new(
        p.Start, p.Steps, p.ActiveMinutes, p.Workouts, p.Points, remaining, streak?.Days, streak?.Weeks, streak?.Freezes);
}
