using System.Buffers.Binary;
using System.Globalization;
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
        await AdvanceAsync(1, ct);
        var head = await heads.AsNoTracking().SingleAsync(ct);
        var entry = AuditEntry.Append(head.Seq, head.LastHash, record, clock.Now());
        db.Add(entry);
        await db.SaveChangesAsync(ct);
        await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.LastHash, entry.EntryHash), ct);
    }

    /// <summary>Takes the turn that <see cref="AppendAsync"/> takes: until the commit others wait, and see then what was done here.</summary>
    internal Task HoldAsync(CancellationToken ct) => AdvanceAsync(0, ct);

    private async Task AdvanceAsync(int by, CancellationToken ct)
    {
        var heads = db.Set<AuditHead>();
        if (await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.Seq, h => h.Seq + by), ct) > 0)
            return;
        await StartAsync(ct);
        await heads.ExecuteUpdateAsync(s => s.SetProperty(h => h.Seq, h => h.Seq + by), ct);
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

    /// <summary>Every entry, to be filtered and sorted by the database.</summary>
    public IQueryable<AuditEntry> All() => db.Set<AuditEntry>().AsNoTracking();

    /// <summary>
    /// Takes a member's personal data out of the log: the states of what was done to their account, and the addresses they or their
    /// administrator came from. Who did what and when stays, and so does the chain. The database allows this change and no other.
    /// </summary>
    internal async Task RedactAsync(Guid userId, CancellationToken ct)
    {
        var subject = userId.ToString();
        await db.Set<AuditEntry>().Where(e => e.SubjectKind == "user" && e.SubjectId == subject).ExecuteUpdateAsync(
            s => s.SetProperty(e => e.BeforeState, (string?)null).SetProperty(e => e.AfterState, (string?)null).SetProperty(e => e.StateSalt, (byte[]?)null), ct);
        await db.Set<AuditEntry>().Where(e => e.ActorId == userId).ExecuteUpdateAsync(s => s.SetProperty(e => e.IpAddress, (string?)null), ct);
    }

    /// <summary>The number of the first entry that does not follow from the ones before it; null when the whole log does.</summary>
    public async Task<long?> FirstBrokenAsync(CancellationToken ct)
    {
        long seq = 0;
        var previous = new byte[32];
        await foreach (var entry in db.Set<AuditEntry>().AsNoTracking().OrderBy(e => e.Seq).AsAsyncEnumerable().WithCancellation(ct))
        {
            seq++;
            if (entry.Seq != seq || !entry.PreviousHash.AsSpan().SequenceEqual(previous) || !entry.IsGenuine())
                return seq;
            previous = entry.EntryHash;
        }

        var head = await db.Set<AuditHead>().AsNoTracking().SingleOrDefaultAsync(ct);
        return head is null || (head.Seq == seq && head.LastHash.AsSpan().SequenceEqual(previous)) ? null : seq + 1;
    }
}

/// <summary>SHA-256 over fields, each with its length before it, so that no two entries read the same.</summary>
internal static class AuditHash
{
    /// <summary>Over the previous hash and everything that stays when an old entry's states are taken out. Entries from before there were digests cover the states themselves.</summary>
    public static byte[] Of(AuditEntry e)
    {
        var head = new[] { Text(e.Seq), e.ActorId?.ToString(), e.Action, e.SubjectKind, e.SubjectId };
        return e.StateDigest is { } digest
            ? Sum(e.PreviousHash, [.. head, Convert.ToHexStringLower(digest), Time(e)])
            : Sum(e.PreviousHash, [.. head, e.BeforeState, e.AfterState, e.IpAddress, Time(e)]);
    }

    /// <summary>Salted, so that nobody can find out by guessing what was taken out.</summary>
    public static byte[] OfStates(AuditEntry e) => Sum(e.StateSalt, [e.BeforeState, e.AfterState]);

    private static byte[] Sum(byte[]? start, ReadOnlySpan<string?> fields)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(start ?? []);
        foreach (var field in fields)
            Append(hash, field);
        return hash.GetHashAndReset();
    }

    private static string Time(AuditEntry e) => Text((e.CreatedAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
