using Bogus;
using FitTrack.Core.Activities;
using FitTrack.Core.Competition;

namespace FitTrack.Core.Seeding;

/// <summary>What trackers report about the demo's members: on most days a daily summary, on some a workout.</summary>
internal sealed class DemoEfforts(CompetitionCalendar calendar, int seed)
{
    /// <summary>As far back as the demo has efforts; everybody has joined by then.</summary>
    public const int Days = 21;

    private static readonly (string Code, int Minutes)[] Workouts =
    [
        ("running", 40), ("walking", 50), ("road_biking", 65), ("strength_training", 45), ("yoga", 35), ("pool_swimming", 35),
        ("hiit", 25), ("hiking", 90), ("rowing_machine", 30), ("tennis", 60), ("trail_running", 55), ("pilates", 40),
    ];

    private readonly Faker _faker = new("en") { Random = new Randomizer(seed + 1) };

    /// <summary>Which members move on which days, so that exactly <paramref name="count"/> records come about.</summary>
    public ILookup<DateOnly, (int Member, bool Workout)> Plan(int members, int count, DateOnly today)
    {
        var plan = new List<(DateOnly Day, int Member, bool Workout)>();
        // The demo member moves every day, today included; everybody else as it comes.
        for (var back = 0; back < Days && plan.Count < count / 4; back++)
            plan.Add((today.AddDays(-back), Math.Min(1, members - 1), back % 2 == 0));
        while (plan.Count < count)
        {
            // Recent days are fuller: today's and this week's boards are what people look at first.
            var back = (int)(Math.Pow(_faker.Random.Double(), 1.6) * Days);
            plan.Add((today.AddDays(-back), _faker.Random.Int(0, members - 1), _faker.Random.Bool(0.45f)));
        }

        return plan.ToLookup(p => p.Day, p => (p.Member, p.Workout));
    }

    /// <summary>A workout of some kind, finished by <paramref name="until"/>.</summary>
    public TrackerRecord Workout(DemoMember member, DateOnly day, DateTimeOffset until, int n)
    {
        var (code, minutes) = _faker.PickRandom(Workouts);
        var sport = Sports.Of(code);
        var seconds = (int)(minutes * 60 * (0.6 + (_faker.Random.Double() * 0.7 * member.Person.Drive)));
        var start = StartOf(day, until, seconds);
        return new TrackerRecord
        {
            UserId = member.Id,
            Origin = member.Origin,
            Kind = ActivityKind.Workout,
            NaturalId = $"demo_{seed}_{member.Id:N}_{n}",
            StartedAt = start,
            EndedAt = start.AddSeconds(seconds),
            Sport = sport,
            LightSeconds = sport.Intensity == Intensity.Light ? seconds : seconds / 10,
            ModerateSeconds = sport.Intensity == Intensity.Moderate ? seconds * 9 / 10 : 0,
            VigorousSeconds = sport.Intensity == Intensity.Vigorous ? seconds * 9 / 10 : 0,
            LengthSeconds = seconds,
            DistanceMeters = code.Contains("run", StringComparison.Ordinal) ? Math.Round(seconds * 2.7, 1) : null,
            AverageHeartRate = _faker.Random.Int(96, 164),
            VersionAt = start.AddSeconds(seconds),
        };
    }

    /// <summary>The day's steps so far, as a tracker's summary has them.</summary>
    public TrackerRecord Steps(DemoMember member, DateOnly day, DateTimeOffset until)
    {
        var start = calendar.StartOf(day);
        var share = Math.Clamp((until - start) / TimeSpan.FromHours(22), 0.05, 1);
        return new TrackerRecord
        {
            UserId = member.Id,
            Origin = member.Origin,
            Kind = ActivityKind.Steps,
            // The name that the tracker's own summary of the day has, so that a sync updates it.
            NaturalId = $"{member.Id:N}_{day:yyyy-MM-dd}_steps",
            StartedAt = start,
            EndedAt = calendar.EndOf(day),
            LabelledDay = day,
            Steps = (int)(_faker.Random.Int(3500, 12500) * member.Person.Drive * share),
            VersionAt = until,
        };
    }

    private DateTimeOffset StartOf(DateOnly day, DateTimeOffset until, int seconds)
    {
        var first = calendar.StartOf(day);
        var last = until.AddSeconds(-seconds);
        var wished = first.AddHours(6 + (_faker.Random.Double() * 14));
        return wished <= last ? wished : last > first ? first + ((last - first) * 0.8) : first;
    }
}
