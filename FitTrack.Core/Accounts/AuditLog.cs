using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FitTrack.Core.Accounts;

/// <summary>What goes into the audit log. States are JSON without secrets.</summary>
public sealed record AuditRecord(Guid? ActorId, string Action, string SubjectKind, string SubjectId, string? Before, string? After, string? IpAddress)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The states are serialised here; what they hold must not be secret.</summary>
    public static AuditRecord Of(AdminActor actor, string action, string subjectKind, string subjectId, object? before, object? after) =>
        new(actor.Id, action, subjectKind, subjectId, Text(before), Text(after), actor.IpAddress);

    private static string? Text(object? state) => state is null ? null : JsonSerializer.Serialize(state, Json);
}

/// <summary>The append-only log of what administrators did.</summary>
public sealed class AuditLog(FitTrackDbContext db, IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>
    /// Adds an entry in the caller's transaction, after everything else it does: from here to the commit, other appends wait.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transaction is open: the entry could outlive what it reports.</exception>
    public async Task AppendAsync(AuditRecord record, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is null)
            throw new InvalidOperationException("An audit entry belongs to the transaction of what it reports.");

        var heads = db.Set<AuditHead>();
        if (await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.Seq, h => h.Seq + 1), ct) == 0)
        {
            await StartAsync(ct);
            await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.Seq, h => h.Seq + 1), ct);
        }

        var head = await heads.AsNoTracking().SingleAsync(ct);
        var entry = AuditEntry.Append(head.Seq, head.LastHash, record, clock.Now());
        db.Add(entry);
        await db.SaveChangesAsync(ct);
        await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.LastHash, entry.EntryHash), ct);
    }

    /// <summary>Makes the chain's first row on a connection of its own: losing that race must not fail the caller's transaction.</summary>
    private async Task StartAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = scope.ServiceProvider.GetRequiredService<FitTrackDbContext>();
        own.Add(AuditHead.Start());
        try
        {
            await own.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (DbErrors.IsUniqueViolation(e))
        {
            // Another instance made it.
        }
    }

    /// <summary>The number of the first entry that does not follow from the ones before it; null when the whole log does.</summary>
    public async Task<long?> FirstBrokenAsync(CancellationToken ct)
    {
        long seq = 0;
        var previous = new byte[32];
        await foreach (var entry in db.Set<AuditEntry>().AsNoTracking().OrderBy(e => e.Seq).AsAsyncEnumerable().WithCancellation(ct))
        {
            seq++;
            if (entry.Seq != seq || !entry.PreviousHash.AsSpan().SequenceEqual(previous) || !entry.EntryHash.AsSpan().SequenceEqual(entry.ComputeHash()))
                return seq;
            previous = entry.EntryHash;
        }

        var head = await db.Set<AuditHead>().AsNoTracking().SingleOrDefaultAsync(ct);
        return head is null || (head.Seq == seq && head.LastHash.AsSpan().SequenceEqual(previous)) ? null : seq + 1;
    }
}

/// <summary>SHA-256 over the previous hash and every field, each with its length before it, so that no two entries read the same.</summary>
internal static class AuditHash
{
    public static byte[] Of(AuditEntry e)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(e.PreviousHash);
        Append(hash, e.Seq.ToString());
        Append(hash, e.ActorId?.ToString());
        Append(hash, e.Action);
        Append(hash, e.SubjectKind);
        Append(hash, e.SubjectId);
        Append(hash, e.BeforeState);
        Append(hash, e.AfterState);
        Append(hash, e.IpAddress);
        Append(hash, ((e.CreatedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond).ToString());
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
