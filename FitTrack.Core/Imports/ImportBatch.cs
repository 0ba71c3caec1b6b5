using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Imports;

/// <summary>What a batch brings in: a file's format, or a provider's training log.</summary>
public enum ImportKind
{
    Gpx,
    Tcx,
    Fit,
    MapMyFitnessCsv,
    StravaCsv,
    Zip,
    StravaSync,
    HevySync,
}

public enum ImportStatus
{
    Queued,
    Running,
    Completed,
    Failed,
    Undone,
}

/// <summary>One import: queued with its file, worked off under a lease, counted, and undone as a whole.</summary>
public sealed class ImportBatch
{
    /// <summary>25 MB.</summary>
    public const int MaxBytes = 25 * 1024 * 1024;
    public const int MaxFileName = 255;
    public const int MaxError = 1000;

    private ImportBatch()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }
    public ImportKind Kind { get; private set; }

    /// <summary>As the member's device called it; null for a provider's log.</summary>
    public string? FileName { get; private set; }
    public long ByteCount { get; private set; }

    /// <summary>SHA-256 of the file in lower-case hex.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>What the member says it was, for what the file gives no sport; a code of <see cref="Activities.Sports"/>.</summary>
    public string? Sport { get; private set; }
    public ImportStatus Status { get; private set; }
    public int Added { get; private set; }
    public int Updated { get; private set; }
    public int Skipped { get; private set; }
    public int Failed { get; private set; }

    /// <summary>Why the whole batch failed.</summary>
    public string? Error { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? StartedAt { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }
    public string? LeaseOwner { get; private set; }
    public DateTimeOffset? LeaseExpiresAt { get; private set; }

    /// <summary>Grows with each claim; the final write checks it.</summary>
    public long Fence { get; private set; }

    /// <exception cref="ArgumentException">The name is blank or the size is not 1 to <see cref="MaxBytes"/>.</exception>
    public static ImportBatch ForFile(Guid userId, ImportKind kind, string fileName, long byteCount, string sha256, DateTimeOffset now, string? sport = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        ArgumentOutOfRangeException.ThrowIfLessThan(byteCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteCount, MaxBytes);
        return new ImportBatch { Id = Guid.CreateVersion7(now), UserId = userId, Kind = kind, FileName = fileName, ByteCount = byteCount, Sha256 = sha256, Sport = sport, Status = ImportStatus.Queued, CreatedAt = now };
    }

    /// <summary>A provider's log, read over its API.</summary>
    public static ImportBatch ForSync(Guid userId, ImportKind kind, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), UserId = userId, Kind = kind, Status = ImportStatus.Queued, CreatedAt = now };
}

/// <summary>A batch's file, here so that any Worker can take the batch; removed when the batch is finished.</summary>
public sealed class ImportFile
{
    private ImportFile()
    {
    }

    public ImportFile(Guid batchId, byte[] content)
    {
        BatchId = batchId;
        Content = content;
    }

    public Guid BatchId { get; private set; }
    public byte[] Content { get; private set; } = [];
}

internal sealed class ImportBatchConfiguration : IEntityTypeConfiguration<ImportBatch>
{
    public void Configure(EntityTypeBuilder<ImportBatch> b)
    {
        b.ToTable("import_batches", t =>
        {
            t.HasComment("Imports of files and of providers' training logs, with their counts and the lease they are worked off under.");
            t.HasCheckConstraint("ck_import_batches_byte_count", "byte_count >= 0");
            t.HasCheckConstraint("ck_import_batches_counts", "added >= 0 AND updated >= 0 AND skipped >= 0 AND failed >= 0");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.FileName).HasMaxLength(ImportBatch.MaxFileName);
        b.Property(x => x.Sha256).HasMaxLength(64);
        b.Property(x => x.Sport).HasMaxLength(40);
        b.Property(x => x.Error).HasMaxLength(ImportBatch.MaxError);
        b.Property(x => x.LeaseOwner).HasMaxLength(100);
        b.Property(x => x.Fence).IsConcurrencyToken();
        b.HasIndex(x => new { x.UserId, x.CreatedAt });
        b.HasIndex(x => new { x.Status, x.CreatedAt });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
    }
}

internal sealed class ImportFileConfiguration : IEntityTypeConfiguration<ImportFile>
{
    public void Configure(EntityTypeBuilder<ImportFile> b)
    {
        b.ToTable("import_files", t => t.HasComment("The uploaded file of a batch that is not finished yet."));
        b.HasKey(x => x.BatchId);
        b.Property(x => x.Content).HasMaxLength(ImportBatch.MaxBytes);
        b.HasOne<ImportBatch>().WithMany().HasForeignKey(x => x.BatchId);
    }
}
