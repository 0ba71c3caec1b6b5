using FitTrack.Core.Activities;
using FsCheck;
using FsCheck.Fluent;

namespace FitTrack.Tests.Unit.Activities;

/// <summary>One message: a workout, a day's steps or a day's minutes, of one of two trackers, in one of several versions.</summary>
internal sealed record RandomRecord(ActivityKind Kind, bool Primary, int Day, int Slot, int Minutes, int Steps, string Sport, int Flags, int Version, int Shuffle)
{
    /// <summary>What it is a version of.</summary>
    public string Key => $"{Kind}/{Primary}/{Day}/{(Kind == ActivityKind.Workout ? Slot : 0)}";

    public bool EnteredByHand => Flags == 7;

    public bool Deleted => Flags == 11;

    /// <summary>Streams over the days before today; each message is its own version, so that every stream has one final state whatever its order.</summary>
    public static Arbitrary<RandomRecord[]> Streams(int days, int most) => (
        from n in Gen.Choose(0, most)
        from items in (
            from kind in Gen.Elements(ActivityKind.Workout, ActivityKind.Workout, ActivityKind.Workout, ActivityKind.Steps, ActivityKind.ActiveMinutes)
            from primary in Gen.Elements(true, true, false)
            from day in Gen.Choose(0, days - 1)
            from slot in Gen.Choose(0, 34)
            from minutes in Gen.Choose(1, 150)
            from steps in Gen.Choose(0, 30_000)
            from sport in Gen.Elements("running", "jogging", "yoga", "tennis", "walking", "driving")
            from flags in Gen.Choose(0, 14)
            from shuffle in Gen.Choose(0, 1_000_000)
            select new RandomRecord(kind, primary, day, slot, minutes, steps, sport, flags, 0, shuffle)).ArrayOf(n)
        select Versioned(items)).ToArbitrary();

    public TrackerRecord Record(DayWorld world)
    {
        var (from, day) = (Primary ? world.Garmin : world.Fitbit, DayWorld.Today.AddDays(-Day - 1));
        var record = Kind switch
        {
            ActivityKind.Steps => world.Steps(Steps, from, day),
            ActivityKind.ActiveMinutes => world.Minutes(Minutes, Minutes / 2, Minutes / 4, from, day) with { IntensityInferred = Flags % 5 == 0 },
            _ => world.Workout($"w{Day}_{Slot}", Slot * 0.7, Minutes, Sport, from, day, Flags % 3 == 0 ? (Minutes * 20, Minutes * 20, Minutes * 20) : null),
        };
        return record with { EnteredByHand = EnteredByHand, Deleted = Deleted, VersionAt = world.Now.AddMinutes(Version) };
    }

    private static RandomRecord[] Versioned(RandomRecord[] items) => [.. items.Select((item, i) => item with { Version = i })];
}
