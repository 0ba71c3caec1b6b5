using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Points;

/// <summary>Why points moved; as text <c>earn</c>, <c>spend</c>, <c>adjust</c>, <c>refund</c>.</summary>
public enum PointTransactionType
{
    Earn,
    Spend,
    Adjust,
    Refund,
}

/// <summary>
/// One row of the append-only ledger (domain section 3), chained to the member's previous row by its hash. There is no way to change one:
/// a mistake is put right by another row.
/// </summary>
public sealed class PointTransaction
{
    private PointTransaction()
    {
    }

    public Guid Id { get; private set; }

    public Guid UserId { get; private set; }

    /// <summary>1, 2, 3, ... per member, without gaps.</summary>
    public long Seq { get; private set; }

    public PointTransactionType Type { get; private set; }

    /// <summary>Points, signed: what the balance changes by.</summary>
    public long Amount { get; private set; }

    public long BalanceAfter { get; private set; }

    /// <summary>What the row belongs to: <c>activity</c>, <c>correction</c>, <c>purchase</c>, ...</summary>
    public string ReferenceKind { get; private set; } = null!;

    /// <summary>The award, purchase or decision; unique per member and kind, which makes every booking idempotent.</summary>
    public string ReferenceKey { get; private set; } = null!;

    public string Reason { get; private set; } = null!;

    /// <summary>The competition day an award or its correction belongs to; such rows count on leaderboards.</summary>
    public DateOnly? EarnedOn { get; private set; }

    public string? RateVersion { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>See <see cref="LedgerHash"/>.</summary>
    public byte[] Hash { get; private set; } = null!;

    /// <summary>The hash that this row must have after <paramref name="previous"/>.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> previous) =>
        LedgerHash.Of(previous, Seq, TypeText(Type), Amount, BalanceAfter, $"{ReferenceKind}:{ReferenceKey}", EarnedOn, RateVersion, CreatedAt);

    internal static PointTransaction After(long seq, long balance, ReadOnlySpan<byte> previousHash, LedgerEntry entry, DateTimeOffset now)
    {
        var row = new PointTransaction
        {
            Id = Guid.CreateVersion7(now),
            UserId = entry.UserId,
            Seq = seq + 1,
            Type = entry.Type,
            Amount = entry.Amount,
            BalanceAfter = balance + entry.Amount,
            ReferenceKind = entry.ReferenceKind,
            ReferenceKey = entry.ReferenceKey,
            Reason = entry.Reason,
            EarnedOn = entry.EarnedOn,
            RateVersion = entry.RateVersion,
            CreatedAt = now,
        };
        row.Hash = row.HashAfter(previousHash);
        return row;
    }

    private static string TypeText(PointTransactionType type) => type switch
    {
        PointTransactionType.Earn => "earn",
        PointTransactionType.Spend => "spend",
        PointTransactionType.Adjust => "adjust",
        _ => "refund",
    };
}

internal sealed class PointTransactionConfiguration : IEntityTypeConfiguration<PointTransaction>
{
    public void Configure(EntityTypeBuilder<PointTransaction> builder)
    {
        builder.ToTable("point_transactions", t =>
        {
            t.HasComment("Append-only ledger of points; each row is chained to the member's previous one by its hash.");
            t.HasCheckConstraint("ck_point_transactions_sign",
                "(type IN ('earn', 'refund') AND amount > 0) OR (type = 'spend' AND amount < 0) OR (type = 'adjust' AND amount <> 0)");
            t.HasCheckConstraint("ck_point_transactions_seq", "seq > 0");
            t.HasCheckConstraint("ck_point_transactions_earned", "type <> 'earn' OR (earned_on IS NOT NULL AND rate_version IS NOT NULL)");
        });
        builder.HasKey(t => t.Id);
        builder.Property(t => t.ReferenceKind).HasMaxLength(LedgerEntry.MaxReferenceKind);
        builder.Property(t => t.ReferenceKey).HasMaxLength(LedgerEntry.MaxReferenceKey);
        builder.Property(t => t.Reason).HasMaxLength(LedgerEntry.MaxReason);
        builder.Property(t => t.RateVersion).HasMaxLength(20);
        builder.Property(t => t.Hash).HasMaxLength(LedgerHash.Length);
        // To the balance row, which this transaction has just written, rather than to the user: one row less to lock.
        builder.HasOne<PointBalance>().WithMany().HasForeignKey(t => t.UserId);
        builder.HasIndex(t => new { t.UserId, t.Seq }).IsUnique();
        builder.HasIndex(t => new { t.UserId, t.ReferenceKind, t.ReferenceKey }).IsUnique();
    }
}
