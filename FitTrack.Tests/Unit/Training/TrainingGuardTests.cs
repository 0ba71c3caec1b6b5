using FitTrack.Core.Imports;
using FitTrack.Core.Notifications;
using FitTrack.Core.Training;
using Xunit;

namespace FitTrack.Tests.Unit.Training;

public sealed class TrainingGuardTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 16, 7, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 16);
    private static readonly Guid Member = Guid.CreateVersion7(Now);

    [Theory]
    [InlineData("Nike Air Zoom Pegasus 38", "nike_air_zoom_pegasus_38")]
    [InlineData("  HOKA -- Clifton 9 (blue) ", "hoka_clifton_9_blue")]
    [InlineData("Ｐｅｇａｓｕｓ ３８", "pegasus_38")]
    [InlineData("Schuhe für Läufer", "schuhe_für_läufer")]
    [InlineData("!?", "")]
    public void KeyOf_Always_KeepsLettersAndDigits(string name, string key) => Assert.Equal(key, Shoe.KeyOf(name));

    [Fact]
    public void Shoe_WhenNameOrDistanceIsImpossible_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Shoe.Create(Member, "!?", 0, Now));
        Assert.ThrowsAny<ArgumentException>(() => Shoe.Create(Member, new string('x', 101), 0, Now));
        Assert.ThrowsAny<ArgumentException>(() => Shoe.Create(Member, string.Concat(Enumerable.Repeat("\uFDFA", 20)), 0, Now));
        Assert.ThrowsAny<ArgumentException>(() => Shoe.Create(Member, "Pegasus", -1, Now));
    }

    [Fact]
    public void Run_WhenNegativeOrWithoutNaturalId_IsRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Run.Manual(Member, RunType.OutdoorRun, Now, Today, -1, 1, null, Now));
        Assert.ThrowsAny<ArgumentException>(() => Run.Manual(Member, RunType.OutdoorRun, Now, Today, 1, -1, null, Now));
        Assert.ThrowsAny<ArgumentException>(() => Run.Synced(Member, " ", TrainingSource.Strava, RunType.OutdoorRun, Now, Today, 1, 1, null, Now));
        Assert.Matches("^fittrack_[0-9a-f]{32}$", Run.Manual(Member, RunType.OutdoorRun, Now, Today, 1, 1, null, Now).NaturalId);
    }

    [Fact]
    public void Plan_WhenItEndsBeforeItStarts_IsRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => TrainingPlan.Create(Member, "5 km", null, Today, Today.AddDays(-1), Now));
        Assert.ThrowsAny<ArgumentException>(() => TrainingPlan.Create(Member, " ", null, Today, Today, Now));
        Assert.ThrowsAny<ArgumentException>(() => Workout.Plan(Member, null, WorkoutType.Rest, "", Today, Now));
    }

    [Theory]
    [InlineData("", 3, 8)]
    [InlineData("Squat", 0, 8)]
    [InlineData("Squat", 3, 1001)]
    public void Exercise_WhenOutsideItsRanges_IsRefused(string name, int sets, int reps) =>
        Assert.ThrowsAny<ArgumentException>(() => Exercise.Create(null, name, Equipment.None, MuscleGroup.Core, sets, reps, Now));

    [Theory]
    [InlineData(0)]
    [InlineData(ImportBatch.MaxBytes + 1L)]
    public void Import_WhenEmptyOrTooLarge_IsRefused(long bytes) =>
        Assert.ThrowsAny<ArgumentException>(() => ImportBatch.ForFile(Member, ImportKind.Fit, "a.fit", bytes, new string('a', 64), Now));

    [Theory]
    [InlineData("https://elsewhere.test/")]
    [InlineData("//elsewhere.test/")]
    public void Notification_WhenItsLinkLeavesTheSite_IsRefused(string link) =>
        Assert.Throws<ArgumentException>(() => Notification.Create(Member, NotificationCategory.Points, "once", "Title", "Body", link, Now));
}
