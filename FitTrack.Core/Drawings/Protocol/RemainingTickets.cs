namespace FitTrack.Core.Drawings.Protocol;

/// <summary>
/// The tickets still in a draw, in number order. A Fenwick tree counts them, so that finding one by its place and taking one out
/// cost log N each: many prizes over a million tickets stay cheap.
/// </summary>
internal sealed class RemainingTickets
{
    private readonly int[] _holderOfTicket;
    private readonly int[] _ticketsByHolder;
    private readonly int[] _firstOfHolder;
    private readonly int[] _tree;
    private readonly int _topBit;

    public RemainingTickets(int[] holderOfTicket)
    {
        _holderOfTicket = holderOfTicket;
        Count = holderOfTicket.Length;
        (_firstOfHolder, _ticketsByHolder) = GroupByHolder(holderOfTicket);
        _tree = new int[Count + 1];
        for (var i = 1; i <= Count; i++) _tree[i] = i & -i;
        for (_topBit = 1; _topBit * 2L <= Count;) _topBit *= 2;
    }

    public int Count { get; private set; }

    /// <summary>The ticket (index from 0) at <paramref name="place"/> (from 0) among those left.</summary>
    public int At(int place)
    {
        var position = 0;
        for (var bit = _topBit; bit > 0; bit /= 2)
        {
            var next = position + bit;
            if (next >= _tree.Length || _tree[next] > place) continue;
            position = next;
            place -= _tree[next];
        }

        return position;
    }

    public void RemoveHolderOf(int ticket)
    {
        var holder = _holderOfTicket[ticket];
        for (var i = _firstOfHolder[holder]; i < _firstOfHolder[holder + 1]; i++) Remove(_ticketsByHolder[i]);
    }

    private void Remove(int ticket)
    {
        for (var i = ticket + 1; i < _tree.Length; i += i & -i) _tree[i]--;
        Count--;
    }

    private static (int[] First, int[] Tickets) GroupByHolder(int[] holderOfTicket)
    {
        var holders = holderOfTicket.Length == 0 ? 0 : holderOfTicket.Max() + 1;
        var first = new int[holders + 1];
        foreach (var holder in holderOfTicket) first[holder + 1]++;
        for (var holder = 0; holder < holders; holder++) first[holder + 1] += first[holder];

        var next = first.AsSpan(0, holders).ToArray();
        var tickets = new int[holderOfTicket.Length];
        for (var ticket = 0; ticket < holderOfTicket.Length; ticket++) tickets[next[holderOfTicket[ticket]]++] = ticket;
        return (first, tickets);
    }
}
