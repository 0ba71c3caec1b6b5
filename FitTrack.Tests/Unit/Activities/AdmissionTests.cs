using FitTrack.Core.Activities;
using Xunit;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>What is kept in the log and never scores (domain section 3).</summary>
public sealed class AdmissionTests : IDisposable
{
    private readonly DayWorld _world = new();

    [Theory]
    [InlineData("in_vehicle")]
    [InlineData("elevator")]
    [InlineData("driving")]
    [InlineData("snowmobile")]
    public void Apply_WhatIsNoExercise_NeverScores(string sport) =>
        Assert.Equal(ScoreDecision.SportNeverScores, _world.Send(_world.Workout("w", 7, 30, sport)).Decision);

    [Fact]
    public void Apply_WhatWasTypedInAtTheProvider_ScoresNothingAlsoNotThroughTheSummary()
    {
        _world.Send(_world.Minutes(0, 60, 0));
        var typed = _world.Send(_world.Workout("w", 7, 60, seconds: (0, 3600, 0)) with { EnteredByHand = true });
        Assert.Equal(ScoreDecision.EnteredByHand, typed.Decision);
        Assert.Equal(0, _world.Points());
    }

    [Fact]
    public void Apply_WhatCannotBe_IsRejected()
    {
        Assert.Equal(ScoreDecision.InTheFuture, _world.Send(_world.Workout("a", 23, 30)).Decision);
        Assert.Equal(ScoreDecision.TooManySteps, _world.Send(_world.Workout("b", 7, 10) with { Steps = 2_100 }).Decision);
        Assert.Equal(ScoreDecision.TooManySteps, _world.Send(_world.Steps(300_000)).Decision);
        Assert.Equal(ScoreDecision.TooLong, _world.Send(_world.Workout("c", 7, 60, day: DayWorld.Today.AddDays(-3)) with { LengthFromClock = true, EndedAt = _world.Now }).Decision);
        Assert.Equal(ScoreDecision.InTheFuture, _world.Send(_world.Steps(5, day: DayWorld.Today.AddDays(2))).Decision);
        Assert.Empty(_world.Ledger);
        Assert.All(_world.Activities, a => Assert.Equal(ActivityStatus.Rejected, a.Status));
        Assert.All(_world.Receipts, r => Assert.Equal(0, r.Points));
    }

    [Fact]
    public void Apply_AnImpossibleCountThatIsPutRight_Scores()
    {
        _world.Send(_world.Steps(300_000));
        Assert.Equal(50, _world.Send(_world.Steps(5_000)).Points);
    }

    [Fact]
    public void Apply_WhatIsTooOld_IsKeptAndScoresNothing()
    {
        Assert.Equal(ScoreDecision.ArrivedTooLate, _world.Send(_world.Workout("a", 7, 30, day: DayWorld.Today.AddDays(-8))).Decision);
        Assert.Equal(ScoreDecision.Scores, _world.Send(_world.Workout("b", 7, 30, day: DayWorld.Today.AddDays(-7))).Decision);
        Assert.Equal(ScoreDecision.BeforeConnection, _world.Send(_world.Workout("c", 7, 30, day: DayWorld.Today.AddDays(-11))).Decision);
        Assert.Equal(ScoreDecision.BeforeActivation, _world.Send(_world.Workout("d", 7, 30, day: DayWorld.Today.AddDays(-31))).Decision);
    }

    [Fact]
    public void Apply_WithoutAProfile_Waits()
    {
        using var world = new DayWorld(tier: null);
        Assert.Equal(ScoreDecision.NoProfileYet, world.Send(world.Workout("w", 7, 30)).Decision);
        Assert.Empty(world.Ledger);
        Assert.Empty(world.Days);
    }

    public void Dispose() => _world.Dispose();
}
