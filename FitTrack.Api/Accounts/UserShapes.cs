using System.Linq.Expressions;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using FitTrack.Core.Trackers;

namespace FitTrack.Api.Accounts;

/// <summary>The caller's own account.</summary>
public sealed record MeResponse(
    Guid Id, string Email, UserRole Role, UserStatus Status, bool EmailVerified, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, AccountProfile Profile, PointsOverview Points);

/// <summary>Fields are null until the profile is complete, except for date of birth and state, which registration asked for.</summary>
/// <param name="NextChangeAt">When sex, level and OPEN can change again; null means now.</param>
public sealed record AccountProfile(
    string? DisplayName,
    string? TierCode,
    BiologicalSex? BiologicalSex,
    FitnessLevel? FitnessLevel,
    DateOnly DateOfBirth,
    string State,
    string? TimeZone,
    bool OpenTierOptIn,
    ProfileVisibility Visibility,
    ProfileParts Shown,
    DateTimeOffset? NextChangeAt)
{
    internal static AccountProfile Of(AccountView account) => new(
        account.Profile?.DisplayName,
        account.Profile?.TierCode,
        account.Profile?.BiologicalSex,
        account.Profile?.FitnessLevel,
        account.DateOfBirth,
        account.State,
        account.Profile?.TimeZone,
        account.Profile?.OpenTierOptIn ?? false,
        account.Profile?.Visibility ?? ProfileVisibility.Public,
        account.Profile?.Shown ?? new ProfileParts(),
        account.Profile?.DeclaredAt?.AddDays(Core.Accounts.Profile.DaysBetweenDeclarations));
}

/// <param name="State">Two-letter code; null leaves it.</param>
/// <param name="Profile">The whole profile; null leaves it.</param>
public sealed record UpdateMeRequest(string? State, ProfileRequest? Profile);

/// <summary>An account in an administrator's list.</summary>
public sealed record UserItem(
    Guid Id, string Email, UserRole Role, UserStatus Status, bool EmailVerified, string? DisplayName, string? TierCode, string State,
    DateTimeOffset? LastLoginAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static readonly Expression<Func<AccountRow, UserItem>> Of = row => new UserItem(
        row.User.Id,
        row.User.Email,
        row.User.Role,
        row.User.Status,
        row.User.EmailVerifiedAt != null,
        row.Profile == null ? null : row.Profile.DisplayName,
        row.Profile == null ? null : row.Profile.TierCode,
        row.User.State,
        row.User.LastLoginAt,
        row.User.CreatedAt,
        row.User.UpdatedAt);
}

/// <summary>Everything an administrator sees of an account.</summary>
public sealed record UserResponse(
    Guid Id,
    string Email,
    UserRole Role,
    UserStatus Status,
    bool EmailVerified,
    DateTimeOffset? EmailVerifiedAt,
    DateOnly DateOfBirth,
    string State,
    bool TwoFactorEnabled,
    DateTimeOffset? LastLoginAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ActivatedAt,
    AccountProfile Profile,
    PointsOverview Points,
    IReadOnlyList<ConnectionView> Connections);

/// <param name="Email">Counts as verified: the administrator vouches for it.</param>
/// <param name="Role">user, premium or admin.</param>
/// <param name="Status">active or suspended.</param>
/// <param name="State">Two-letter code.</param>
/// <param name="Profile">The whole profile; the 30 days between changes do not apply.</param>
[SchemaExample("""{"role":"premium","state":"CO"}""")]
public sealed record UpdateUserRequest(string? Email, UserRole? Role, UserStatus? Status, string? State, ProfileRequest? Profile);
