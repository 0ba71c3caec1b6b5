using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Drawings;

/// <summary>Entries, tickets and picks stay as they are: a completed drawing never changes, and its proof is checked against them.</summary>
internal sealed class DrawingsPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId) =>
    [
        new PersonalTable<DrawingEntrant>("drawing-entries", db.Set<DrawingEntrant>().Where(e => e.UserId == userId)).Kept(),
        new PersonalTable<Ticket>("tickets", db.Set<Ticket>().Where(t => t.UserId == userId)).Kept(),
        new PersonalTable<DrawingPick>("drawing-picks", db.Set<DrawingPick>().Where(p => p.UserId == userId)).Kept(),
        new PersonalTable<TicketSpending>("ticket-spending", db.Set<TicketSpending>().Where(s => s.UserId == userId)),
    ];
}
