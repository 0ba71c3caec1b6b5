using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Points;

/// <summary>
/// Rates to try on days that were scored; null leaves what was in force on the day. From which length on a workout has a bonus cannot be
/// tried: days keep the number of such workouts, not their lengths.
/// </summary>
/// <param name="BeginnerTenths">Multiplier in tenths: 12 is 1.2; the other levels likewise.</param>
public sealed record OtherRates(
    int? LightPerMinute = null, int? ModeratePerMinute = null, int? VigorousPerMinute = null, int? PerThousandSteps = null, int? StepsPerDay = null,
    int? WorkoutBonus = null, int? WorkoutBonusesPerDay = null, int? PointsPerDay = null,
    int? BeginnerTenths = null, int? IntermediateTenths = null, int? AdvancedTenths = null, int? OpenTenths = null)
{
    private static readonly OtherRates None = new();

    /// <summary>Nothing is to be tried.</summary>
    public bool AreNone => this == None;

    /// <summary>What is wrong with them, by the rules that configured rates are held to.</summary>
    public IReadOnlyList<ValidationResult> Check()
    {
        var errors = new List<ValidationResult>();
        var rates = InsteadOf(new RateVersion());
        Validator.TryValidateObject(rates, new ValidationContext(rates), errors, validateAllProperties: true);
        return errors;
    }

    internal RateVersion InsteadOf(RateVersion was) => new()
    {
        Version = was.Version,
        EffectiveFrom = was.EffectiveFrom,
        LightPerMinute = LightPerMinute ?? was.LightPerMinute,
        ModeratePerMinute = ModeratePerMinute ?? was.ModeratePerMinute,
        VigorousPerMinute = VigorousPerMinute ?? was.VigorousPerMinute,
        PerThousandSteps = PerThousandSteps ?? was.PerThousandSteps,
        StepsPerDay = StepsPerDay ?? was.StepsPerDay,
        WorkoutBonus = WorkoutBonus ?? was.WorkoutBonus,
        WorkoutBonusFromSeconds = was.WorkoutBonusFromSeconds,
        WorkoutBonusesPerDay = WorkoutBonusesPerDay ?? was.WorkoutBonusesPerDay,
        PointsPerDay = PointsPerDay ?? was.PointsPerDay,
        BeginnerTenths = BeginnerTenths ?? was.BeginnerTenths,
        IntermediateTenths = IntermediateTenths ?? was.IntermediateTenths,
        AdvancedTenths = AdvancedTenths ?? was.AdvancedTenths,
        OpenTenths = OpenTenths ?? was.OpenTenths,
    };
}

/// <summary>A member's day: what it earned, and what it would have earned otherwise.</summary>
/// <param name="TierCode">The tier at its midnight.</param>
/// <param name="Earned">Points in the ledger.</param>
/// <param name="WithoutMultiplier">With 1.0 for everybody.</param>
/// <param name="Replayed">With the rates to try.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReplayedDay(Guid UserId, string TierCode, int Earned, int WithoutMultiplier, int Replayed);

/// <summary>Computes scored days anew by other rates, with the function that scores them (<see cref="PointsCalculator"/>). It writes nothing.</summary>
public sealed class PointReplay(FitTrackDbContext db, IOptions<PointsOptions> options)
{
    private const int Even = 10;

    /// <summary>Every member's days from one to another, both included; a member's days come together.</summary>
    /// <remarks>Days are read one by one and not kept, however many there are.</remarks>
    public IAsyncEnumerable<ReplayedDay> RunAsync(DateOnly from, DateOnly to, OtherRates other)
    {
        var versions = new Dictionary<string, (RateVersion Was, RateVersion Tried)>(StringComparer.Ordinal);
        return db.Set<PointDay>().AsNoTracking().Where(d => d.CompetitionDay >= from && d.CompetitionDay <= to).OrderBy(d => d.UserId).AsAsyncEnumerable().Select(day =>
        {
            if (!versions.TryGetValue(day.RateVersion, out var rates))
            {
                var was = options.Value.RatesNamed(day.RateVersion);
                versions.Add(day.RateVersion, rates = (was, other.InsteadOf(was)));
            }

            return new ReplayedDay(
                day.UserId, day.TierCode, day.Total,
                PointsCalculator.Score(rates.Was, Even, day.Quantities).Total,
                PointsCalculator.Score(rates.Tried, rates.Tried.MultiplierTenths(day.TierCode), day.Quantities).Total);
        });
    }
}
