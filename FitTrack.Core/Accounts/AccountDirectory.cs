using System.Linq.Expressions;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Accounts;

/// <summary>An account and its profile, to be filtered and sorted by the database before <see cref="AccountView.Of"/> shapes it.</summary>
public sealed class AccountRow
{
    public required User User { get; init; }

    /// <summary>Null until it is complete.</summary>
    public Profile? Profile { get; init; }
}

/// <summary>An account with its profile, for its owner and for administrators.</summary>
public sealed record AccountView(
    Guid Id,
    string Email,
    UserRole Role,
    UserStatus Status,
    DateTimeOffset? EmailVerifiedAt,
    DateOnly DateOfBirth,
    string State,
    bool TwoFactorEnabled,
    DateTimeOffset? LastLoginAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ActivatedAt,
    long Version,
    ProfileView? Profile)
{
    public static readonly Expression<Func<AccountRow, AccountView>> Of = row => new AccountView(
        row.User.Id,
        row.User.Email,
        row.User.Role,
        row.User.Status,
        row.User.EmailVerifiedAt,
        row.User.DateOfBirth,
        row.User.State,
        row.User.TwoFactorEnabledAt != null,
        row.User.LastLoginAt,
        row.User.CreatedAt,
        row.User.UpdatedAt,
        row.User.ActivatedAt,
        row.User.Version,
        row.Profile == null
            ? null
            : new ProfileView(
                row.Profile.DisplayName,
                row.Profile.BiologicalSex,
                row.Profile.FitnessLevel,
                row.Profile.TimeZone,
                row.Profile.OpenTierOptIn,
                row.Profile.Visibility,
                row.Profile.TierCode,
                row.Profile.TierChangedAt,
                row.Profile.DeclaredAt,
                new ProfileParts(row.Profile.ShowTier, row.Profile.ShowPoints, row.Profile.ShowBadges, row.Profile.ShowRank)));
}

/// <summary>A complete profile.</summary>
public sealed record ProfileView(
    string DisplayName,
    BiologicalSex? BiologicalSex,
    FitnessLevel FitnessLevel,
    string TimeZone,
    bool OpenTierOptIn,
    ProfileVisibility Visibility,
    string TierCode,
    DateTimeOffset TierChangedAt,
    DateTimeOffset? DeclaredAt,
    ProfileParts Shown);

/// <summary>Reads accounts. Deleted ones are not there.</summary>
public sealed class AccountDirectory(FitTrackDbContext db)
{
    public IQueryable<AccountRow> All() =>
        from user in db.Set<User>().AsNoTracking()
        where user.Status != UserStatus.Deleted
        join profile in db.Set<Profile>().AsNoTracking() on user.Id equals profile.UserId into profiles
        from profile in profiles.DefaultIfEmpty()
        select new AccountRow { User = user, Profile = profile };

    /// <summary>Null when there is no such account, or none any more.</summary>
    public Task<AccountView?> FindAsync(Guid id, CancellationToken ct) =>
        All().Where(a => a.User.Id == id).Select(AccountView.Of).SingleOrDefaultAsync(ct)!;
}
