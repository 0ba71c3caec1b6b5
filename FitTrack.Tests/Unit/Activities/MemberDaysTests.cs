using FitTrack.Core.Activities;
using FitTrack.Core.Points;
using Xunit;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>The rules of domain section 3, a member's day at a time.</summary>
public sealed class MemberDaysTests : IDisposable
{
    private readonly DayWorld _world = new();

    [Theory]
    [InlineData("M-18-29-BEG", 108 + 50)]
    [InlineData("F-30-39-INT", 90 + 50)]
    [InlineData("M-40-49-ADV", 81 + 50)]
    [InlineData("OPEN", 90 + 50)]
    public void Apply_AVigorousWorkoutOfHalfAnHour_FollowsTheTierAndAddsTheBonus(string tier, int points)
    {
        using var world = new DayWorld(tier);
        world.Send(world.Workout("w", 7, 30));
        Assert.Equal(points, world.Points());
        Assert.Equal(points, world.BoardTotal);
    }

    [Fact]
    public void Apply_TenThousandSteps_Earns100()
    {
        Assert.Equal(100, _world.Send(_world.Steps(10_000)).Points);
        Assert.Equal(PointTransactionType.Earn, Assert.Single(_world.Ledger).Type);
    }

    [Fact]
    public void Apply_AGrowingDailySummary_OnlyEverAdds()
    {
        foreach (var steps in new[] { 1_234, 5_000, 5_000, 9_999, 20_000, 26_000 })
            _world.Send(_world.Steps(steps));
        Assert.Equal(200, _world.Points());
        Assert.All(_world.Ledger, t => Assert.Equal(PointTransactionType.Earn, t.Type));
        Assert.Equal([12L, 38, 49, 101], _world.Ledger.Select(t => t.Amount));
    }

    [Fact]
    public void Apply_TheSameAgain_ChangesNothing()
    {
        _world.Send(_world.Steps(5_000));
        var before = _world.Ledger.Count;
        Assert.False(_world.Apply(_world.Steps(5_000) with { VersionAt = _world.Now.AddHours(1) }));
        Assert.False(_world.Apply(_world.Steps(9_000) with { VersionAt = _world.Now.AddHours(-1) }));
        Assert.Equal(before, _world.Ledger.Count);
    }

