using System.Globalization;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;

namespace FitTrack.Core.Activities;

/// <summary>What made a day be computed again.</summary>
/// <param name="Trigger">The activity that arrived, changed or went; null for an administrator's decision.</param>
/// <param name="Key">Unique per member; ledger rows refer to it.</param>
/// <param name="Text">For the ledger and the receipts.</param>
/// <param name="MayGoBelowZero">An administrator's explicit clawback.</param>
internal sealed record DayCause(Activity? Trigger, string Key, string Text, bool MayGoBelowZero = false)
{
    public static DayCause Of(Activity activity, string text) => new(activity, $"{activity.Id}:{activity.Revision}", text);
}

/// <summary>
/// Brings one day of a member's ledger to what the day is worth: an award for an arrival that only adds, else one
/// correction and a new division of the day among its activities (domain section 3).
/// </summary>
internal sealed class DayBooking(FitTrackDbContext db, ScoringMember member, PointBalance balance, Action<Activity> touch)
{
    public const string CapNote = "Daily cap reached";

    /// <summary>What the leaderboards have to follow.</summary>
    public List<ScoreChange> Changes { get; } = [];

    public void Book(PointDay day, RateVersion rates, IReadOnlyList<Contribution> contributions, IReadOnlyCollection<Activity> activities, bool othersFlipped, DayCause cause, DateTimeOffset now)
    {
        var after = DaySum.Total(contributions);
        var score = PointsCalculator.Score(rates, day.MultiplierTenths, after);
        var delta = score.Total - day.Total;
        var trigger = cause.Trigger?.CompetitionDay == day.CompetitionDay ? cause.Trigger : null;
        if (trigger is null && delta == 0 && !othersFlipped && after == day.Quantities)
            return;

        var onlyAdds = trigger is { Decision: ScoreDecision.Scores } && !othersFlipped && day.HeldCorrection == 0
            && (delta > 0 || (delta == 0 && trigger.ReceiptVersion == 0));
        if (onlyAdds)
            Award(trigger!, day, after, score, cause, now);
        else if (delta < 0 && balance.Balance + delta < 0 && !cause.MayGoBelowZero)
            Hold(trigger, day, delta, cause, now);
        else
            Divide(day, rates, contributions, activities, after, score, cause, now);
    }

    /// <summary>A receipt for an activity that changes nothing on its day, because it does not score.</summary>
    public void Note(Activity activity, ReceiptKind kind, string text, DateTimeOffset now)
    {
        touch(activity);
        db.Add(ActivityReceipt.For(activity, kind, text, 0, now));
    }

    private void Award(Activity trigger, PointDay day, DayQuantities after, DayScore score, DayCause cause, DateTimeOffset now)
    {
        var points = score.Total - day.Total;
        touch(trigger);
        trigger.Earn(trigger.Points + points, now);
        db.Add(ActivityReceipt.For(trigger, ReceiptKind.Award, cause.Text, points, now).WithSum(day, day.Quantities, after));
        day.Credit(after, score.Total, now);
        if (points == 0)
            return;

        var reason = score.Uncapped > score.Total ? $"{cause.Text}. {CapNote}" : cause.Text;
        Append(LedgerEntry.Earn(member.UserId, points, "activity", cause.Key, reason, day.CompetitionDay, day.RateVersion), day, now);
    }

    private void Divide(PointDay day, RateVersion rates, IReadOnlyList<Contribution> contributions, IReadOnlyCollection<Activity> activities, DayQuantities after, DayScore score, DayCause cause, DateTimeOffset now)
    {
        var delta = score.Total - day.Total;
        var shares = Attribution.Of(rates, day.MultiplierTenths, contributions).ToDictionary(s => s.ActivityId);
        foreach (var activity in activities.Where(a => a.CompetitionDay == day.CompetitionDay))
        {
            var share = shares.GetValueOrDefault(activity.Id);
            var change = (share?.Points ?? 0) - activity.Points;
            if (change == 0 && activity != cause.Trigger)
                continue;
            touch(activity);
            activity.Earn(activity.Points + change, now);
            var receipt = ActivityReceipt.For(activity, share is null ? ReceiptKind.NoPoints : ReceiptKind.Division, cause.Text, change, now);
            db.Add(share is null ? receipt : receipt.WithSum(day, share.Before, share.After));
        }

        day.Credit(after, score.Total, now);
        if (delta == 0)
            return;
        var key = $"{cause.Key}:{day.CompetitionDay.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";
        var text = $"Correction of {day.CompetitionDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: {cause.Text}";
        Append(LedgerEntry.Correct(member.UserId, delta, "correction", key, text, day.CompetitionDay, day.RateVersion, cause.MayGoBelowZero), day, now);
    }

    /// <summary>The points are spent already: only an administrator may take the balance below zero.</summary>
    private void Hold(Activity? trigger, PointDay day, int delta, DayCause cause, DateTimeOffset now)
    {
        day.Hold(delta, now);
        if (trigger is not null)
            Note(trigger, ReceiptKind.Held, $"{cause.Text}. Held for review: the points were spent", now);
    }

    private void Append(LedgerEntry entry, PointDay day, DateTimeOffset now)
    {
        db.Add(balance.Append(entry, now));
        Changes.Add(new ScoreChange(member.UserId, member.TierCode ?? day.TierCode, day.CompetitionDay, entry.Amount, now));
    }
}
