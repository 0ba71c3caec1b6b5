using System.Runtime.InteropServices;

namespace FitTrack.Core.Points;

/// <summary>What counts towards one day's points: whole seconds by intensity, steps, and workouts long enough for the bonus.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DayQuantities(long LightSeconds, long ModerateSeconds, long VigorousSeconds, long Steps, int Bonuses)
{
    public static DayQuantities operator +(DayQuantities a, DayQuantities b) => new(
        a.LightSeconds + b.LightSeconds, a.ModerateSeconds + b.ModerateSeconds, a.VigorousSeconds + b.VigorousSeconds, a.Steps + b.Steps, a.Bonuses + b.Bonuses);

    public static DayQuantities Add(DayQuantities left, DayQuantities right) => left + right;
}

/// <summary>A day's points, with what the limits cut.</summary>
/// <param name="Total">What the day earns, 0 to the daily cap.</param>
/// <param name="Uncapped">What it would earn without the daily cap, floored.</param>
/// <param name="StepsCut">Steps above the day's limit.</param>
/// <param name="BonusesCut">Qualifying workouts above the day's number of bonuses.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DayScore(int Total, long Uncapped, long StepsCut, int BonusesCut);

/// <summary>
/// The points of one member's day (domain section 3):
/// <c>min(cap, floor((5·M·Σ(seconds·rate) + 3·M·min(steps, 20000) + 150000·bonuses) / 3000))</c> with M ten times the
/// multiplier. It is computed in integers with both sides of the fraction times ten, so that any whole rate per 1,000
/// steps stays whole; decimals would make 20/60·3 come out as 0.99.
/// </summary>
public static class PointsCalculator
{
    /// <summary>Parts of a point in which the sum is made.</summary>
    public const int UnitsPerPoint = 30_000;

    public static DayScore Score(RateVersion rates, int multiplierTenths, DayQuantities day)
    {
        var weightedSeconds = (day.LightSeconds * rates.LightPerMinute) + (day.ModerateSeconds * rates.ModeratePerMinute) + (day.VigorousSeconds * rates.VigorousPerMinute);
        var steps = Math.Min(day.Steps, rates.StepsPerDay);
        var bonuses = Math.Min(day.Bonuses, rates.WorkoutBonusesPerDay);

        var units = checked((50L * multiplierTenths * weightedSeconds)
            + (3L * rates.PerThousandSteps * multiplierTenths * steps)
            + ((long)UnitsPerPoint * rates.WorkoutBonus * bonuses));
        var points = units / UnitsPerPoint;
        return new DayScore((int)Math.Min(points, rates.PointsPerDay), points, day.Steps - steps, day.Bonuses - bonuses);
    }
}
