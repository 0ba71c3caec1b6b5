using FitTrack.Core.Activities;
using FitTrack.Core.Training;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Imports;

public enum ImportOutcome
{
    Added,
    Updated,
    Skipped,
    Failed,
}

/// <summary>What became of one item of a batch: the log that the member reads, and what an undo takes back.</summary>
public sealed class ImportLogEntry
{
    public const int MaxItem = 300;
    public const int MaxReason = 500;

    private ImportLogEntry()
    {
    }

    public Guid BatchId { get; private set; }

    /// <summary>From 1, in the order of the file.</summary>
    public int Position { get; private set; }

    /// <summary>What the file calls it: a name, a row, a natural id.</summary>
    public string Item { get; private set; } = "";
    public ImportOutcome Outcome { get; private set; }

    /// <summary>Why it was skipped or failed.</summary>
    public string? Reason { get; private set; }
    public Guid? ActivityId { get; private set; }
    public Guid? RunId { get; private set; }

    /// <summary>The run's version before an update; an undo restores it.</summary>
    public int? PreviousRunVersion { get; private set; }
    public Guid? WorkoutId { get; private set; }

    /// <summary>What an updated activity said before, as its feature writes it; an undo brings it back.</summary>
    public string? Previous { get; private set; }

    public static ImportLogEntry Of(Guid batchId, int position, string item, ImportOutcome outcome, string? reason, Guid? activityId = null, Guid? runId = null, int? previousRunVersion = null, Guid? workoutId = null, string? previous = null) => new()
    {
        BatchId = batchId,
        Position = position,
        Item = item,
        Outcome = outcome,
        Reason = reason,
        ActivityId = activityId,
        RunId = runId,
        PreviousRunVersion = previousRunVersion,
        WorkoutId = workoutId,
        Previous = previous,
    };
}

internal sealed class ImportLogEntryConfiguration : IEntityTypeConfiguration<ImportLogEntry>
{
    public void Configure(EntityTypeBuilder<ImportLogEntry> b)
    {
        b.ToTable("import_log", t =>
        {
            t.HasComment("Item by item, what an import added, updated, skipped or refused, and why.");
            t.HasCheckConstraint("ck_import_log_position", "position >= 1");
        });
        b.HasKey(x => new { x.BatchId, x.Position });
        b.Property(x => x.Item).HasMaxLength(ImportLogEntry.MaxItem);
        b.Property(x => x.Reason).HasMaxLength(ImportLogEntry.MaxReason);
        b.Property(x => x.Previous).HasMaxLength(4000);
        b.HasOne<ImportBatch>().WithMany().HasForeignKey(x => x.BatchId);
        b.HasOne<Activity>().WithMany().HasForeignKey(x => x.ActivityId);
        b.HasOne<Run>().WithMany().HasForeignKey(x => x.RunId);
        b.HasOne<Workout>().WithMany().HasForeignKey(x => x.WorkoutId);
    }
}
