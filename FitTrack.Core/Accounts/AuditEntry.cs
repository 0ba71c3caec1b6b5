using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Accounts;

/// <summary>
/// A line of the audit log: who did what to what, before and after. Append-only; each hash covers the one before. The states go into it by
/// a salted digest, so that personal data can be taken out of an old entry without breaking the chain.
/// </summary>
public sealed class AuditEntry
{
    internal const int SaltLength = 16;

    private AuditEntry()
    {
    }

    /// <summary>1, 2, 3 ... without gaps.</summary>
    public long Seq { get; private set; }

    public Guid? ActorId { get; private set; }

    /// <summary>Such as <c>user.delete</c>.</summary>
    public string Action { get; private set; } = null!;

    public string SubjectKind { get; private set; } = null!;

    public string SubjectId { get; private set; } = null!;

    /// <summary>JSON; null when there was nothing before.</summary>
    public string? BeforeState { get; private set; }

    public string? AfterState { get; private set; }

    /// <summary>16 random bytes; null once the states were taken out, and in entries from before there were digests.</summary>
    public byte[]? StateSalt { get; private set; }

    /// <summary>SHA-256 of salt and states.</summary>
    public byte[]? StateDigest { get; private set; }

    public string? IpAddress { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public byte[] PreviousHash { get; private set; } = null!;

    public byte[] EntryHash { get; private set; } = null!;

    internal static AuditEntry Append(long seq, byte[] previousHash, AuditRecord record, DateTimeOffset now)
    {
        var entry = new AuditEntry
        {
            Seq = seq,
            ActorId = record.ActorId,
            Action = record.Action,
            SubjectKind = record.SubjectKind,
            SubjectId = record.SubjectId,
            BeforeState = record.Before,
            AfterState = record.After,
            StateSalt = RandomNumberGenerator.GetBytes(SaltLength),
            IpAddress = record.IpAddress,
            CreatedAt = now,
            PreviousHash = previousHash,
        };
        entry.StateDigest = AuditHash.OfStates(entry);
        entry.EntryHash = AuditHash.Of(entry);
        return entry;
    }

    /// <summary>Whether the entry is what was written; of its states, only while they are there.</summary>
    internal bool IsGenuine() => EntryHash.AsSpan().SequenceEqual(AuditHash.Of(this))
        && (StateSalt is null || StateDigest.AsSpan().SequenceEqual(AuditHash.OfStates(this)));
}

/// <summary>The end of the chain. Appending locks its one row, so that entries stand in the order of their commits.</summary>
internal sealed class AuditHead
{
    private AuditHead()
    {
    }

    public int Id { get; private set; }

    public long Seq { get; private set; }

    public byte[] LastHash { get; private set; } = null!;

    public static AuditHead Start() => new() { Id = 1, Seq = 0, LastHash = new byte[32] };
}

internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> b)
    {
        b.ToTable("audit_log", t => t.HasComment("Who did what, before and after; append-only and chained by hashes."));
        b.HasKey(e => e.Seq);
        b.Property(e => e.Seq).ValueGeneratedNever();
        b.Property(e => e.Action).HasMaxLength(60);
        b.Property(e => e.SubjectKind).HasMaxLength(40);
        b.Property(e => e.SubjectId).HasMaxLength(80);
        b.Property(e => e.BeforeState).HasMaxLength(20_000);
        b.Property(e => e.AfterState).HasMaxLength(20_000);
        b.Property(e => e.StateSalt).HasMaxLength(AuditEntry.SaltLength);
        b.Property(e => e.StateDigest).HasMaxLength(32);
        b.Property(e => e.IpAddress).HasMaxLength(ClientInfo.AddressLength);
        b.Property(e => e.PreviousHash).HasMaxLength(32);
        b.Property(e => e.EntryHash).HasMaxLength(32);
        b.HasIndex(e => new { e.SubjectKind, e.SubjectId });
        b.HasIndex(e => e.ActorId);
        b.HasIndex(e => e.CreatedAt);
    }
}

internal sealed class AuditHeadConfiguration : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> b)
    {
        b.ToTable("audit_head", t => t.HasComment("The end of the audit log's chain, one row."));
        b.HasKey(h => h.Id);
        b.Property(h => h.Id).ValueGeneratedNever();
        b.Property(h => h.LastHash).HasMaxLength(32);
    }
}
