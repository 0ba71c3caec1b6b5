using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace FitTrack.Bench;

/// <summary>What it takes to judge, sum, score and divide one member's day of two hundred workouts from nothing.</summary>
internal static class PointsScenario
{
    private const int Activities = 200;
    private const int Rounds = 501;

    public static Line Run()
    {
        var rates = new RateVersion();
        var now = TimeProvider.System.GetUtcNow();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var origin = new RecordOrigin(Guid.NewGuid(), "garmin", now, MayScore: true);
        var activities = Enumerable.Range(0, Activities).Select(i => Workout(origin, day, now.Date.AddMinutes(i * 7), now)).ToList();
        var judge = new DayJudge(overlapToleranceSeconds: 60);
        var times = new List<double>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            foreach (var (activity, verdict) in activities.Zip(judge.Judge(activities, _ => origin.ConnectionId).Values))
                activity.Decide(verdict.Decision, verdict.DuplicateOf, now);
            var shares = Attribution.Of(rates, 10, DaySum.Of(day, activities, rates));
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            if (shares.Count != Activities || shares.Sum(s => s.Points) != rates.PointsPerDay)
                throw new InvalidOperationException("The day did not come out as it must.");
        }

        return Line.AtMost($"points of a day with {Activities} workouts, computed anew, median", times.Order().ElementAt(Rounds / 2), "ms", 1);
    }

    private static Activity Workout(RecordOrigin origin, DateOnly day, DateTime start, DateTimeOffset now)
    {
        var record = new TrackerRecord
        {
            UserId = origin.ConnectionId,
            Origin = origin,
            Kind = ActivityKind.Workout,
            NaturalId = $"{start:O}",
            StartedAt = new DateTimeOffset(start, TimeSpan.Zero),
            EndedAt = new DateTimeOffset(start.AddMinutes(6), TimeSpan.Zero),
            Sport = Sports.Of("running"),
            VigorousSeconds = 360,
            LengthSeconds = 360,
            VersionAt = now,
        };
        var activity = Activity.From(record, day, now);
        activity.Admit(ScoreDecision.Scores);
        return activity;
    }
}
