using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>What an entry needs to know of a drawing. Once a drawing is open, only the status still changes.</summary>
public sealed record DrawingFacts(
    Guid Id,
    string Name,
    DrawingStatus Status,
    EntropyKind Entropy,
    DateTimeOffset SalesCloseAt,
    int TicketPrice,
    int MaxTicketsPerPurchase,
    int MaxTicketsPerMember,
    int FreeEntriesPerMember,
    EligibleUsers EligibleUsers,
    int MinAccountAgeDays,
    int MinAge,
    int RulesVersion);

/// <summary>
/// Drawings that are on sale, remembered for a few seconds per process. That is safe: the terms of an open drawing never change, and
/// whether it is still open is asked of the gate, in the transaction. A drawing that is not open is never answered from memory.
/// </summary>
public sealed class DrawingFactsCache : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    private static readonly Func<FitTrackDbContext, Guid, CancellationToken, Task<DrawingFacts?>> FactsOf = EF.CompileAsyncQuery(
        (FitTrackDbContext db, Guid id, CancellationToken ct) => db.Set<Drawing>()
            .Where(d => d.Id == id)
            .Select(d => new DrawingFacts(
                d.Id, d.Name, d.Status, d.Entropy, d.SalesCloseAt, d.TicketPrice, d.MaxTicketsPerPurchase, d.MaxTicketsPerMember, d.FreeEntriesPerMember,
                d.EligibleUsers, d.MinAccountAgeDays, d.MinAge, d.RulesVersion))
            .FirstOrDefault());

    private readonly BriefCache<DrawingFacts> _cache;
    private readonly IDisposable _subscription;

    public DrawingFactsCache(IMessageBus bus, TimeProvider clock)
    {
        _cache = new BriefCache<DrawingFacts>(clock, Kept);
        _subscription = bus.Subscribe(BusTopics.Drawing, _cache.Forget, _cache.Clear);
    }

    public async ValueTask<DrawingFacts?> FindAsync(FitTrackDbContext db, Guid id, CancellationToken ct) =>
        _cache.TryGet(id, out var known) ? known : await ReadAsync(db, id, ct);

    /// <summary>From the database, to tell why a gate refused.</summary>
    public async Task<DrawingFacts?> ReadAsync(FitTrackDbContext db, Guid id, CancellationToken ct)
    {
        var facts = await FactsOf(db, id, ct);
        if (facts?.Status == DrawingStatus.Open) _cache.Keep(id, facts);
        return facts;
    }

    public void Dispose() => _subscription.Dispose();
}
