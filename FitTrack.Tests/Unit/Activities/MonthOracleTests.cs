using System.Numerics;
using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>
/// Random months against an oracle that takes the final state of what was reported and computes each day from nothing, by the
/// words of domain section 3 (the clocks are put back in it): no increments, no ledger, whole fractions, nothing shared with the code that it checks.
/// </summary>
public sealed class MonthOracleTests
{
    private const int Days = 31;
    private static readonly string[] NoExercise = ["driving"];

    [Theory]
    [InlineData("M-18-29-BEG", 12)]
    [InlineData("M-40-49-ADV", 9)]
    public void Month_HoweverItCame_IsWhatTheOracleMakesOfIt(string tier, int multiplierTenths) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(RandomRecord.Streams(Days, 60), stream =>
        {
            using var world = new DayWorld(tier, points: new PointsOptions { ArrivalWithinDays = 40 }, connected: 40);
            foreach (var item in stream.OrderBy(i => i.Shuffle))
                world.Apply(item.Record(world));

            var expected = Month(stream, multiplierTenths).Where(d => d.Points > 0).OrderBy(d => d.Day);
            return expected.SequenceEqual(world.Days.Where(d => d.Total > 0).Select(d => (d.CompetitionDay, d.Total)));
        }));

    private static IEnumerable<(DateOnly Day, int Points)> Month(RandomRecord[] stream, int multiplierTenths)
    {
        var final = stream.GroupBy(i => i.Key).Select(g => g.MaxBy(i => i.Version)!).Where(i => !i.Deleted).ToList();
        var workouts = Scoring(final.Where(i => i.Kind == ActivityKind.Workout).Select(i => new Workout(i)).ToList());
        return Enumerable.Range(-1, Days + 3).Select(d => DayWorld.Today.AddDays(-d)).Select(day => (day, Points(day, final, workouts, multiplierTenths)));
    }

    /// <summary>No sport, typed in, or at once with an earlier one on the same device: no; seen by both trackers: the primary's.</summary>
    private static List<Workout> Scoring(List<Workout> all)
    {
        var exercise = all.Where(w => !w.Item.EnteredByHand && !NoExercise.Contains(w.Item.Sport)).ToList();
        var possible = exercise.Where(w => !exercise.Exists(e => e.Item.Primary == w.Item.Primary && e.IsBefore(w) && e.OverlapSeconds(w) > 60)).ToList();
        var primary = possible.Where(w => w.Item.Primary).ToList();
        return [.. primary, .. possible.Where(w => !w.Item.Primary && !primary.Exists(p => p.Family == w.Family && p.OverlapSeconds(w) * 2 > Math.Min(p.Seconds, w.Seconds)))];
    }

    private static int Points(DateOnly day, List<RandomRecord> final, List<Workout> workouts, int multiplierTenths)
    {
        var today = workouts.Where(w => w.Day == day).ToList();
        var (start, end) = (DayWorld.Local(day, 0), DayWorld.Local(day.AddDays(1), 0));
        var sixtieths = today.Sum(w => w.Light + (2L * w.Moderate) + (3L * w.Vigorous));
        foreach (var summary in Summaries(ActivityKind.ActiveMinutes))
        {
            var inside = workouts.Where(w => w.Start >= start && w.Start < end).Concat(
                final.Where(i => i is { Kind: ActivityKind.Workout, Primary: true } && (i.EnteredByHand || NoExercise.Contains(i.Sport))).Select(i => new Workout(i)).Where(w => w.Start >= start && w.Start < end));
            sixtieths += Outside(summary, [.. inside]);
        }

        var steps = Summaries(ActivityKind.Steps).Sum(s => (long)s.Steps);
        var bonuses = Math.Min(3, today.Count(w => w.Seconds >= 20 * 60));
        // Over the common denominator of sixtieths of a minute, thousandths of steps and tenths of the multiplier.
        var numerator = (new BigInteger(sixtieths) * multiplierTenths * 1000) + (new BigInteger(Math.Min(steps, 20_000)) * 10 * multiplierTenths * 60) + (new BigInteger(bonuses) * 50 * 600_000);
        return (int)BigInteger.Min(1000, numerator / 600_000);

        IEnumerable<RandomRecord> Summaries(ActivityKind kind) => final.Where(i => i.Kind == kind && i is { Primary: true, EnteredByHand: false } && DayWorld.Today.AddDays(-i.Day - 1) == day);
    }

    /// <summary>A summary's weighted seconds less those of the workouts inside it; what nobody measured goes out of the highest first.</summary>
    private static long Outside(RandomRecord summary, List<Workout> inside)
    {
        var left = new long[] { summary.Minutes * 60, summary.Minutes / 2 * 60, summary.Minutes / 4 * 60 };
        var guessed = 0L;
        foreach (var workout in inside)
        {
            if (workout.IsGuess || summary.Flags % 5 == 0)
                guessed += workout.Light + workout.Moderate + workout.Vigorous;
            else
                (left[0], left[1], left[2]) = (left[0] - workout.Light, left[1] - workout.Moderate, left[2] - workout.Vigorous);
        }

        for (var i = 2; i >= 0; i--)
        {
            left[i] = Math.Max(0, left[i]);
            var taken = Math.Min(left[i], guessed);
            (left[i], guessed) = (left[i] - taken, guessed - taken);
        }

        return left[0] + (2 * left[1]) + (3 * left[2]);
    }

    private sealed record Workout(RandomRecord Item)
    {
        public DateTimeOffset Start { get; } = DayWorld.Local(DayWorld.Today.AddDays(-Item.Day - 1), Item.Slot * 0.7);

        public int Seconds => Item.Minutes * 60;

        public DateOnly Day => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Start, DayWorld.NewYork).Date);

        public string Family => Item.Sport == "jogging" ? "running" : Item.Sport;

        public bool IsGuess => Item.Flags % 3 != 0;

        public int Light => Part(["yoga", "walking"]);

        public int Moderate => Part(["tennis"]);

        public int Vigorous => Part(["running", "jogging"]);

        public bool IsBefore(Workout other) => Start < other.Start || (Start == other.Start && string.CompareOrdinal(Id, other.Id) < 0);

        public double OverlapSeconds(Workout other) => (Min(Start.AddSeconds(Seconds), other.Start.AddSeconds(other.Seconds)) - Max(Start, other.Start)).TotalSeconds;

        private string Id => $"w{Item.Day}_{Item.Slot}";

        private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

        private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

        /// <summary>A third each where it was measured; else all of it where the sport usually is (a drive's at the light end).</summary>
        private int Part(string[] usual) => IsGuess ? (usual.Contains(Item.Sport) || (NoExercise.Contains(Item.Sport) && usual.Contains("walking")) ? Seconds : 0) : Item.Minutes * 20;
    }
}
