using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>What other features may know of a member to decide whether the member may take part.</summary>
/// <param name="SpendingLimit">Points a competition week that the member allows themselves for tickets, in force now; null for none.</param>
/// <param name="IsCoolingOff">Takes a pause.</param>
/// <param name="IsSelfExcluded">Excluded themselves.</param>
public sealed record MemberStanding(
    Guid UserId, UserStatus Status, UserRole Role, bool EmailVerified, string State, DateOnly DateOfBirth, DateTimeOffset CreatedAt, int? SpendingLimit, bool IsCoolingOff, bool IsSelfExcluded);

/// <summary>Answers who a member is, for features that have no business in the accounts' tables.</summary>
public sealed class MemberStandings(FitTrackDbContext db, TimeProvider clock)
{
    private static readonly Func<FitTrackDbContext, Guid, CancellationToken, Task<Row?>> RowOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid userId, CancellationToken ct) => db.Set<User>().AsNoTracking()
            .Where(u => u.Id == userId)
            .Select(u => new Row(u.Status, u.Role, u.EmailVerifiedAt, u.State, u.DateOfBirth, u.CreatedAt, db.Set<MemberLimits>().FirstOrDefault(l => l.UserId == userId)))
            .FirstOrDefault());

    /// <summary>Null when there is no such account.</summary>
    public async Task<MemberStanding?> FindAsync(Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        return await RowOf(db, userId, ct) is not { } row ? null : new MemberStanding(
            userId, row.Status, row.Role, row.EmailVerifiedAt is not null, row.State, row.DateOfBirth, row.CreatedAt,
            row.Limits?.SpendingLimit(now), row.Limits?.IsCoolingOff(now) ?? false, row.Limits?.IsSelfExcluded(now) ?? false);
    }

    private sealed record Row(UserStatus Status, UserRole Role, DateTimeOffset? EmailVerifiedAt, string State, DateOnly DateOfBirth, DateTimeOffset CreatedAt, MemberLimits? Limits);
}
