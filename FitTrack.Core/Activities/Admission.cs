using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Points;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Activities;

/// <summary>Whether a record may score at all, looked at by itself: what it is, and when it first arrived (domain section 3).</summary>
public sealed class Admission(CompetitionCalendar calendar, IOptions<ActivityOptions> limits, IOptions<PointsOptions> points)
{
    private const int SecondsPerDay = 86_400;

    /// <summary>The earliest time zone is 14 hours ahead of UTC: a day that has not begun there is in the future everywhere.</summary>
    private static readonly TimeSpan EarliestZone = TimeSpan.FromHours(14);

    public ScoreDecision Of(TrackerRecord record, DateOnly day, ScoringMember member, DateTimeOffset arrivedAt) =>
        Impossible(record, arrivedAt) ?? ByWhatItIs(record) ?? ByArrival(record, day, member, arrivedAt);

    /// <summary>The same for a later version: the question of arrival was settled by the first, unless the day is another.</summary>
    internal ScoreDecision OfRevision(TrackerRecord record, DateOnly day, ScoringMember member, Activity before, DateOnly dayBefore, DateTimeOffset now) =>
        Impossible(record, now) ?? ByWhatItIs(record)
        ?? (before.Admission == ScoreDecision.RejectedInReview ? before.Admission : (ScoreDecision?)null)
        ?? (before.Admission.IsByArrival() && day == dayBefore ? before.Admission : ByArrival(record, day, member, before.CreatedAt));

    private static ScoreDecision? ByWhatItIs(TrackerRecord record)
    {
        if (record.EnteredByHand)
            return ScoreDecision.EnteredByHand;
        if (!record.Origin.MayScore)
            return ScoreDecision.SourceNeverScores;
        return record.Sport?.Intensity == Intensity.Never ? ScoreDecision.SportNeverScores : null;
    }

    private ScoreDecision? Impossible(TrackerRecord record, DateTimeOffset arrivedAt)
    {
        var latest = arrivedAt.AddSeconds(limits.Value.ClockToleranceSeconds);
        if (record.LabelledDay is { } label ? label > DateOnly.FromDateTime((latest + EarliestZone).UtcDateTime) : record.StartedAt > latest || record.EndedAt > latest)
            return ScoreDecision.InTheFuture;

        var clock = (record.EndedAt - record.StartedAt).TotalSeconds;
        if (record.Kind == ActivityKind.Workout && record.LengthFromClock && clock > SecondsPerDay)
            return ScoreDecision.TooLong;

        // A day's steps are counted over the part of it that has passed; an hour at least, for clocks and zones that disagree.
        var seconds = record.LabelledDay is null ? Math.Max(clock, 60) : Math.Clamp((latest - record.StartedAt).TotalSeconds, 3_600, Math.Max(clock, 3_600));
        return record.Steps * 60.0 > limits.Value.StepsPerMinute * seconds ? ScoreDecision.TooManySteps : null;
    }

    private ScoreDecision ByArrival(TrackerRecord record, DateOnly day, ScoringMember member, DateTimeOffset arrivedAt)
    {
        if (member.ActivatedAt is not { } activated || !member.IsActive)
            return ScoreDecision.AccountNotActive;
        if (day < calendar.DayOf(activated))
            return ScoreDecision.BeforeActivation;
        if (day < calendar.DayOf(record.Origin.ConnectedAt))
            return ScoreDecision.BeforeConnection;
        if (calendar.DayOf(arrivedAt) > day.AddDays(points.Value.ArrivalWithinDays))
            return ScoreDecision.ArrivedTooLate;
        return member.TierAtMidnight(day) is null ? ScoreDecision.NoProfileYet : ScoreDecision.Scores;
    }
}
