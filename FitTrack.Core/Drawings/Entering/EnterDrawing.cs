using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Points;

namespace FitTrack.Core.Drawings.Entering;

/// <summary>
/// Enters a member into a drawing, by buying tickets or free of charge (domain section 5): gate, limits, balance, ledger row, tickets and
/// the kept answer in one transaction. Every no is a return value, and a lost race is run again.
/// </summary>
public sealed class EnterDrawing(
    FitTrackDbContext db, Ledger ledger, EntryCounters counters, EntrantEligibility eligibility, DrawingFactsCache drawings, AuditLog audit, DrawingMetrics metrics, TimeProvider clock)
{
    private const int Attempts = 8;
    private const string SalesClosed = "Ticket sales closed";

    /// <param name="quantity">1 to the drawing's limit a purchase.</param>
    /// <param name="key">Makes repeating the request harmless; null when the caller sent none.</param>
    /// <param name="acceptedRules">The version of the official rules that the member was shown; null for whichever holds.</param>
    public Task<EntryOutcome> BuyAsync(Guid drawingId, Guid userId, int quantity, IdempotentRequest? key, CancellationToken ct, int? acceptedRules = null) =>
        RunAsync(drawingId, new Entry(userId, TicketKind.Paid, quantity, key, acceptedRules), ct);

    /// <summary>No purchase necessary: one ticket with exactly the odds of a bought one.</summary>
    /// <inheritdoc cref="BuyAsync" path="/param[@name='acceptedRules']"/>
    public Task<EntryOutcome> EnterFreeAsync(Guid drawingId, Guid userId, IdempotentRequest? key, CancellationToken ct, int? acceptedRules = null) =>
        RunAsync(drawingId, new Entry(userId, TicketKind.Free, 1, key, acceptedRules), ct);

    /// <summary>A free entry that came by mail, recorded by an administrator under the same rules and limits.</summary>
    public Task<EntryOutcome> EnterMailedAsync(Guid drawingId, Guid userId, IdempotentRequest? key, AdminActor admin, CancellationToken ct) => RunAsync(
        drawingId,
        new Entry(userId, TicketKind.Free, 1, key, null, AuditRecord.Of(admin, "drawing.mailed_entry", "drawing", drawingId.ToString(), null, new { member = userId })),
        ct);

    private async Task<EntryOutcome> RunAsync(Guid drawingId, Entry entry, CancellationToken ct)
    {
        var outcome = await EnterAsync(drawingId, entry, ct);
        if (outcome is EntryOutcome.Entered { Receipt: var receipt })
        {
            metrics.Entered(entry.Kind, receipt.Quantity);
            return outcome;
        }

        // The same request may have succeeded before, and sales closed or points spent since.
        if (entry.Key is { } key && outcome is not EntryOutcome.Repeated)
        {
            var recalled = await db.RecallAsync(key, clock.Now(), ct);
            if (!recalled.IsNew) return EntryOutcome.From(recalled);
        }

        metrics.Refused(outcome);
        return outcome;
    }

    private async Task<EntryOutcome> EnterAsync(Guid drawingId, Entry entry, CancellationToken ct)
    {
        if (await drawings.FindAsync(db, drawingId, ct) is not { Status: not DrawingStatus.Draft } drawing) return new EntryOutcome.NotFound();
        if (entry.Quantity < 1 || entry.Quantity > drawing.MaxTicketsPerPurchase) return new EntryOutcome.InvalidQuantity(drawing.MaxTicketsPerPurchase);
        if (ClosedBecause(drawing) is { } closed) return new EntryOutcome.Refused(closed);
        if (entry.AcceptedRules is { } accepted && accepted != drawing.RulesVersion) return new EntryOutcome.RulesChanged(accepted, drawing.RulesVersion);

        var (facts, refusal) = await eligibility.CheckAsync(drawing, entry.UserId, ct);
        if (refusal is not null) return new EntryOutcome.Refused(refusal);

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                if (await TryAsync(drawing, facts!, entry, contested: attempt > 0, ct) is { } outcome) return outcome;
            }
            catch (Exception e) when (DbErrors.IsUniqueViolation(e) || DbErrors.IsLostRace(e) || DbErrors.IsMissingParent(e))
            {
                if (entry.Key is { } key && await db.RecallAsync(key, clock.Now(), ct) is { IsNew: false } recalled) return EntryOutcome.From(recalled);
            }
        }

        return new EntryOutcome.Busy();
    }

    /// <summary>One run of the transaction; null when it lost a race and can be run again.</summary>
    private async Task<EntryOutcome?> TryAsync(DrawingFacts drawing, EntrantFacts facts, Entry entry, bool contested, CancellationToken ct)
    {
        var (userId, kind, quantity, key, _, record) = entry;
        var now = clock.Now();
        var purchaseId = Guid.CreateVersion7(now);
        var cost = kind == TicketKind.Paid ? (long)drawing.TicketPrice * quantity : 0;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        if (cost > 0 && facts.Member.SpendingLimit is { } own && !await counters.SpendAsync(userId, cost, own, now, ct))
            return new EntryOutcome.LimitReached($"Your own spending limit of {own} points a week would be exceeded");
        if (quantity > EntryCounters.LimitOf(drawing, kind)) return LimitReached(drawing, kind);

        var batch = new StatementBatch(db);
        var gate = batch.Add(EntryCounters.PassGate(drawing.Id, quantity, now));
        var count = batch.Add(EntryCounters.Count(drawing, userId, kind, quantity));
        int? first = !contested && EntryCounters.HasEntered(drawing.Id, userId) ? null : batch.Add(EntryCounters.CountFirst(drawing, userId, kind, quantity, now));
        // Whoever lost a race holds the entrant's row before looking at the balance, so that the member's other purchases wait.
        int[] counted = contested ? await batch.ExecuteAsync(ct) : [];

        var payment = cost == 0 ? null
            : await ledger.PlanNewAsync(LedgerEntry.Spend(userId, cost, "purchase", purchaseId.ToString(), $"{quantity} {(quantity == 1 ? "ticket" : "tickets")} for {drawing.Name}"), ct);
        var tickets = Enumerable.Range(0, quantity)
            .Select(_ => Ticket.Create(drawing.Id, userId, kind, purchaseId, cost == 0 ? 0 : drawing.TicketPrice, drawing.RulesVersion, now)).ToList();
        var receipt = new EntryReceipt(drawing.Id, purchaseId, quantity, cost, (payment?.Outcome as LedgerOutcome.Appended)?.BalanceAfter, tickets.ConvertAll(t => new EntryTicket(t.Id, null, now)));
        if (payment is null or { Move: not null })
        {
            // Sent with the counters, not after them: what they refuse is rolled back.
            payment?.MoveIn(batch);
            tickets.ForEach(batch.Insert);
            if (key is not null) batch.Insert(key.Answered(201, receipt, location: null, now));
        }

        int[] changed = [.. counted, .. await batch.ExecuteAsync(ct)];
        if (changed[gate] == 0) return await RefusedAtGateAsync(drawing.Id, ct);
        if (changed[count] + (first is { } place ? changed[place] : 0) == 0)
            return await counters.IsLimitReachedAsync(drawing, userId, kind, quantity, ct) ? LimitReached(drawing, kind) : null;
        if (payment?.Outcome is LedgerOutcome.InsufficientBalance poor) return new EntryOutcome.InsufficientPoints(poor.Balance, cost);
        if (payment is { Move: null }) return null;
        if (record is not null) await audit.AppendAsync(record, ct);
        await transaction.CommitAsync(ct);
        if (first is not null) EntryCounters.Remember(drawing.Id, userId);
        return new EntryOutcome.Entered(receipt);
    }

    private async Task<EntryOutcome> RefusedAtGateAsync(Guid drawingId, CancellationToken ct)
    {
        var drawing = await drawings.ReadAsync(db, drawingId, ct);
        return new EntryOutcome.Refused(drawing is null ? SalesClosed : ClosedBecause(drawing) ?? SalesClosed);
    }

    private string? ClosedBecause(DrawingFacts drawing) => drawing.Status switch
    {
        DrawingStatus.Open => drawing.SalesCloseAt > clock.Now() ? null : SalesClosed,
        DrawingStatus.Scheduled or DrawingStatus.Draft => "Ticket sales have not opened yet",
        DrawingStatus.Cancelled => "This drawing was cancelled",
        _ => SalesClosed,
    };

    private static EntryOutcome.LimitReached LimitReached(DrawingFacts drawing, TicketKind kind) => new(kind == TicketKind.Free
        ? $"Free entry limit reached: {drawing.FreeEntriesPerMember} a member"
        : $"Ticket limit reached: at most {drawing.MaxTicketsPerMember} tickets a member");

    private sealed record Entry(Guid UserId, TicketKind Kind, int Quantity, IdempotentRequest? Key, int? AcceptedRules, AuditRecord? Record = null);
}
