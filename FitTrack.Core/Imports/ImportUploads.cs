using System.Security.Cryptography;
using FitTrack.Core.Activities;
using FitTrack.Core.Data;
using FitTrack.Core.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Imports;

public abstract record UploadOutcome
{
    private UploadOutcome()
    {
    }

    /// <summary>It is stored, and the Worker will read it.</summary>
    public sealed record Queued(ImportBatch Batch) : UploadOutcome;

    /// <summary>Nothing that can be imported; nothing was stored.</summary>
    public sealed record Refused(string Reason) : UploadOutcome;

    /// <summary>The member's earlier files have to be read first.</summary>
    public sealed record TooManyWaiting : UploadOutcome;
}

/// <summary>Takes files in: stored with their batch in one transaction, read by the Worker.</summary>
public sealed class ImportUploads(FitTrackDbContext db, IMessageBus bus, IOptions<ImportOptions> options, TimeProvider clock) : IWorkBacklog
{
    /// <summary>The queue's name on the bus and in health answers.</summary>
    public const string QueueName = "import_batches";

    string IWorkBacklog.Name => QueueName;

    /// <param name="fileName">As the member's device calls it.</param>
    /// <param name="sport">For what the file gives none; null: it stays unknown.</param>
    /// <param name="content">1 to <see cref="ImportBatch.MaxBytes"/> bytes.</param>
    public async Task<UploadOutcome> AddAsync(Guid userId, string? fileName, Sport? sport, byte[] content, CancellationToken ct)
    {
        ImportKind kind;
        try
        {
            kind = ImportedFile.KindOf(content);
        }
        catch (RefusedFileException refusal)
        {
            return new UploadOutcome.Refused(refusal.Message);
        }

        if (await db.Set<ImportBatch>().CountAsync(b => b.UserId == userId && (b.Status == ImportStatus.Queued || b.Status == ImportStatus.Running), ct) >= options.Value.WaitingAtOnce)
            return new UploadOutcome.TooManyWaiting();

        var name = Text.Line(Path.GetFileName(fileName), ImportBatch.MaxFileName) ?? "file";
        var batch = ImportBatch.ForFile(userId, kind, name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), clock.Now(), sport?.Code);
        db.Add(batch);
        db.Add(new ImportFile(batch.Id, content));
        await db.SaveChangesAsync(ct);
        bus.Publish(BusTopics.Work, QueueName);
        return new UploadOutcome.Queued(batch);
    }

    async Task<long> IWorkBacklog.CountWaitingAsync(CancellationToken ct) =>
        await db.Set<ImportBatch>().LongCountAsync(b => b.Status == ImportStatus.Queued || b.Status == ImportStatus.Running, ct);
}
