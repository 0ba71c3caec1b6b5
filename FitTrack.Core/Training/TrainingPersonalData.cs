using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Training;

internal sealed class TrainingPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var exercises = db.Set<Exercise>().Where(e => e.OwnerId == userId);
        var workouts = db.Set<Workout>().Where(w => w.UserId == userId);
        var parts = db.Set<WorkoutExercise>().Where(e => workouts.Any(w => w.Id == e.WorkoutId));
        var runs = db.Set<Run>().Where(r => r.UserId == userId);
        var catalogue = db.Set<Exercise>().Where(e => e.OwnerId == null).Select(e => e.Id);
        return
        [
            new PersonalTable<Exercise>("exercises", exercises).Restored(e => e.Entity.BelongTo(userId), catalogue),
            new PersonalTable<ExerciseMuscle>("exercise-muscles", db.Set<ExerciseMuscle>().Where(m => exercises.Any(e => e.Id == m.ExerciseId))).Restored(),
            new PersonalTable<Shoe>("shoes", db.Set<Shoe>().Where(s => s.UserId == userId)).Restored(),
            new PersonalTable<ShoeAlias>("shoe-aliases", db.Set<ShoeAlias>().Where(a => a.UserId == userId)).Restored(),
            new PersonalTable<TrainingPlan>("plans", db.Set<TrainingPlan>().Where(p => p.UserId == userId)).Restored(),
            new PersonalTable<Workout>("workouts", workouts).Restored(),
            new PersonalTable<WorkoutExercise>("workout-exercises", parts).Restored(),
            new PersonalTable<WorkoutSet>("workout-sets", db.Set<WorkoutSet>().Where(s => parts.Any(p => p.Id == s.WorkoutExerciseId))).Restored(),
            new PersonalTable<Run>("runs", runs).Restored(),
            new PersonalTable<RunVersion>("runs-history", db.Set<RunVersion>().Where(v => runs.Any(r => r.Id == v.RunId))).Restored(),
            new PersonalTable<SyncedRun>("calendar-runs", db.Set<SyncedRun>().Where(s => runs.Any(r => r.Id == s.RunId))),
            new PersonalTable<CalendarFeed>("calendar-feeds", db.Set<CalendarFeed>().Where(f => f.UserId == userId)),
            new PersonalTable<TrainingPreferences>("training-preferences", db.Set<TrainingPreferences>().Where(p => p.UserId == userId)).Restored(),
        ];
    }
}
