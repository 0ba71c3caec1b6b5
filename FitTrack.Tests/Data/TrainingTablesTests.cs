using FitTrack.Core.Accounts;
using FitTrack.Core.Coach;
using FitTrack.Core.Data;
using FitTrack.Core.Imports;
using FitTrack.Core.Notifications;
using FitTrack.Core.Training;
using FitTrack.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace FitTrack.Tests.Data;

public sealed class TrainingTablesTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 16, 7, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 16);

    private TestDatabase _database = null!;
    private Guid _member;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync(Ct);
        _member = await MemberAsync("runner@example.test");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Training_Stored_ReadsBackAsItWas()
    {
        var exercise = Exercise.Create(null, " Squat ", Equipment.Barbell, MuscleGroup.Quadriceps, 3, 8, Now);
        exercise.AddMuscle(MuscleGroup.Glutes, isPrimary: false);
        exercise.AddMuscle(MuscleGroup.Quadriceps, isPrimary: false);
        var plan = TrainingPlan.Create(_member, "Marathon", " sub 4 ", Today, Today.AddDays(112), Now);
        var workout = Workout.Plan(_member, plan.Id, WorkoutType.Strength, "Legs", Today.AddDays(1), Now);
        workout.AddExercise(exercise.Id, 3, 8, Now);
        var shoe = Shoe.Create(_member, "Nike Air Zoom Pegasus 38", 12_000, Now);
        var run = Run.Synced(_member, "strava_1234567890", TrainingSource.Strava, RunType.OutdoorRun, Now.AddHours(-1), Today, 10_000.5, 3000, shoe.Id, Now);
        await SaveAsync(exercise, plan, workout, shoe, run);
        await SaveAsync(RunVersion.Of(run, RunChange.Original, null, null, Now), SyncedRun.Pending(run, Now), CalendarFeed.Create(_member, "secret", Now), ShoeAlias.Of(shoe, "Pegasus 38", Now));

        await using var db = _database.Open();

        Assert.Equal([MuscleGroup.Quadriceps, MuscleGroup.Glutes], (await db.Set<Exercise>().Include(e => e.Muscles).SingleAsync(Ct)).Muscles.OrderByDescending(m => m.IsPrimary).Select(m => m.MuscleGroup));
        Assert.Equal([1, 2, 3], (await db.Set<Workout>().Include(w => w.Exercises).ThenInclude(e => e.Sets).SingleAsync(Ct)).Exercises.Single().Sets.Select(s => s.Position).Order());
        Assert.Equal(new { run.NaturalId, run.Day, run.DistanceMeters, run.StartedAt }, await db.Set<Run>().Select(r => new { r.NaturalId, r.Day, r.DistanceMeters, r.StartedAt }).SingleAsync(Ct));
        Assert.Equal(RunChange.Original, (await db.Set<RunVersion>().SingleAsync(Ct)).Change);
        Assert.Equal("sub 4", (await db.Set<TrainingPlan>().SingleAsync(Ct)).Goal);
        Assert.Equal(CalendarFeed.HashOf("secret"), (await db.Set<CalendarFeed>().SingleAsync(Ct)).TokenHash);
        Assert.Equal("pegasus_38", (await db.Set<ShoeAlias>().SingleAsync(Ct)).AliasKey);
        Assert.Matches("^[a-v0-9]{5,1024}$", (await db.Set<SyncedRun>().SingleAsync(Ct)).EventId);
    }

    [Fact]
    public async Task ImportsCoachAndNotifications_Stored_ReadBackAsTheyWere()
    {
        var batch = ImportBatch.ForFile(_member, ImportKind.Gpx, "run.gpx", 3, new string('a', 64), Now);
        var talk = CoachConversation.Start(_member, "First week", Now);
        var notice = Notification.Create(_member, NotificationCategory.Drawings, "drawing_won:1", "You won", "A prize waits for you.", "/prizes", Now);
        await SaveAsync(batch, ImportBatch.ForSync(_member, ImportKind.StravaSync, Now), talk, notice);
        await SaveAsync(
            new ImportFile(batch.Id, [1, 2, 3]),
            ImportLogEntry.Of(batch.Id, 1, "run.gpx", ImportOutcome.Failed, "No track in it."),
            CoachMessage.FromMember(talk.Id, 1, "How far today?", Now),
            CoachMessage.FromCoach(talk.Id, 2, "Six kilometres.", CoachEngine.Rules, null, "[]", false, Now),
            CoachAnswer.Of(_member, CoachTask.Analyze, new string('b', 64), "You ran more.", null, "small", Now, Now.AddHours(1)),
            RecommendedPlan.Propose(_member, talk.Id, "Ten weeks", 1, "{}", CoachEngine.Rules, null, Now),
            new NotificationPreference(_member, NotificationCategory.Drawings, NotificationChannel.Email, false, Now),
            new TrainingPreferences(_member, DistanceUnit.Kilometers, Now));

        await using var db = _database.Open();

        Assert.Equal(2, await db.Set<ImportBatch>().CountAsync(b => b.Status == ImportStatus.Queued, Ct));
        Assert.Equal([1, 2, 3], (await db.Set<ImportFile>().SingleAsync(Ct)).Content);
        Assert.Equal("No track in it.", (await db.Set<ImportLogEntry>().SingleAsync(Ct)).Reason);
        Assert.Equal([null, CoachEngine.Rules], await db.Set<CoachMessage>().OrderBy(m => m.Position).Select(m => m.Engine).ToListAsync(Ct));
        Assert.Equal(CoachTask.Analyze, (await db.Set<CoachAnswer>().SingleAsync(Ct)).Task);
        Assert.Equal(RecommendationStatus.Proposed, (await db.Set<RecommendedPlan>().SingleAsync(Ct)).Status);
        Assert.Equal("/prizes", (await db.Set<Notification>().SingleAsync(Ct)).Link);
        Assert.False((await db.Set<NotificationPreference>().SingleAsync(Ct)).IsEnabled);
        Assert.Equal(DistanceUnit.Kilometers, (await db.Set<TrainingPreferences>().SingleAsync(Ct)).DistanceUnit);
    }

    [Fact]
    public async Task NaturalKeys_WhenTheSameMemberHasThemTwice_AreRefused()
    {
        var other = await MemberAsync("other@example.test");
        await SaveAsync(Imported(_member), Shoe.Create(_member, "Pegasus 38", 0, Now), Exercise.Create(null, "Squat", Equipment.None, MuscleGroup.Core, null, null, Now), Notice("once"));

        await AssertRefusedAsync(Imported(_member));
        await AssertRefusedAsync(Shoe.Create(_member, "PEGASUS-38", 0, Now));
        await AssertRefusedAsync(Exercise.Create(null, "squat", Equipment.None, MuscleGroup.Core, null, null, Now));
        await AssertRefusedAsync(Notice("once"));
        await SaveAsync(Imported(other), Shoe.Create(other, "Pegasus 38", 0, Now), Exercise.Create(other, "Squat", Equipment.None, MuscleGroup.Core, null, null, Now));
    }

    [Fact]
    public async Task Run_WhenItsShoeOrMemberDoesNotExist_IsRefused()
    {
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(Run.Manual(_member, RunType.TreadmillRun, Now, Today, 1, 1, Guid.CreateVersion7(Now), Now)));
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(Run.Manual(Guid.CreateVersion7(Now), RunType.TreadmillRun, Now, Today, 1, 1, null, Now)));
    }

    private static Run Imported(Guid member) => Run.Synced(member, "mmf_8622076198", TrainingSource.MapMyFitness, RunType.OutdoorRun, Now, Today, 5000, 1500, null, Now);

    private Notification Notice(string occasion) => Notification.Create(_member, NotificationCategory.Points, occasion, "Title", "Body", null, Now);

    private async Task AssertRefusedAsync(object row) =>
        Assert.True(DbErrors.IsUniqueViolation(await Assert.ThrowsAsync<DbUpdateException>(() => SaveAsync(row))));

    private async Task<Guid> MemberAsync(string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var address));
        var user = User.Register(address, "hash", new DateOnly(1990, 1, 1), "CA", Now);
        await SaveAsync(user);
        return user.Id;
    }

    private async Task SaveAsync(params object[] rows)
    {
        await using var db = _database.Open();
        db.AddRange(rows);
        await db.SaveChangesAsync(Ct);
    }
}
