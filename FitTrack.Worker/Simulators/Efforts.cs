using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FitTrack.Worker.Simulators;

/// <summary>A sport under each provider's name for it, and how it is done.</summary>
/// <param name="Name">As in <c>Morning Run</c>.</param>
/// <param name="Terra">Terra's activity type number.</param>
/// <param name="Strava">Strava's <c>sport_type</c>.</param>
/// <param name="Speed">Metres a second; 0 for a sport on the spot.</param>
/// <param name="HeartRate">Beats a minute on average.</param>
/// <param name="Vigorous">Share of the time in vigorous intensity; half of the rest is moderate.</param>
internal sealed record SimulatedSport(string Name, int Terra, string Strava, double Speed, int HeartRate, double Vigorous)
{
    public static readonly IReadOnlyList<SimulatedSport> All =
    [
        new("Run", 8, "Run", 2.8, 148, 0.6), new("Ride", 16, "Ride", 7.1, 132, 0.3), new("Walk", 7, "Walk", 1.4, 104, 0), new("Hike", 35, "Hike", 1.2, 118, 0.1),
        new("Swim", 83, "Swim", 0.9, 139, 0.5), new("Strength", 80, "WeightTraining", 0, 112, 0.2), new("Yoga", 100, "Yoga", 0, 92, 0),
    ];

    public bool OnFoot => Name is "Run" or "Walk" or "Hike";
}

/// <param name="Key">Names it; every provider makes its own kind of id from it.</param>
/// <param name="Start">With the local offset.</param>
internal sealed record SimulatedWorkout(ulong Key, SimulatedSport Sport, DateTimeOffset Start, int Seconds, int HeartRate)
{
    /// <summary>When it was last recorded or changed.</summary>
    public DateTimeOffset ChangedAt { get; init; } = Start.AddSeconds(Seconds);

    public bool Changed { get; init; }

    public bool Deleted { get; init; }

    public DateTimeOffset End => Start.AddSeconds(Seconds);

    public string Title => $"{(Start.Hour < 11 ? "Morning" : Start.Hour < 17 ? "Afternoon" : "Evening")} {Sport.Name}{(Changed ? " (corrected)" : "")}";

    public double Meters => Math.Round(Seconds * Sport.Speed, 1);

    public int Steps => Sport.OnFoot ? (int)(Meters * 1.05) : 0;

    public int Vigorous => (int)(Seconds * Sport.Vigorous);

    public int Moderate => (Seconds - Vigorous) / 2;

    public int Light => Seconds - Vigorous - Moderate;
}

/// <summary>A day so far, workouts included; seconds by intensity.</summary>
internal sealed record SimulatedDay(DateOnly Date, DateTimeOffset Start, DateTimeOffset End, int Steps, int Light, int Moderate, int Vigorous);

/// <summary>What people do, from nothing but seed, account and day: asked again, the same comes back.</summary>
internal sealed class Efforts(int seed, TimeZoneInfo zone)
{
    private static readonly TimeSpan Waking = TimeSpan.FromHours(6);
    private static readonly TimeSpan Awake = TimeSpan.FromHours(16);

    public DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone);

    public DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(Local(time).DateTime);

    public DateTimeOffset StartOf(DateOnly day) => At(day, TimeSpan.Zero);

    /// <summary>On three days of five one workout, between breakfast and dinner.</summary>
    public SimulatedWorkout? Workout(string account, DateOnly day)
    {
        var dice = new Dice($"{seed}:{account}:{day:O}:workout");
        if (dice.Next(0, 5) >= 3)
            return null;
        var sport = SimulatedSport.All[dice.Next(0, SimulatedSport.All.Count)];
        var start = At(day, TimeSpan.FromMinutes(dice.Next(7 * 60, 19 * 60)));
        return new SimulatedWorkout(dice.NextKey(), sport, start, dice.Next(22, 75) * 60, sport.HeartRate + dice.Next(-8, 9));
    }

    /// <summary>The day without its workouts, as far as it has come by then; null when it has not begun.</summary>
    public SimulatedDay? Day(string account, DateOnly day, DateTimeOffset now)
    {
        var (start, end) = (StartOf(day), StartOf(day.AddDays(1)));
        if (now < start)
            return null;
        var dice = new Dice($"{seed}:{account}:{day:O}:day");
        var share = Math.Clamp((now - start - Waking) / Awake, 0, 1);
        int SoFar(int low, int high) => (int)(dice.Next(low, high) * share);
        return new SimulatedDay(day, start, end, SoFar(4_000, 12_000), SoFar(1_500, 4_000), SoFar(300, 1_500), SoFar(0, 400));
    }

    private DateTimeOffset At(DateOnly day, TimeSpan time)
    {
        var local = day.ToDateTime(TimeOnly.MinValue) + time;
        // An hour that the clocks skip does not exist: the hour after it is meant.
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

/// <summary>Numbers that look random and follow from a text (SHA-256, then SplitMix64), alike on every machine and version.</summary>
internal struct Dice(string text)
{
    private ulong _state = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static Guid Id(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>From <paramref name="low"/> to below <paramref name="high"/>.</summary>
    public int Next(int low, int high) => low + (int)(NextKey() % (ulong)(high - low));

    public ulong NextKey()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
