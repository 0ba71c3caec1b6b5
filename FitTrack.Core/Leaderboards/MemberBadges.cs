using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Leaderboards;

/// <summary>A badge that a member was given.</summary>
public sealed record MemberBadge(string Code, string Name, string Description, DateOnly EarnedOn);

/// <summary>Reads members' badges.</summary>
public sealed class MemberBadges(FitTrackDbContext db)
{
    /// <summary>The newest first.</summary>
    public Task<List<MemberBadge>> OfAsync(Guid userId, CancellationToken ct) => (
        from given in db.Set<UserBadge>().AsNoTracking()
        join badge in db.Set<Badge>() on given.BadgeCode equals badge.Code
        where given.UserId == userId
        orderby given.EarnedAt descending, badge.Code
        select new MemberBadge(badge.Code, badge.Name, badge.Description, given.EarnedOn)).ToListAsync(ct);
}
