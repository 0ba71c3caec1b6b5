using System.Runtime.InteropServices;

namespace FitTrack.Core.Leaderboards;

/// <summary>A row of a board as it is kept in memory, in 32 bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RankedRow(Guid UserId, long Points, long ReachedTicks)
{
    public RankedRow(BoardRow row)
        : this(row.UserId, row.Points, row.ReachedAt.UtcTicks)
    {
    }

    public BoardRow Stored => new(UserId, Points, new DateTimeOffset(ReachedTicks, TimeSpan.Zero));

    /// <summary>The ranking order of domain section 4; ids compare as their text does, which is how the databases do it.</summary>
    public bool RanksBefore(in RankedRow other)
    {
        if (Points != other.Points)
            return Points > other.Points;
        return ReachedTicks != other.ReachedTicks ? ReachedTicks < other.ReachedTicks : UserId.CompareTo(other.UserId) < 0;
    }
}

/// <summary>
/// Rows under small numbers, found by member: a hash table with linear probing over rows in pieces, since a dictionary takes twice
/// the memory. Not for several threads at once.
/// </summary>
internal sealed class RowTable
{
    private const int PieceBits = 12;
    private const int PieceSize = 1 << PieceBits;

    private readonly List<RankedRow[]> _pieces = [];
    private readonly Stack<int> _free = [];
    private int[] _buckets = new int[16]; // a row's number + 1; 0 is empty
    private int _used;

    public int Count => _used - _free.Count;

    public RankedRow this[int number] => _pieces[number >> PieceBits][number & (PieceSize - 1)];

    /// <summary>The number of a member's row, or -1.</summary>
    public int Find(Guid member)
    {
        for (var i = Home(member); _buckets[i] != 0; i = Next(i))
        {
            if (this[_buckets[i] - 1].UserId == member)
                return _buckets[i] - 1;
        }

        return -1;
    }

    /// <summary>Adds the row of a member who has none.</summary>
    public int Add(in RankedRow row)
    {
        if ((Count + 1) * 4L > _buckets.Length * 3L)
            Grow();
        if (!_free.TryPop(out var number))
        {
            number = _used++;
            if (number >> PieceBits == _pieces.Count)
                _pieces.Add(new RankedRow[PieceSize]);
        }

        _pieces[number >> PieceBits][number & (PieceSize - 1)] = row;
        Link(number);
        return number;
    }

    public void Remove(int number)
    {
        var gap = Home(this[number].UserId);
        while (_buckets[gap] != number + 1)
            gap = Next(gap);
        // Whoever was pushed behind the gap moves into it, so that no search ends at it too early.
        for (var i = Next(gap); _buckets[i] != 0; i = Next(i))
        {
            var home = Home(this[_buckets[i] - 1].UserId);
            if (((i - home) & (_buckets.Length - 1)) >= ((i - gap) & (_buckets.Length - 1)))
                (_buckets[gap], gap) = (_buckets[i], i);
        }

        _buckets[gap] = 0;
        _free.Push(number);
    }

    private void Grow()
    {
        var old = _buckets;
        _buckets = new int[old.Length * 2];
        foreach (var bucket in old)
        {
            if (bucket != 0)
                Link(bucket - 1);
        }
    }

    private void Link(int number)
    {
        var i = Home(this[number].UserId);
        while (_buckets[i] != 0)
            i = Next(i);
        _buckets[i] = number + 1;
    }

    private int Next(int bucket) => (bucket + 1) & (_buckets.Length - 1);

    /// <summary>Ids that were made one after the other differ in few bits: the multiplication spreads them.</summary>
    private int Home(Guid member) => (int)(((ulong)(uint)member.GetHashCode() * 0x9E3779B97F4A7C15UL) >> 32) & (_buckets.Length - 1);
}
