using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;

namespace FitTrack.Core.Activities;

/// <summary>The rules that scoring needs, gathered.</summary>
internal sealed record ScoringRules(CompetitionCalendar Calendar, PointsOptions Points, Admission Admission, DayJudge Judge);

/// <summary>
/// One member's days while a batch is applied to them: everything is in memory, each record makes its difference in turn,
/// and the context collects what has to be written.
/// </summary>
internal sealed class MemberDays
{
    /// <summary>Days around a touched one whose activities can matter: a workout or a summary reaches over midnight, and so do its neighbours.</summary>
    public const int Reach = 2;

    private readonly FitTrackDbContext _db;
    private readonly ScoringRules _rules;
    private readonly ScoringMember _member;
    private readonly PointBalance _balance;
    private readonly Dictionary<DateOnly, PointDay> _days;
    private readonly Func<DateOnly, Guid?> _primaryOn;
    private readonly List<Activity> _activities;
    private readonly Dictionary<(string Source, string NaturalId), Activity> _byNaturalId;
    private readonly HashSet<Guid> _tracked = [];
    private readonly DayBooking _booking;
    private readonly DateTimeOffset _now;

    public MemberDays(FitTrackDbContext db, ScoringRules rules, ScoringMember member, PointBalance balance, IEnumerable<Activity> activities, IEnumerable<PointDay> days, Func<DateOnly, Guid?> primaryOn, DateTimeOffset now)
    {
        (_db, _rules, _member, _balance, _primaryOn, _now) = (db, rules, member, balance, primaryOn, now);
        _activities = [.. activities];
        _byNaturalId = _activities.ToDictionary(a => (a.Source, a.NaturalId));
        _days = days.ToDictionary(d => d.CompetitionDay);
        _booking = new DayBooking(db, member, balance, Touch);
    }

    public IReadOnlyList<ScoreChange> Changes => _booking.Changes;

    public bool HasTier => _member.TierCode is not null;

    /// <summary>Takes one record over; false when it says nothing new.</summary>
    public bool Apply(TrackerRecord record)
    {
        var day = record.LabelledDay ?? _rules.Calendar.DayOf(record.StartedAt);
        if (!_byNaturalId.TryGetValue((record.Origin.Source, record.NaturalId), out var activity))
            return record.Deleted ? Bury(record, day) : Add(record, day);
        if (record.VersionAt < activity.VersionAt)
            return false;
        if (record.Deleted ? activity.Decision == ScoreDecision.Deleted : activity.IsSameAs(record, day))
            return Confirm(activity, record.VersionAt);

        Touch(activity);
        var dayBefore = activity.CompetitionDay;
        if (record.Deleted)
        {
            activity.Delete(record.VersionAt, _now);
        }
        else
        {
            activity.Take(record, day, _now);
            activity.Admit(_rules.Admission.OfRevision(record, day, _member, activity, dayBefore, _now));
            if (day != dayBefore)
                activity.Earn(0, _now);
        }

        Rescore(DayCause.Of(activity, Describe(activity, record.Deleted ? "deleted by its provider" : "updated")), dayBefore, activity.CompetitionDay);
        return true;
    }

    /// <summary>Lets an activity score that waited for the member's profile, or ends its waiting.</summary>
    public void Readmit(Guid activityId)
    {
        var activity = _activities.Single(a => a.Id == activityId);
        Touch(activity);
        var late = _rules.Calendar.DayOf(_now) > activity.CompetitionDay.AddDays(_rules.Points.ArrivalWithinDays);
        activity.Admit(late ? ScoreDecision.ArrivedTooLate : ScoreDecision.Scores);
        Rescore(DayCause.Of(activity, Describe(activity, "profile completed")), activity.CompetitionDay);
    }

    /// <summary>Books a correction that was held because the points were spent.</summary>
    public void Release(DateOnly day, string key, string reason) => Rescore(new DayCause(null, key, reason, MayGoBelowZero: true), day);

    /// <summary>The member says whether two workouts at the same time are one; only one of them scores either way.</summary>
    public void Pair(Guid activityId, bool paired)
    {
        var activity = _activities.Single(a => a.Id == activityId);
        Touch(activity);
        activity.Pair(paired, _now);
        Rescore(DayCause.Of(activity, Describe(activity, paired ? "paired again" : "pairing undone")), activity.CompetitionDay);
    }

    /// <summary>An administrator's decision on an activity that was reviewed; one that takes effect already changes nothing.</summary>
    public void Review(Guid activityId, bool scores, string key, bool mayGoBelowZero)
    {
        var activity = _activities.Single(a => a.Id == activityId);
        if (activity.Admission != (scores ? ScoreDecision.RejectedInReview : ScoreDecision.Scores))
            return;
        Touch(activity);
        activity.Admit(scores ? ScoreDecision.Scores : ScoreDecision.RejectedInReview);
        Rescore(new DayCause(activity, key, Describe(activity, scores ? "cleared after a review" : "rejected after a review"), mayGoBelowZero), activity.CompetitionDay);
    }

