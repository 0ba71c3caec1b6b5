using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Leaderboards;

/// <summary>Boards that are over keep the row of whoever has gone, as a hidden member's: everybody's rank was published with it.</summary>
internal sealed class LeaderboardsPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId) =>
    [
        new PersonalTable<LeaderboardScore>("scores", db.Set<LeaderboardScore>().Where(s => s.UserId == userId)).Kept(),
        new PersonalTable<UserBadge>("badges", db.Set<UserBadge>().Where(b => b.UserId == userId)),
    ];
}
