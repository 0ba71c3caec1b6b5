using System.Collections.Immutable;

namespace FitTrack.Core.Leaderboards;

/// <summary>
/// One board in ranking order, in memory: a member's rank, the rows at a rank and a change each cost O(log n). It takes about
/// 46 bytes a member. Not for several threads at once.
/// </summary>
/// <remarks>
/// Sorted blocks of row numbers; a Fenwick tree (P. M. Fenwick, A new data structure for cumulative frequency tables, 1994) over
/// their sizes tells how many rows come before a block. It is made anew when a block is split or merged, which is rare.
/// </remarks>
internal sealed class BoardOrder
{
    private const int BlockSize = 512;

    /// <summary>How full new and merged blocks are: there is room for changes on both sides.</summary>
    private const int Filled = BlockSize * 3 / 4;

    private readonly RowTable _rows = new();
    private readonly List<Block> _blocks = [new()];
    private int[] _before = [0, 0];

    public int Count => _rows.Count;

    /// <summary>The sum of all rows' points.</summary>
    public long Points { get; private set; }

    /// <summary>Rises with each change.</summary>
    public long Version { get; private set; }

    /// <summary>Builds an order from rows that come in it.</summary>
    /// <exception cref="InvalidOperationException">The rows come in another order.</exception>
    public static async Task<BoardOrder> FromAsync(IAsyncEnumerable<BoardRow> ranked, CancellationToken ct)
    {
        var order = new BoardOrder();
        await foreach (var row in ranked.WithCancellation(ct))
            order.Append(new RankedRow(row));
        order.CountBlocks();
        return order;
    }

    /// <summary>From 1; null for a member who is not on the board.</summary>
    public int? RankOf(Guid member)
    {
        var number = _rows.Find(member);
        if (number < 0)
            return null;
        var row = _rows[number];
        var block = BlockOf(row);
        return RowsBefore(block) + PlaceIn(_blocks[block], row) + 1;
    }

    /// <summary>Up to <paramref name="count"/> rows from rank <paramref name="first"/> (from 1) on.</summary>
    public ImmutableArray<BoardRow> Rows(int first, int count)
    {
        var rows = ImmutableArray.CreateBuilder<BoardRow>(Math.Clamp(Count - first + 1, 0, count));
        var (block, place) = At(first - 1);
        while (rows.Count < rows.Capacity)
        {
            for (; place < _blocks[block].Count && rows.Count < rows.Capacity; place++)
                rows.Add(_rows[_blocks[block].Rows[place]].Stored);
            (block, place) = (block + 1, 0);
        }

        return rows.MoveToImmutable();
    }

    /// <summary>Puts a member's row where it belongs, wherever it was before.</summary>
    public void Set(BoardRow stored)
    {
        var row = new RankedRow(stored);
        if (_rows.Find(row.UserId) is var number and >= 0)
        {
            if (_rows[number] == row)
                return;
            Take(number);
        }

        var at = BlockOf(row);
        if (_blocks[at].Count == BlockSize)
        {
            _blocks.Insert(at + 1, _blocks[at].Split());
            CountBlocks();
            at = BlockOf(row);
        }

        _blocks[at].Insert(PlaceIn(_blocks[at], row), _rows.Add(row));
        Points += row.Points;
        Changed(at, 1);
    }

    public void Remove(Guid member)
    {
        if (_rows.Find(member) is var number and >= 0)
            Take(number);
    }

    private void Append(in RankedRow row)
    {
        var last = _blocks[^1];
        if (last.Count > 0 && !_rows[last.Last].RanksBefore(row))
            throw new InvalidOperationException("The database ranks in another order.");
        if (last.Count == Filled)
            _blocks.Add(last = new Block());
        last.Insert(last.Count, _rows.Add(row));
        Points += row.Points;
    }

    private void Take(int number)
    {
        var row = _rows[number];
        var at = BlockOf(row);
        _blocks[at].RemoveAt(PlaceIn(_blocks[at], row));
        _rows.Remove(number);
        Points -= row.Points;
        Changed(at, -1);
        if (_blocks[at].Count <= BlockSize / 4 && !Merge(at))
            Merge(at - 1);
    }

    /// <summary>Joins a block with the next when one is empty or both are far from full.</summary>
    private bool Merge(int at)
    {
        if (at < 0 || at + 1 == _blocks.Count)
            return false;
        var (block, next) = (_blocks[at], _blocks[at + 1]);
        if (block.Count > 0 && next.Count > 0 && block.Count + next.Count > Filled)
            return false;
        block.Append(next);
        _blocks.RemoveAt(at + 1);
        CountBlocks();
        return true;
    }

    /// <summary>The first block whose last row does not rank before the given one, or the last block.</summary>
    private int BlockOf(in RankedRow row)
    {
        var (low, high) = (0, _blocks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_blocks[middle].Count == 0 || _rows[_blocks[middle].Last].RanksBefore(row))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>How many rows of a block rank before the given one.</summary>
    private int PlaceIn(Block block, in RankedRow row)
    {
        var (low, high) = (0, block.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[block.Rows[middle]].RanksBefore(row))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int RowsBefore(int block)
    {
        var rows = 0;
        for (var i = block; i > 0; i &= i - 1)
            rows += _before[i];
        return rows;
    }

    /// <summary>Where the row at an index (from 0) lies.</summary>
    private (int Block, int Place) At(int index)
    {
        var (block, left) = (0, index);
        for (var step = (int)global::System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_before.Length); step > 0; step /= 2)
        {
            if (block + step < _before.Length && _before[block + step] <= left)
            {
                block += step;
                left -= _before[block];
            }
        }

        return (block, left);
    }

    private void Changed(int block, int by)
    {
        Version++;
        for (var i = block + 1; i < _before.Length; i += i & -i)
            _before[i] += by;
    }

    private void CountBlocks()
    {
        _before = new int[_blocks.Count + 1];
        for (var i = 1; i < _before.Length; i++)
        {
            _before[i] += _blocks[i - 1].Count;
            if (i + (i & -i) is var parent && parent < _before.Length)
                _before[parent] += _before[i];
        }
    }

    private sealed class Block
    {
        public int[] Rows { get; } = new int[BlockSize];

        public int Count { get; private set; }

        public int Last => Rows[Count - 1];

        public void Insert(int place, int row)
        {
            Array.Copy(Rows, place, Rows, place + 1, Count - place);
            Rows[place] = row;
            Count++;
        }

        public void RemoveAt(int place)
        {
            Count--;
            Array.Copy(Rows, place + 1, Rows, place, Count - place);
        }

        public void Append(Block other)
        {
            Array.Copy(other.Rows, 0, Rows, Count, other.Count);
            Count += other.Count;
        }

        /// <summary>Keeps the better half and returns the other.</summary>
        public Block Split()
        {
            var other = new Block { Count = Count / 2 };
            Count -= other.Count;
            Array.Copy(Rows, Count, other.Rows, 0, other.Count);
            return other;
        }
    }
}
