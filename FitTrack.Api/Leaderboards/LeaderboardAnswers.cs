using FitTrack.Api.Http;

namespace FitTrack.Api.Leaderboards;

/// <summary>A board as a member sees it.</summary>
/// <param name="Period">daily, weekly, monthly or alltime.</param>
/// <param name="Start">First day in the competition time zone; null for alltime.</param>
/// <param name="End">Last day; null for alltime.</param>
/// <param name="Ended">True once the next period has begun; always false for alltime.</param>
/// <param name="Final">True once late data no longer changes it, 48 hours after its end.</param>
/// <param name="Tier">The tier that competes.</param>
/// <param name="TotalMembers">Members with points in the period.</param>
/// <param name="GeneratedAt">When the board was read.</param>
/// <param name="Rankings">The page asked for: up to 100 rows in order, at first the top 100.</param>
/// <param name="Me">The caller on this board.</param>
/// <param name="Around">Up to ten better, the caller, up to ten worse; empty if the caller has no rank here.</param>
[SchemaExample("""
    {
      "period": "weekly", "start": "2026-11-16", "end": "2026-11-22", "ended": false, "final": false, "tier": "M-30-39-INT", "totalMembers": 500,
      "generatedAt": "2026-11-18T15:04:05.123Z",
      "rankings": [{ "rank": 1, "userId": "019a9c3e-8f00-7abc-8def-0123456789ab", "displayName": "Ada", "points": 4500, "tier": "M-30-39-INT" }],
      "me": { "rank": 45, "points": 1420 },
      "around": [{ "rank": 45, "userId": "019a9c3e-8f00-7abc-8def-0123456789ac", "displayName": "Grace", "points": 1420, "tier": "M-30-39-INT" }]
    }
    """)]
public sealed record LeaderboardAnswer(
    string Period, DateOnly? Start, DateOnly? End, bool Ended, bool Final, string Tier, int TotalMembers, DateTimeOffset GeneratedAt,
    IReadOnlyList<LeaderboardRow> Rankings, LeaderboardMe Me, IReadOnlyList<LeaderboardRow> Around);

/// <param name="Rank">From 1; no two are equal.</param>
/// <param name="UserId">For the public profile; null for a hidden member.</param>
/// <param name="DisplayName">"Hidden member" for whoever hides.</param>
/// <param name="Points">Points in the period; null to others on a board with fewer than five members.</param>
/// <param name="Tier">The board's tier.</param>
public sealed record LeaderboardRow(int Rank, Guid? UserId, string DisplayName, long? Points, string Tier);

/// <param name="Rank">Null without points on this board.</param>
/// <param name="Points">The caller's points on this board.</param>
public sealed record LeaderboardMe(int? Rank, long Points);

/// <summary>All tiers, in their order.</summary>
public sealed record TierList(IReadOnlyList<TierItem> Items);

/// <param name="Tier">The tier's code.</param>
/// <param name="Members">Active members that compete in it.</param>
/// <param name="Multiplier">Of steps and active minutes, by today's rates.</param>
public sealed record TierItem(string Tier, int Members, decimal Multiplier);