    [Fact]
    public void Apply_BeyondTheDailyCap_AwardsWhatIsLeftAndSaysSo()
    {
        _world.Send(_world.Minutes(980, 0, 0));
        var workout = _world.Send(_world.Workout("w", 25.0 - 24, 15, "walking", _world.Fitbit, seconds: (0, 25 * 30, 0)) with { StartedAt = DayWorld.Local(DayWorld.Today, 0), IntensityInferred = false });
        Assert.Equal(20, workout.Points);
        Assert.Contains("Daily cap reached", _world.Ledger[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(1000, _world.Points());
    }

    [Fact]
    public void Apply_FourLongWorkouts_GivesThreeBonusesToTheFirstByStart()
    {
        foreach (var hour in new[] { 15, 12, 9, 6 })
            _world.Send(_world.Workout($"w{hour}", hour, 20, "walking"));
        Assert.Equal((4 * 20) + 150, _world.Points());
    }

    [Theory]
    [InlineData(19, 19)]
    [InlineData(20, 70)]
    public void Apply_AWorkoutOfTwentyMinutes_HasTheBonus(int minutes, int points) =>
        Assert.Equal(points, _world.Send(_world.Workout("w", 7, minutes, "yoga")).Points);

    [Fact]
    public void Apply_AWorkoutInsideTheSummary_CountsItsSecondsOnce()
    {
        _world.Send(_world.Minutes(10, 45, 0));
        _world.Send(_world.Workout("w", 7, 45, seconds: (0, 2700, 0)));
        Assert.Equal(10 + 90 + 50, _world.Points());
    }

    [Fact]
    public void Apply_AnInferredWorkoutInsideTheSummary_IsTakenFromVigorousThenModerateThenLight()
    {
        _world.Send(_world.Minutes(30, 10, 5));
        _world.Send(_world.Workout("w", 7, 18, "tennis"));
        Assert.Equal(27 + (18 * 2), _world.Points());
        Assert.Equal(new DayQuantities(27 * 60, 18 * 60, 0, 0, 0), Assert.Single(_world.Days).Quantities);
    }

    [Fact]
    public void Apply_ASummaryWhoseIntensityNobodyMeasured_LosesAllSecondsOfAWorkout()
    {
        _world.Send(_world.Minutes(89, 0, 0) with { IntensityInferred = true });
        _world.Send(_world.Workout("w", 7, 48, seconds: (0, 0, 48 * 60)));
        Assert.Equal(41 + (48 * 3) + 50, _world.Points());
    }

    [Fact]
    public void Apply_AWorkoutThatIsWorthLessThanTheSummarySaid_IsACorrection()
    {
        _world.Send(_world.Minutes(0, 0, 15));
        var workout = _world.Send(_world.Workout("w", 7, 15, "tennis"));
        Assert.Equal(30, _world.Points());
        Assert.Equal(-15, _world.Ledger[^1].Amount);
        Assert.Equal(PointTransactionType.Adjust, _world.Ledger[^1].Type);
        Assert.Equal(30, workout.Points);
    }

    [Fact]
    public void Apply_SummariesOfASecondTracker_DoNotScore()
    {
        var other = _world.Send(_world.Steps(9_000, _world.Fitbit));
        _world.Send(_world.Steps(5_000));
        Assert.Equal(ScoreDecision.NotPrimaryTracker, other.Decision);
        Assert.Equal(50, _world.Points());
    }

    [Fact]
    public void Apply_AWorkoutSeenByTwoTrackers_ScoresOnceThePrimarysCopy()
    {
        var copy = _world.Send(_world.Workout("f1", 7.1, 30, "treadmill_running", _world.Fitbit));
        Assert.Equal(140, _world.Points());
        var original = _world.Send(_world.Workout("g1", 7, 40));
        Assert.Equal(ScoreDecision.SeenByAnotherTracker, copy.Decision);
        Assert.Equal((ActivityStatus.Duplicate, (Guid?)original.Id, 0), (copy.Status, copy.DuplicateOfId, copy.Points));
        Assert.Equal(120 + 50, _world.Points());
        Assert.Equal(170, original.Points);
    }

    [Fact]
    public void Apply_WhenTheCopyThatScoredIsDeleted_TheOtherScores()
    {
        var original = _world.Workout("g1", 7, 40);
        _world.Send(original);
        var copy = _world.Send(_world.Workout("f1", 7.1, 30, from: _world.Fitbit));
        _world.Send(original with { Deleted = true });
        Assert.Equal(ScoreDecision.Scores, copy.Decision);
        Assert.Equal(140, _world.Points());
        Assert.Equal(140, copy.Points);
    }

    [Theory]
    [InlineData(7.4, "running", ScoreDecision.SeenByAnotherTracker)]
    [InlineData(7.6, "running", ScoreDecision.Scores)]
    [InlineData(7.4, "yoga", ScoreDecision.Scores)]
    public void Apply_AnotherTrackersWorkout_IsADuplicateWhenOfOneKindAndMoreThanHalfAtOnce(double hour, string sport, ScoreDecision decision)
    {
        _world.Send(_world.Workout("g1", 7, 60));
        Assert.Equal(decision, _world.Send(_world.Workout("f1", hour, 60, sport, _world.Fitbit)).Decision);
    }

    [Fact]
    public void Apply_OverlappingWorkoutsOfOneDevice_RejectsTheLater()
    {
        var later = _world.Send(_world.Workout("b", 7.5, 60, "yoga"));
        Assert.Equal(110, _world.Points());
        var earlier = _world.Send(_world.Workout("a", 7, 60));
        Assert.Equal((ScoreDecision.OverlapsOnOneDevice, ActivityStatus.Rejected), (later.Decision, later.Status));
        Assert.Equal(230, earlier.Points);
        Assert.Equal(230, _world.Points());
    }

    [Fact]
    public void Apply_MoreThanADayOfWorkouts_RejectsWhatIsTooMuch()
    {
        _world.Send(_world.Workout("a", 0, 13 * 60, "yoga"));
        var second = _world.Send(_world.Workout("b", 6, 12 * 60, "rowing", _world.Fitbit) with { EndedAt = _world.Now });
        Assert.Equal(ScoreDecision.MoreThanADay, second.Decision);
    }

    [Fact]
    public void Apply_AWorkoutOverMidnight_ComesOutOfTheSummaryOfTheDayItStartsIn()
    {
        var yesterday = DayWorld.Today.AddDays(-1);
        _world.Send(_world.Minutes(0, 30, 0, day: yesterday));
        _world.Send(_world.Minutes(0, 30, 0));
        _world.Send(_world.Workout("w", 23.75, 30, day: yesterday, seconds: (0, 1800, 0)));
        Assert.Equal(60 + 50, _world.Points(yesterday));
        Assert.Equal(60, _world.Points());
    }

    [Fact]
    public void Apply_ASummaryInAnotherZone_LosesTheWorkoutsInsideItsOwnInterval()
    {
        // A day in Berlin, six hours ahead: the workout lies on the competition day before, and inside this summary.
        var start = DayWorld.Local(DayWorld.Today, -6);
        _world.Send(_world.Minutes(0, 30, 0) with { StartedAt = start, EndedAt = start.AddHours(24) });
        _world.Send(_world.Workout("w", 20, 30, day: DayWorld.Today.AddDays(-1), seconds: (0, 1800, 0)));
        Assert.Equal(60 + 50, _world.Points(DayWorld.Today.AddDays(-1)));
        Assert.Equal(0, _world.Points());
    }

    [Fact]
    public void Apply_AnActivityThatMovesToAnotherDay_TakesItsPointsWithIt()
    {
        _world.Send(_world.Steps(3_000));
        _world.Send(_world.Workout("w", 7, 30));
        var moved = _world.Send(_world.Workout("w", 7, 30, day: DayWorld.Today.AddDays(-2)));
        Assert.Equal(30, _world.Points());
        Assert.Equal(140, _world.Points(DayWorld.Today.AddDays(-2)));
        Assert.Equal(140, moved.Points);
    }

    [Fact]
    public void Apply_ACorrectionOfPointsThatWereSpent_IsHeldUntilAnAdministratorDecides()
    {
        var workout = _world.Workout("w", 7, 30);
        _world.Send(workout);
        _world.Spend(100);
        _world.Send(workout with { Deleted = true });
        Assert.Equal(40, _world.Balance.Balance);
        Assert.Equal(-140, Assert.Single(_world.Days).HeldCorrection);
        Assert.Equal(140, _world.Points());

        _world.Release(DayWorld.Today);
        Assert.Equal(-100, _world.Balance.Balance);
        Assert.Equal((0, 0), (_world.Days[0].Total, _world.Days[0].HeldCorrection));
        Assert.Equal(0, _world.Points());
    }

    [Fact]
    public void Apply_AfterAHeldCorrection_OnlyTheDifferenceIsBooked()
    {
        var workout = _world.Workout("w", 7, 30);
        _world.Send(workout);
        _world.Spend(140);
        _world.Send(workout with { Deleted = true });
        _world.Send(_world.Steps(20_000));
        Assert.Equal(60, _world.Balance.Balance);
        Assert.Equal((200, 0), (_world.Days[0].Total, _world.Days[0].HeldCorrection));
    }

    [Fact]
    public void Apply_ADay_UsesTheRatesOfItsMidnight()
    {
        var points = new PointsOptions
        {
            Rates =
            {
                new RateVersion { Version = "old", EffectiveFrom = new DateOnly(2026, 1, 1) },
                new RateVersion { Version = "new", EffectiveFrom = DayWorld.Today, PerThousandSteps = 20 },
            },
        };
        using var world = new DayWorld(points: points);
        world.Send(world.Steps(1_000));
        world.Send(world.Steps(1_000, day: DayWorld.Today.AddDays(-1)));
        Assert.Equal((20, 10), (world.Points(), world.Points(DayWorld.Today.AddDays(-1))));
        Assert.Equal(["new", "old"], world.Ledger.Select(t => t.RateVersion));
    }

    public void Dispose() => _world.Dispose();
}
