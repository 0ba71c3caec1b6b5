using Bogus;
using FitTrack.Core.Data;
using FitTrack.Core.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Seeding;

/// <summary>A training log for a few members: the shared exercises, a plan with workouts, shoes, and runs with their history.</summary>
internal static class DemoTraining
{
    private const int Members = 6;
    private const int RunsEach = 8;

    private static readonly (string Name, Equipment Equipment, MuscleGroup Muscle, int? Sets, int? Reps)[] Exercises =
    [
        ("Back squat", Equipment.Barbell, MuscleGroup.Quadriceps, 5, 5), ("Bench press", Equipment.Barbell, MuscleGroup.Chest, 5, 5),
        ("Deadlift", Equipment.Barbell, MuscleGroup.Hamstrings, 3, 5), ("Overhead press", Equipment.Barbell, MuscleGroup.Shoulders, 4, 6),
        ("Pull-up", Equipment.PullUpBar, MuscleGroup.Back, 4, 8), ("Dumbbell row", Equipment.Dumbbell, MuscleGroup.Back, 3, 10),
        ("Kettlebell swing", Equipment.Kettlebell, MuscleGroup.Glutes, 4, 15), ("Plank", Equipment.None, MuscleGroup.Core, 3, null),
        ("Walking lunge", Equipment.Dumbbell, MuscleGroup.Quadriceps, 3, 12), ("Calf raise", Equipment.Machine, MuscleGroup.Calves, 3, 15),
        ("Rowing machine", Equipment.CardioMachine, MuscleGroup.Cardio, null, null), ("Burpee", Equipment.None, MuscleGroup.FullBody, 3, 12),
    ];

    private static readonly string[] ShoeNames = ["Cloudstep Daily 4", "Ridgeline Trail 2", "Northbeam Tempo"];

    public static async Task AddAsync(IServiceProvider services, IReadOnlyList<DemoMember> members, int seed, CancellationToken ct)
    {
        var db = services.GetRequiredService<FitTrackDbContext>();
        var now = services.GetRequiredService<TimeProvider>().Now();
        var faker = new Faker("en") { Random = new Randomizer(seed + 3) };
        foreach (var (name, equipment, muscle, sets, reps) in Exercises)
            db.Add(Exercise.Create(null, name, equipment, muscle, sets, reps, now));
        foreach (var member in members.Skip(1).Take(Members))
            AddLog(db, member, faker, now);
        await db.SaveChangesAsync(ct);
    }

    private static void AddLog(FitTrackDbContext db, DemoMember member, Faker faker, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var shoe = Shoe.Create(member.Id, faker.PickRandom(ShoeNames), faker.Random.Int(0, 300) * 1000, now.AddDays(-60));
        var plan = TrainingPlan.Create(member.Id, "Ten kilometres, comfortably", "Run 10 km without walking", today.AddDays(-21), today.AddDays(35), now.AddDays(-22));
        db.AddRange(shoe, plan);
        for (var week = 0; week < 3; week++)
            db.Add(Workout.Plan(member.Id, plan.Id, WorkoutType.EasyRun, $"Easy run, week {week + 1}", today.AddDays((week - 2) * 7), now.AddDays(-22)));
        for (var i = 0; i < RunsEach; i++)
        {
            var startedAt = now.AddDays(-2.5 * (i + 1));
            var meters = faker.Random.Int(3000, 11000);
            var run = Run.Manual(member.Id, i % 4 == 3 ? RunType.TreadmillRun : RunType.OutdoorRun, startedAt, DateOnly.FromDateTime(startedAt.UtcDateTime), meters, (int)(meters * faker.Random.Double(0.30, 0.42)), shoe.Id, startedAt.AddHours(2).ToMicroseconds());
            db.AddRange(run, RunVersion.Of(run, RunChange.Original, member.Id, null, run.CreatedAt));
        }
    }
}
