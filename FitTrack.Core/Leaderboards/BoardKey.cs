using System.Runtime.InteropServices;
using FitTrack.Core.Competition;

namespace FitTrack.Core.Leaderboards;

/// <summary>One board: a tier in one period.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BoardKey(PeriodKind Kind, DateOnly Start, string Tier)
{
    /// <summary>The name of its cached answers, for example <c>leaderboard:weekly:M-30-39-INT:2026-11-16</c>.</summary>
    public override string ToString() => Kind == PeriodKind.Alltime
        ? $"leaderboard:alltime:{Tier}"
        : $"leaderboard:{Kind.ToString().ToLowerInvariant()}:{Tier}:{Start:yyyy-MM-dd}";
}

/// <summary>A row of a board as it is stored.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BoardRow(Guid UserId, long Points, DateTimeOffset ReachedAt);

/// <summary>A row of a board as it is shown.</summary>
/// <param name="Rank">From 1, unique.</param>
/// <param name="UserId">The member; not to be shown to others when hidden.</param>
/// <param name="DisplayName">Null for a hidden member.</param>
/// <param name="Points">Points in the period.</param>
public sealed record BoardPlace(int Rank, Guid UserId, string? DisplayName, long Points);

/// <summary>Where a member stands on a board.</summary>
/// <param name="Rank">Null without points in the period.</param>
/// <param name="Points">Points in the period.</param>
/// <param name="Around">Up to ten better, the member, up to ten worse; empty without a rank.</param>
public sealed record MemberPlace(int? Rank, long Points, IReadOnlyList<BoardPlace> Around)
{
    /// <summary>How many rows on each side of a member are shown.</summary>
    public const int Reach = 10;

    public static readonly MemberPlace None = new(null, 0, []);
}
