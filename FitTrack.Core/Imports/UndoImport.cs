using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Core.Imports;

public enum UndoOutcome
{
    Undone,
    NotFound,

    /// <summary>The Worker is reading it.</summary>
    Running,

    /// <summary>The batch has another version than the caller knows.</summary>
    Stale,
}

/// <summary>Takes a batch back as a whole; one that still waits is not read at all.</summary>
public sealed class UndoImport(FitTrackDbContext db, ImportedActivities activities)
{
    /// <param name="mayUndo">Whether the caller knows the version that is stored.</param>
    public async Task<UndoOutcome> ExecuteAsync(Guid userId, Guid batchId, Func<ImportBatch, bool> mayUndo, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var own = db.Set<ImportBatch>().Where(b => b.Id == batchId && b.UserId == userId && b.Status != ImportStatus.Undone);
        if (await own.AsNoTracking().SingleOrDefaultAsync(ct) is not { } batch)
            return UndoOutcome.NotFound;
        if (!mayUndo(batch))
            return UndoOutcome.Stale;
        if (await own.Where(b => b.Status != ImportStatus.Running).ExecuteUpdateAsync(set => set.SetProperty(b => b.Status, ImportStatus.Undone), ct) == 0)
            return UndoOutcome.Running;

        await db.Set<ImportFile>().Where(f => f.BatchId == batchId).ExecuteDeleteAsync(ct);
        var done = await db.Set<ImportLogEntry>().AsNoTracking()
            .Where(l => l.BatchId == batchId && l.ActivityId != null && (l.Outcome == ImportOutcome.Added || l.Outcome == ImportOutcome.Updated))
            .Select(l => new { l.ActivityId, l.Previous }).ToListAsync(ct);
        await activities.UndoAsync(userId, [.. done.Select(l => (l.ActivityId!.Value, l.Previous))], ct);
        await transaction.CommitAsync(ct);
        return UndoOutcome.Undone;
    }
}
