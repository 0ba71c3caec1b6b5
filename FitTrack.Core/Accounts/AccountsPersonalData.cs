using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Accounts;

internal sealed class AccountsPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var sessions = db.Set<UserSession>().Where(s => s.UserId == userId);
        return
        [
            // The row itself becomes nobody's: ClosedAccounts.
            new PersonalTable<User>("account", db.Set<User>().Where(u => u.Id == userId)).Kept(),
            new PersonalTable<Profile>("profile", db.Set<Profile>().Where(p => p.UserId == userId)),
            new PersonalTable<TierHistoryEntry>("tiers", db.Set<TierHistoryEntry>().Where(t => t.UserId == userId)),
            new PersonalTable<MemberLimits>("limits", db.Set<MemberLimits>().Where(l => l.UserId == userId)),
            new PersonalTable<UserSession>("sessions", sessions),
            new PersonalTable<RefreshToken>(null, db.Set<RefreshToken>().Where(t => sessions.Any(s => s.Id == t.SessionId))),
            new PersonalTable<AccountToken>(null, db.Set<AccountToken>().Where(t => t.UserId == userId)),
            new PersonalTable<RecoveryCode>(null, db.Set<RecoveryCode>().Where(c => c.UserId == userId)),
            new PersonalTable<LoginAttempt>("sign-ins", db.Set<LoginAttempt>().Where(a => a.UserId == userId)),
        ];
    }
}
