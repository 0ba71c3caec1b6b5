using System.Data;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Imports;

/// <summary>
/// Reads one uploaded file at a time under a lease. What it holds, the log, the counts and the end of the batch are stored in one
/// transaction: a process that dies leaves nothing behind, and the next one begins again.
/// </summary>
public sealed partial class RunImports(
    FitTrackDbContext db, ImportedActivities activities, InstanceId instance, IOptions<ImportOptions> options, TimeProvider clock, ILogger<RunImports> logger)
{
    private const long LargeBytes = 4 * 1024 * 1024;
    private const string GivenUp = "The file could not be read.";

    /// <summary>Works off the oldest batch; false when none waits.</summary>
    /// <exception cref="Exception">It failed for no fault of the file; the batch comes back when its lease ends.</exception>
    public async Task<bool> RunNextAsync(CancellationToken ct)
    {
        if (await ClaimAsync(ct) is not { } batch)
            return false;
        try
        {
            await StoreAsync(batch, await ReadAsync(batch, ct), ct);
        }
        catch (Exception e) when (DbErrors.IsLostRace(e) || DbErrors.IsUniqueViolation(e))
        {
            // Another process stored some of the same workouts meanwhile: now they are known.
            LogLostRace(logger, batch.Id);
            db.ChangeTracker.Clear();
            var now = clock.Now();
            await Held(batch).ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseExpiresAt, now), ct);
        }

        return true;
    }

    private async Task<ImportBatch?> ClaimAsync(CancellationToken ct)
    {
        var now = clock.Now();
        var due = db.Set<ImportBatch>().Where(b => b.FileName != null && (b.Status == ImportStatus.Queued || (b.Status == ImportStatus.Running && b.LeaseExpiresAt <= now)));
        while (await due.OrderBy(b => b.CreatedAt).ThenBy(b => b.Id).Select(b => (Guid?)b.Id).FirstOrDefaultAsync(ct) is { } id)
        {
            var owner = instance.Value;
            DateTimeOffset? until = (now + options.Value.Lease).ToMicroseconds();
            var claimed = await due.Where(b => b.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(b => b.Status, ImportStatus.Running).SetProperty(b => b.StartedAt, now)
                    .SetProperty(b => b.LeaseOwner, owner).SetProperty(b => b.LeaseExpiresAt, until).SetProperty(b => b.Fence, b => b.Fence + 1),
                ct);
            if (claimed == 1)
                return await db.Set<ImportBatch>().AsNoTracking().SingleAsync(b => b.Id == id, ct);
        }

        return null;
    }

    private async Task<IReadOnlyList<FileItem>> ReadAsync(ImportBatch batch, CancellationToken ct)
    {
        var name = batch.FileName!;
        if (batch.Fence > options.Value.Attempts)
            return [new FileItem(name, null, GivenUp)];
        var content = await ContentAsync(batch, ct);
        try
        {
            return ImportedFile.Read(content, name, clock.Now());
        }
        catch (RefusedFileException refusal)
        {
            return [new FileItem(name, null, refusal.Message)];
        }
    }

    /// <summary>In pieces as they come: a driver that hands over a column as a whole keeps it twice.</summary>
    private async Task<byte[]> ContentAsync(ImportBatch batch, CancellationToken ct)
    {
        // A large file comes on top of what is resident: what earlier ones left behind goes first.
        if (batch.ByteCount > LargeBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var id = batch.Id;
        await using var command = db.Set<ImportFile>().Where(f => f.BatchId == id).Select(f => f.Content).CreateDbCommand();
        await db.Database.OpenConnectionAsync(ct);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
            var content = new byte[batch.ByteCount];
            await reader.ReadAsync(ct);
            await using var column = reader.GetStream(0);
            await column.ReadExactlyAsync(content, ct);
            return content;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task StoreAsync(ImportBatch batch, IReadOnlyList<FileItem> items, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var stored = new Queue<ImportedOutcome>(await activities.StoreAsync(batch.UserId, [.. items.Select(i => i.Workout).OfType<ImportedWorkout>().Select(w => batch.Sport is { } named && w.Sport == Sports.Unknown ? w with { Sport = Sports.Of(named) } : w)], ct));
        var log = items.Select((item, i) => Entry(batch.Id, i + 1, item, item.Workout is null ? null : stored.Dequeue())).ToList();
        db.AddRange(log);
        await BulkSave.SaveAsync(db, ct);
        var counts = log.CountBy(entry => entry.Outcome).ToDictionary();
        if (!await FinishAsync(batch, counts, log, ct))
        {
            // The lease has passed to another process, or the account was erased: disposing takes everything back.
            LogOvertaken(logger, batch.Id);
            return;
        }

        await transaction.CommitAsync(ct);
        LogDone(logger, batch.Id, batch.Kind, Count(counts, ImportOutcome.Added), Count(counts, ImportOutcome.Updated), Count(counts, ImportOutcome.Skipped), Count(counts, ImportOutcome.Failed));
    }

    private async Task<bool> FinishAsync(ImportBatch batch, Dictionary<ImportOutcome, int> counts, List<ImportLogEntry> log, CancellationToken ct)
    {
        var (added, updated, skipped, failed) = (Count(counts, ImportOutcome.Added), Count(counts, ImportOutcome.Updated), Count(counts, ImportOutcome.Skipped), Count(counts, ImportOutcome.Failed));
        var isRefused = failed == log.Count;
        var (status, error) = isRefused ? (ImportStatus.Failed, log.Count > 0 ? log[0].Reason : "The file holds no activity.") : (ImportStatus.Completed, null);
        var now = clock.Now();
        var finished = await Held(batch).ExecuteUpdateAsync(
            set => set.SetProperty(b => b.Status, status).SetProperty(b => b.Error, error).SetProperty(b => b.FinishedAt, now)
                .SetProperty(b => b.Added, added).SetProperty(b => b.Updated, updated).SetProperty(b => b.Skipped, skipped).SetProperty(b => b.Failed, failed)
                .SetProperty(b => b.LeaseExpiresAt, (DateTimeOffset?)null),
            ct);
        await db.Set<ImportFile>().Where(f => f.BatchId == batch.Id).ExecuteDeleteAsync(ct);
        return finished == 1;
    }

    private IQueryable<ImportBatch> Held(ImportBatch batch)
    {
        var (id, fence) = (batch.Id, batch.Fence);
        return db.Set<ImportBatch>().Where(b => b.Id == id && b.Fence == fence && b.Status == ImportStatus.Running);
    }

    private static int Count(Dictionary<ImportOutcome, int> counts, ImportOutcome outcome) => counts.GetValueOrDefault(outcome);

    private static ImportLogEntry Entry(Guid batchId, int position, FileItem item, ImportedOutcome? outcome) => outcome switch
    {
        ImportedOutcome.Added(var id) => ImportLogEntry.Of(batchId, position, item.Name, ImportOutcome.Added, null, id),
        ImportedOutcome.Updated(var id, var before) => ImportLogEntry.Of(batchId, position, item.Name, ImportOutcome.Updated, null, id, previous: before),
        ImportedOutcome.Known(var id) => ImportLogEntry.Of(batchId, position, item.Name, ImportOutcome.Skipped, "It was imported before and says nothing new.", id),
        ImportedOutcome.Duplicate(var id, var source) => ImportLogEntry.Of(batchId, position, item.Name, ImportOutcome.Skipped, $"The same workout is in the log already, from {source}.", id),
        _ => ImportLogEntry.Of(batchId, position, item.Name, ImportOutcome.Failed, item.Refusal),
    };

    [LoggerMessage(LogLevel.Information, "Import {BatchId} ({Kind}): {Added} added, {Updated} updated, {Skipped} skipped, {Failed} failed")]
    private static partial void LogDone(ILogger logger, Guid batchId, ImportKind kind, int added, int updated, int skipped, int failed);

    [LoggerMessage(LogLevel.Information, "Import {BatchId}: another process stored the same workouts; it is read again")]
    private static partial void LogLostRace(ILogger logger, Guid batchId);

    [LoggerMessage(LogLevel.Warning, "Import {BatchId} was taken over by another process")]
    private static partial void LogOvertaken(ILogger logger, Guid batchId);
}
