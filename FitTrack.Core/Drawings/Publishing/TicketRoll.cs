using FitTrack.Core.Data;
using FitTrack.Core.Drawings.Protocol;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Publishing;

/// <summary>
/// The numbered tickets of a closed drawing with their holders, in number order; arrays, so that a million of them stay small.
/// </summary>
internal sealed class TicketRoll
{
    private readonly string _drawing;
    private readonly List<byte[]> _holders;

    private TicketRoll(Guid drawingId, List<Guid> ticketIds, List<int> holderOfTicket, List<Guid> users, List<byte[]> holders)
    {
        _drawing = drawingId.ToString();
        _holders = holders;
        (TicketIds, HolderOfTicket, Users) = (ticketIds, [.. holderOfTicket], users);
    }

    /// <summary>At index i the ticket with number i + 1.</summary>
    public IReadOnlyList<Guid> TicketIds { get; }

    /// <summary>For ticket number i + 1, the index of its holder.</summary>
    public int[] HolderOfTicket { get; }

    /// <summary>Members by holder index.</summary>
    public IReadOnlyList<Guid> Users { get; }

    public int Count => HolderOfTicket.Length;

    public byte[] Holder(int ticket) => _holders[HolderOfTicket[ticket]];

    public static async Task<TicketRoll> ReadAsync(FitTrackDbContext db, Guid drawingId, Pseudonyms pseudonyms, CancellationToken ct)
    {
        var (ids, holderOfTicket, users, holders) = (new List<Guid>(), new List<int>(), new List<Guid>(), new List<byte[]>());
        var indexOf = new Dictionary<Guid, int>();
        await foreach (var ticket in Rows(db, drawingId).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (!indexOf.TryGetValue(ticket.UserId, out var holder))
            {
                indexOf.Add(ticket.UserId, holder = users.Count);
                users.Add(ticket.UserId);
                holders.Add(pseudonyms.Of(ticket.UserId));
            }

            ids.Add(ticket.TicketId);
            holderOfTicket.Add(holder);
        }

        return new TicketRoll(drawingId, ids, holderOfTicket, users, holders);
    }

    public static IQueryable<TicketRow> Rows(FitTrackDbContext db, Guid drawingId, int from = 1, int to = int.MaxValue) => db.Set<NumberedTicket>()
        .Where(n => n.DrawingId == drawingId && n.TicketNumber >= from && n.TicketNumber <= to)
        .OrderBy(n => n.TicketNumber)
        .Join(db.Set<Ticket>(), n => n.TicketId, t => t.Id, (n, t) => new TicketRow(n.TicketNumber, t.Id, t.UserId));

    /// <summary>The nodes of the tree over each block of 1,024 tickets.</summary>
    public byte[] BlockHashes()
    {
        var blocks = new byte[(Count + DrawingTreeBlock.Leaves - 1) / DrawingTreeBlock.Leaves * MerkleTree.HashLength];
        var leaves = new byte[DrawingTreeBlock.Leaves * MerkleTree.HashLength];
        for (var first = 0; first < Count; first += DrawingTreeBlock.Leaves)
        {
            var size = Math.Min(DrawingTreeBlock.Leaves, Count - first);
            for (var i = 0; i < size; i++)
                MerkleTree.WriteLeaf(_drawing, first + i + 1, TicketIds[first + i].ToString(), Holder(first + i), leaves.AsSpan(i * MerkleTree.HashLength));
            MerkleTree.Root(leaves.AsSpan(0, size * MerkleTree.HashLength)).CopyTo(blocks, first / DrawingTreeBlock.Leaves * MerkleTree.HashLength);
        }

        return blocks;
    }
}

/// <summary>A ticket with its number.</summary>
internal sealed record TicketRow(int Number, Guid TicketId, Guid UserId);
