using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>What other features may know about a member.</summary>
/// <param name="DisplayName">The member's name, for themselves; for others only if not hidden.</param>
/// <param name="IsHidden">Others must not learn who it is: the member hides, is suspended or has gone.</param>
/// <param name="TierCode">Where the member competes now.</param>
public sealed record MemberCard(string DisplayName, bool IsHidden, string TierCode);

/// <summary>What a member shows to others, and which parts of it.</summary>
public sealed record PublicMember(string DisplayName, string TierCode, ProfileParts Shown);

/// <summary>Answers other features' questions about members: name, visibility, tier. Members without a profile are unknown to it.</summary>
public sealed class MemberDirectory(FitTrackDbContext db)
{
    /// <summary>Asked for in one statement; Oracle takes 1,000 values in a list.</summary>
    private const int AtOnce = 500;

    /// <summary>The cards of those of the given members that have a profile.</summary>
    public async Task<Dictionary<Guid, MemberCard>> CardsAsync(IReadOnlyCollection<Guid> members, CancellationToken ct)
    {
        var cards = new Dictionary<Guid, MemberCard>(members.Count);
        foreach (var ids in members.Chunk(AtOnce))
        {
            var found = await db.Set<Profile>().AsNoTracking().Where(p => ids.Contains(p.UserId))
                .Join(db.Set<User>(), p => p.UserId, u => u.Id, (p, u) => new { p.UserId, p.DisplayName, p.Visibility, p.TierCode, u.Status })
                .ToListAsync(ct);
            foreach (var m in found)
            {
                var isShown = m is { Visibility: ProfileVisibility.Public, Status: UserStatus.Active };
                cards[m.UserId] = new MemberCard(m.DisplayName, !isShown, m.TierCode);
            }
        }

        return cards;
    }

    /// <summary>What <paramref name="reader"/> may see of a member; null when there is none, or one who hides. Members see themselves.</summary>
    public Task<PublicMember?> FindPublicAsync(Guid member, Guid reader, CancellationToken ct) => (
        from profile in db.Set<Profile>().AsNoTracking()
        join user in db.Set<User>() on profile.UserId equals user.Id
        where user.Id == member && user.Status == UserStatus.Active && (profile.Visibility == ProfileVisibility.Public || user.Id == reader)
        select new PublicMember(profile.DisplayName, profile.TierCode, new ProfileParts(profile.ShowTier, profile.ShowPoints, profile.ShowBadges, profile.ShowRank))).SingleOrDefaultAsync(ct)!;

    /// <summary>Whom to tell what the site's operators have to do.</summary>
    public Task<List<Guid>> AdministratorsAsync(CancellationToken ct) =>
        db.Set<User>().Where(u => u.Role == UserRole.Admin && u.Status == UserStatus.Active).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);

    /// <summary>How many active members compete in each of the 31 tiers, in the tiers' order.</summary>
    public async Task<IReadOnlyList<(TierCode Tier, int Members)>> CountByTierAsync(CancellationToken ct)
    {
        var counts = await db.Set<Profile>()
            .Join(db.Set<User>().Where(u => u.Status == UserStatus.Active), p => p.UserId, u => u.Id, (p, u) => p.TierCode)
            .GroupBy(code => code)
            .Select(g => new { Code = g.Key, Members = g.Count() })
            .ToDictionaryAsync(g => g.Code, g => g.Members, StringComparer.Ordinal, ct);
        return [.. TierCode.All.Select(tier => (tier, counts.GetValueOrDefault(tier.Value)))];
    }
}
