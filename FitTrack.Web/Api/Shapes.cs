using System.Text.Json.Serialization;

namespace FitTrack.Web.Api;

// The Api's answers, as far as the pages use them (docs: /openapi/v1.json).

public sealed record Tokens(string AccessToken, string RefreshToken, int ExpiresIn);

public sealed record Problem(string? Type, string? Detail, IReadOnlyList<FieldProblem>? Errors)
{
    /// <summary>The <see cref="Type"/> of what wants a sign-in of the last few minutes.</summary>
    public const string SignInAgain = "urn:fittrack:reauthentication-required";

    /// <summary>What is wrong with a field, if anything; upper and lower case do not matter.</summary>
    public string? MessageOf(string field) => Errors?.FirstOrDefault(e => e.Field.Equals(field, StringComparison.OrdinalIgnoreCase))?.Message;
}

public sealed record FieldProblem(string Field, string Message);

public sealed record Registration(string Email, string Password, DateOnly DateOfBirth, string State, NewProfile Profile);

public sealed record NewProfile(string DisplayName, string? BiologicalSex, string FitnessLevel);

public sealed record Session(Guid Id, string Device, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, bool IsCurrent);

public sealed record TwoFactor(bool Enabled, DateTimeOffset? EnabledAt, string? Secret, string? QrCode, IReadOnlyList<string>? RecoveryCodes, int? RecoveryCodesLeft);

public sealed record ConnectionList(IReadOnlyList<Connection> Items);

public sealed record Connection(string Provider, string Status, bool IsPrimary, bool MayBePrimary, DateTimeOffset? LastSyncAt, DateTimeOffset? NextSyncAt, string? LastError);

public sealed record SignInPage(string? AuthUrl);

public sealed record SignInAnswer(SignInEnd Result);

/// <summary>How a sign-in at a provider ended; all but the last two as the Api says it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SignInEnd>))]
public enum SignInEnd
{
    Connected,
    Pending,
    Denied,
    [JsonStringEnumMemberName("scope_missing")]
    ScopeMissing,
    Taken,
    Failed,
    Expired,

    /// <summary>It was pending, and has been looked for once more.</summary>
    Waiting,
}

public sealed record Page<T>(IReadOnlyList<T> Items, Pagination Pagination);

public sealed record Pagination(int Page, int PerPage, long Total, int TotalPages);

public sealed record Me(Guid Id, string Email, string Role, DateTimeOffset CreatedAt, Profile? Profile, Points Points);

public sealed record Profile(
    string? DisplayName, string? TierCode, string? BiologicalSex, string? FitnessLevel, DateOnly DateOfBirth, string State, string? TimeZone, bool OpenTierOptIn, string Visibility, ShownParts Shown, DateTimeOffset? NextChangeAt);

public sealed record ShownParts(bool Tier, bool Points, bool Badges, bool Rank);

public sealed record Points(long Balance, long EarnedTotal, long EarnedToday, long RemainingToday);

public sealed record Activity(Guid Id, string ActivityType, string? Sport, string? Title, DateTimeOffset StartedAt, string? Explanation, long PointsEarned, string Source);

public sealed record BoardRow(long Rank, Guid? UserId, string DisplayName, long? Points, string Tier);

public sealed record OwnRank(long? Rank, long Points);

public sealed record Proof(Manifest Manifest, string ManifestHash, Entropy? Entropy, IReadOnlyList<Pick>? Picks);

public sealed record Manifest(long Tickets, string Root, string? Chain);

public sealed record Entropy(string Kind, string? Seed);

public sealed record Pick([property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long Rank, int Slot, long? Ticket);