    /// <summary>A newer version that says the same: what lies between the two and comes late must not undo it.</summary>
    private bool Confirm(Activity activity, DateTimeOffset versionAt)
    {
        if (versionAt > activity.VersionAt)
        {
            Touch(activity);
            activity.Confirm(versionAt);
            _balance.MarkScored();
        }

        return false;
    }

    /// <summary>The deletion overtook what it deletes: a row that says so keeps the older version out when it comes.</summary>
    private bool Bury(TrackerRecord record, DateOnly day)
    {
        var activity = Keep(Activity.From(record, day, _now));
        activity.Delete(record.VersionAt, _now);
        _balance.MarkScored();
        return true;
    }

    private Activity Keep(Activity activity)
    {
        _activities.Add(activity);
        _byNaturalId.Add((activity.Source, activity.NaturalId), activity);
        _tracked.Add(activity.Id);
        _db.Add(activity);
        return activity;
    }

    private bool Add(TrackerRecord record, DateOnly day)
    {
        var activity = Keep(Activity.From(record, day, _now));
        activity.Admit(_rules.Admission.Of(record, day, _member, _now));
        Rescore(DayCause.Of(activity, Describe(activity, null)), day);
        return true;
    }

    private void Rescore(DayCause cause, params IReadOnlyList<DateOnly> days)
    {
        var (first, last) = (days.Min().AddDays(-1), days.Max().AddDays(1));
        var near = _activities.Where(a => a.CompetitionDay >= first.AddDays(-Reach) && a.CompetitionDay <= last.AddDays(Reach)).ToList();
        var flipped = Judge(near, cause.Trigger, first, last);
        for (var day = first; day <= last; day = day.AddDays(1))
            Score(day, near, flipped.Contains(day), cause);
        _balance.MarkScored();
    }

    /// <summary>Gives every activity between two days its verdict; the answer is the days on which another than the trigger changed.</summary>
    private HashSet<DateOnly> Judge(List<Activity> near, Activity? trigger, DateOnly first, DateOnly last)
    {
        var verdicts = _rules.Judge.Judge(near, SummaryTracker);
        var flipped = new HashSet<DateOnly>();
        foreach (var activity in near.Where(a => a.CompetitionDay >= first && a.CompetitionDay <= last))
        {
            var (decision, duplicateOf) = verdicts[activity.Id];
            if (activity != trigger)
            {
                if (activity.Decision == decision && activity.DuplicateOfId == duplicateOf)
                    continue;
                flipped.Add(activity.CompetitionDay);
            }

            Touch(activity);
            activity.Decide(decision, duplicateOf, _now);
        }

        return flipped;
    }

    private void Score(DateOnly date, List<Activity> near, bool othersFlipped, DayCause cause)
    {
        var day = _days.GetValueOrDefault(date);
        var rates = day is null ? _rules.Points.RatesOn(date) : _rules.Points.RatesNamed(day.RateVersion);
        var contributions = DaySum.Of(date, near, rates);
        if (day is null && contributions.Count > 0)
            day = Begin(date, rates);
        if (day is null)
        {
            if (cause.Trigger is { } trigger && trigger.CompetitionDay == date)
                _booking.Note(trigger, ReceiptKind.NoPoints, cause.Text, _now);
            return;
        }

        if (near.Find(a => a.CompetitionDay == date && a.Kind != ActivityKind.Workout && a.Decision == ScoreDecision.Scores) is { ConnectionId: { } tracker })
            day.TakeSummariesFrom(tracker);
        _booking.Book(day, rates, contributions, near, othersFlipped, cause, _now);
    }

    private PointDay Begin(DateOnly date, RateVersion rates)
    {
        var tier = _member.TierAtMidnight(date) ?? throw new InvalidOperationException("An activity scores, but its member has no tier.");
        var day = PointDay.Begin(_member.UserId, date, tier, rates, _now);
        _days.Add(date, day);
        _db.Add(day);
        return day;
    }

    private Guid? SummaryTracker(DateOnly day) => _days.GetValueOrDefault(day)?.SummaryConnectionId ?? _primaryOn(day);

    private void Touch(Activity activity)
    {
        if (_tracked.Add(activity.Id))
            _db.Attach(activity);
    }

    private static string Describe(Activity activity, string? what)
    {
        var name = activity.Kind switch
        {
            ActivityKind.Steps => "Steps",
            ActivityKind.ActiveMinutes => "Active minutes",
            _ => "Workout: " + (activity.Sport ?? Sports.Other.Code).Replace('_', ' '),
        };
        return what is null ? name : $"{name}, {what}";
    }
}
