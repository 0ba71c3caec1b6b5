using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Points;

/// <summary>
/// A member's points as they stand after the last ledger row. Every writer names the <see cref="Seq"/> it read, so two
/// that race cannot both win (compare-and-swap, which works alike on every database).
/// </summary>
public sealed class PointBalance
{
    private PointBalance()
    {
    }

    public Guid UserId { get; private set; }

    /// <summary>Points that can be spent; below zero only after an administrator's clawback.</summary>
    public long Balance { get; private set; }

    /// <summary>Everything ever earned by activity, corrections included, spending left out: the all-time board's number.</summary>
    public long EarnedTotal { get; private set; }

    /// <summary>Sequence number of the last ledger row; 0 before the first.</summary>
    public long Seq { get; private set; }

    public byte[] LastHash { get; private set; } = null!;

    /// <summary>
    /// Moves with every change to what the member's days are computed from, also when no points move; it keeps two
    /// workers that score the same member at the same time from missing each other's activities.
    /// </summary>
    public long ScoringVersion { get; private set; }

    public static PointBalance Open(Guid userId) => new() { UserId = userId, LastHash = LedgerHash.Start };

    internal PointTransaction Append(LedgerEntry entry, DateTimeOffset now)
    {
        var row = PointTransaction.After(Seq, Balance, LastHash, entry, now);
        Balance = row.BalanceAfter;
        EarnedTotal += entry.CountsAsEarned ? entry.Amount : 0;
        Seq = row.Seq;
        LastHash = row.Hash;
        return row;
    }

    internal void MarkScored() => ScoringVersion++;
}

internal sealed class PointBalanceConfiguration : IEntityTypeConfiguration<PointBalance>
{
    public void Configure(EntityTypeBuilder<PointBalance> builder)
    {
        builder.ToTable("point_balances", t =>
        {
            t.HasComment("Each member's points after their last ledger row; moves by compare-and-swap on seq.");
            t.HasCheckConstraint("ck_point_balances_seq", "seq >= 0");
        });
        builder.HasKey(b => b.UserId);
        builder.HasOne<User>().WithOne().HasForeignKey<PointBalance>(b => b.UserId);
        builder.Property(b => b.UserId).ValueGeneratedNever();
        builder.Property(b => b.Seq).IsConcurrencyToken();
        builder.Property(b => b.ScoringVersion).IsConcurrencyToken();
        builder.Property(b => b.LastHash).HasMaxLength(LedgerHash.Length);
    }
}
