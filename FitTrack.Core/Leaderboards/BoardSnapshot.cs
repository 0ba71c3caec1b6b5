using System.Collections.Concurrent;
using System.Collections.Immutable;
using FitTrack.Core.Competition;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// A board as it was at one moment: its size and its best places. What it says never changes; a new one takes its
/// place. It remembers the answers that the database gave about members further down.
/// </summary>
public sealed class BoardSnapshot
{
    /// <summary>Ranks that can be paged through.</summary>
    public const int Listed = 1_000;

    /// <summary>Ranks on the boards that most ask for; a longer one is made only for who pages on.</summary>
    public const int Usual = 100;

    /// <summary>Members further down whose places are remembered; more are asked for anew.</summary>
    private const int MostRemembered = 1_000;

    private readonly Dictionary<Guid, int> _index;
    private readonly ConcurrentDictionary<Guid, MemberPlace> _further = new();

    internal BoardSnapshot(Period period, string tier, int members, ImmutableArray<BoardPlace> best, bool showsPoints, DateTimeOffset now)
    {
        (Period, Tier, Members, Best, ShowsPoints, GeneratedAt) = (period, tier, members, best, showsPoints, now);
        IsFinal = period.IsFinal(now);
        _index = new Dictionary<Guid, int>(best.Length);
        for (var i = 0; i < best.Length; i++)
            _index.Add(best[i].UserId, i);
    }

    public Period Period { get; }

    public string Tier { get; }

    /// <summary>Members with points in the period.</summary>
    public int Members { get; }

    /// <summary>The best places, in order, and what surrounds the last of them.</summary>
    public ImmutableArray<BoardPlace> Best { get; }

    /// <summary>False on a board so small that points would tell too much about a person.</summary>
    public bool ShowsPoints { get; }

    /// <summary>True once the next period has begun.</summary>
    public bool IsEnded => GeneratedAt >= Period.EndsAt;

    /// <summary>True once late data no longer changes it.</summary>
    public bool IsFinal { get; }

    public DateTimeOffset GeneratedAt { get; }

    internal BoardKey Key => new(Period.Kind, Period.Start, Tier);

    /// <summary>Whether every member of the board is among <see cref="Best"/>.</summary>
    internal bool IsWhole => Members <= Best.Length;

    /// <summary>Whether the member appears in any answer that this snapshot gives.</summary>
    internal bool Shows(Guid userId) => _index.ContainsKey(userId) || _further.Values.Any(place => place.Around.Any(p => p.UserId == userId));

    internal void Remember(Guid userId, MemberPlace place)
    {
        if (_further.Count < MostRemembered)
            _further.TryAdd(userId, place);
    }

    /// <summary>Where a member stands, if that can be told from <see cref="Best"/>; null when the database must be asked.</summary>
    internal MemberPlace? Find(Guid userId)
    {
        if (!_index.TryGetValue(userId, out var i))
            return IsWhole ? MemberPlace.None : _further.GetValueOrDefault(userId);
        var from = Math.Max(0, i - MemberPlace.Reach);
        var to = Math.Min(Best.Length, i + MemberPlace.Reach + 1);
        // Whoever stands so low that their surroundings are cut off belongs to the database.
        return to - i <= MemberPlace.Reach && !IsWhole ? _further.GetValueOrDefault(userId) : new MemberPlace(i + 1, Best[i].Points, Best[from..to]);
    }
}
