using System.Text.Json;

namespace FitTrack.Web.Api;

public sealed record SystemSummary(DateTimeOffset GeneratedAt, IReadOnlyList<EntityCount> Entities, IReadOnlyList<DayOfAll> Days)
{
    public long CountOf(string entity) => Entities.FirstOrDefault(e => e.Entity == entity)?.Count ?? 0;
}

public sealed record EntityCount(string Entity, long Count);

public sealed record DayOfAll(DateOnly Day, int Members, long Points);

public sealed record IntegrityReport(DateTimeOffset GeneratedAt, bool Ok, IReadOnlyList<OrphanCheck> Orphans, LedgerReport Ledger, long? FirstBrokenAuditEntry);

public sealed record OrphanCheck(string Entity, string Column, string References, long Orphans);

public sealed record LedgerReport(int Members, long Rows, int Roots, string? FirstDifference);

public sealed record FairnessReport(DateOnly From, DateOnly To, IReadOnlyList<TierFairness> Tiers);

public sealed record TierFairness(string Tier, int Members, decimal Multiplier, int Scoring, PointSpread Earned, PointSpread WithoutMultiplier, PointSpread? Replayed);

public sealed record PointSpread(long Points, double PointsPerMember, long P10, long Median, long P90, long Most, double Gini, double InBestTenth);

public sealed record Jobs(IReadOnlyList<WorkerSeen> Workers, IReadOnlyList<QueueLength> Queues);

public sealed record WorkerSeen(string Id, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsRunning);

public sealed record QueueLength(string Name, long Waiting);

public sealed record MemberRow(Guid Id, string Email, string Role, string Status, bool EmailVerified, string? DisplayName, string? TierCode, string State, DateTimeOffset? LastLoginAt, DateTimeOffset CreatedAt);

public sealed record MemberAccount(
    Guid Id, string Email, string Role, string Status, bool EmailVerified, DateOnly DateOfBirth, string State, bool TwoFactorEnabled, DateTimeOffset? LastLoginAt, DateTimeOffset CreatedAt,
    Profile? Profile, Points Points, IReadOnlyList<Connection> Connections);

public sealed record Review(
    Guid Id, Guid ActivityId, Guid UserId, string Rule, JsonElement Evidence, string Status, DateTimeOffset OpenedAt, DateTimeOffset? DecidedAt, string? Reason, string? Appeal, DateTimeOffset? AppealedAt);

public sealed record HeldCorrection(Guid UserId, DateOnly Day, int Points, DateTimeOffset UpdatedAt);

public sealed record AuditItem(
    long Seq, Guid? ActorId, string Action, string SubjectKind, string SubjectId, string? Before, string? After, string? IpAddress, DateTimeOffset CreatedAt, string Hash);
