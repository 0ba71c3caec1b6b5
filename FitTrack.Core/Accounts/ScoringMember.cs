using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>What scoring needs to know of a member.</summary>
/// <param name="UserId">The member.</param>
/// <param name="IsActive">The account is active now.</param>
/// <param name="ActivatedAt">Nothing from before that day scores.</param>
/// <param name="TierCode">The tier now; null without a profile.</param>
/// <param name="Tiers">From which competition day on each tier counts, ascending.</param>
public sealed record ScoringMember(Guid UserId, bool IsActive, DateTimeOffset? ActivatedAt, string? TierCode, IReadOnlyList<(DateOnly FromDay, string TierCode)> Tiers)
{
    /// <summary>The tier at the midnight a day begins with; days before the first entry take the first. Null without a profile.</summary>
    public string? TierAtMidnight(DateOnly day)
    {
        for (var i = Tiers.Count - 1; i >= 0; i--)
        {
            if (Tiers[i].FromDay <= day)
                return Tiers[i].TierCode;
        }

        return Tiers.Count > 0 ? Tiers[0].TierCode : null;
    }
}

/// <summary>Reads many members at once for scoring.</summary>
public sealed class ScoringMembers(FitTrackDbContext db)
{
    /// <summary>Members whose profile is newer than that.</summary>
    public IQueryable<Guid> WithProfileSince(DateTimeOffset time) => db.Set<Profile>().Where(p => p.CreatedAt > time).Select(p => p.UserId);

    /// <summary>Those of the members that exist.</summary>
    public async Task<Dictionary<Guid, ScoringMember>> LoadAsync(IReadOnlyCollection<Guid> userIds, CancellationToken ct)
    {
        var rows = await (
            from user in db.Set<User>()
            where userIds.Contains(user.Id)
            join profile in db.Set<Profile>() on user.Id equals profile.UserId into profiles
            from profile in profiles.DefaultIfEmpty()
            select new { user.Id, user.Status, user.ActivatedAt, TierCode = (string?)profile.TierCode }).ToListAsync(ct);
        var tiers = (await db.Set<TierHistoryEntry>().Where(t => userIds.Contains(t.UserId)).Select(t => new { t.UserId, t.FromDay, t.TierCode }).ToListAsync(ct))
            .ToLookup(t => t.UserId);
        return rows.ToDictionary(r => r.Id, r => new ScoringMember(
            r.Id, r.Status == UserStatus.Active, r.ActivatedAt, r.TierCode, [.. tiers[r.Id].OrderBy(t => t.FromDay).Select(t => (t.FromDay, t.TierCode))]));
    }
}
