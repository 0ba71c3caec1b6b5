using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Leaderboards;

/// <summary>A badge and when a member earned it.</summary>
/// <param name="EarnedOn">The competition day; null for one that is yet to be earned.</param>
public sealed record MemberBadge(string Code, string Name, string Description, DateOnly? EarnedOn);

/// <summary>Reads members' badges.</summary>
public sealed class MemberBadges(FitTrackDbContext db)
{
    /// <summary>Those that the member has, the newest first.</summary>
    public async Task<List<MemberBadge>> OfAsync(Guid userId, CancellationToken ct) =>
        [.. (await AllOfAsync(userId, ct)).Where(b => b.EarnedOn is not null).OrderByDescending(b => b.EarnedOn)];

    /// <summary>Every badge there is, in the rules' order, with those that the member has yet to earn.</summary>
    public async Task<List<MemberBadge>> AllOfAsync(Guid userId, CancellationToken ct)
    {
        var given = await db.Set<UserBadge>().Where(b => b.UserId == userId).ToDictionaryAsync(b => b.BadgeCode, b => b.EarnedOn, StringComparer.Ordinal, ct);
        return [.. Badge.All.Select(b => new MemberBadge(b.Code, b.Name, b.Description, given.TryGetValue(b.Code, out var day) ? day : null))];
    }
}
