using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings;

/// <summary>
/// Whether residents of a US state may take part on a day (domain section 1). The dated table decides; where it says nothing, the
/// states that want bonds or registrations are excluded and all others are in.
/// </summary>
public sealed class StateEligibility(FitTrackDbContext db)
{
    private static readonly string[] ExcludedByDefault = ["NY", "FL", "RI"];

    public async Task<bool> IsEligibleAsync(string stateCode, DateOnly day, CancellationToken ct) =>
        await db.Set<EligibleState>()
            .Where(s => s.StateCode == stateCode && s.EffectiveFrom <= day)
            .OrderByDescending(s => s.EffectiveFrom)
            .Select(s => (bool?)s.IsEligible)
            .FirstOrDefaultAsync(ct)
        ?? !ExcludedByDefault.Contains(stateCode);
}
