using FitTrack.Core.Accounts;
using FitTrack.Core.Data;

namespace FitTrack.Core.Points;

/// <summary>An administrator's change of a member's balance.</summary>
/// <param name="AdminId">Who decides.</param>
/// <param name="UserId">Whose balance.</param>
/// <param name="Points">Signed, not zero.</param>
/// <param name="Reason">Why; the member reads it.</param>
/// <param name="Clawback">The balance may go below zero.</param>
/// <param name="IpAddress">Of the administrator, for the audit log.</param>
public sealed record Adjustment(Guid AdminId, Guid UserId, long Points, string Reason, bool Clawback, string? IpAddress);

/// <summary>What became of an adjustment.</summary>
public abstract record AdjustOutcome
{
    private AdjustOutcome()
    {
    }

    public sealed record Booked(Guid TransactionId) : AdjustOutcome;

    public sealed record NoSuchMember : AdjustOutcome;

    /// <summary>It would take the balance below zero, and is no clawback.</summary>
    public sealed record InsufficientBalance(long Balance) : AdjustOutcome;

    /// <summary>The balance kept moving; try again.</summary>
    public sealed record LostRace : AdjustOutcome;
}

/// <summary>Books an administrator's adjustment together with its audit entry. Boards do not follow it.</summary>
public sealed class AdjustPoints(FitTrackDbContext db, Ledger ledger, MemberStandings members, AuditLog audit)
{
    public async Task<AdjustOutcome> ExecuteAsync(Adjustment adjustment, CancellationToken ct)
    {
        if (await members.FindAsync(adjustment.UserId, ct) is null)
            return new AdjustOutcome.NoSuchMember();
        await using var own = await db.BeginOwnTransactionAsync(ct);
        var entry = LedgerEntry.Adjust(adjustment.UserId, adjustment.Points, "admin", Guid.NewGuid().ToString(), adjustment.Reason, adjustment.Clawback);
        var outcome = await ledger.AppendAsync(entry, ct);
        if (outcome is not LedgerOutcome.Appended(var id, _, var balance, _))
            return outcome is LedgerOutcome.InsufficientBalance(var left) ? new AdjustOutcome.InsufficientBalance(left) : new AdjustOutcome.LostRace();

        await db.SaveChangesAsync(ct);
        var after = $$"""{"points":{{adjustment.Points}},"balance":{{balance}},"transaction":"{{id}}"}""";
        await audit.AppendAsync(new AuditRecord(adjustment.AdminId, "points.adjust", "user", adjustment.UserId.ToString(), null, after, adjustment.IpAddress), ct);
        if (own is not null)
            await own.CommitAsync(ct);
        return new AdjustOutcome.Booked(id);
    }
}
