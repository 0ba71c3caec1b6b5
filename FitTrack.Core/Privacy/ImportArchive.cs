using System.Runtime.CompilerServices;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.Extensions.Options;

namespace FitTrack.Core.Privacy;

/// <param name="File">Without its extension.</param>
/// <param name="Added">Rows that are new.</param>
/// <param name="Skipped">Rows that an earlier import of the same archive had brought.</param>
public sealed record ImportedFile(string File, int Added, int Skipped);

/// <summary>What became of an import.</summary>
public abstract record ImportOutcome
{
    private ImportOutcome()
    {
    }

    public sealed record Done(IReadOnlyList<ImportedFile> Files) : ImportOutcome;

    /// <summary>The archive is broken, forged, or holds what cannot be stored.</summary>
    public sealed record Refused(string Reason) : ImportOutcome;

    /// <summary>There is data in the account that is not from this archive.</summary>
    public sealed record NotEmpty : ImportOutcome;
}

/// <summary>
/// Takes an archive back into an account that has nothing yet. Ids are derived from the member and the archive's, so that the same archive
/// twice changes nothing; the whole import is one transaction. No points come of it: what scored once has its points in the ledger of then.
/// </summary>
public sealed class ImportArchive(FitTrackDbContext db, IEnumerable<IPersonalData> features, AccountDirectory accounts, ChangeAccount changes, IOptions<PrivacyOptions> options)
{
    private const int AtOnce = 500;

    /// <param name="userId">Who imports; everything becomes theirs, whatever the archive says.</param>
    /// <param name="archive">Seekable.</param>
    /// <param name="ct">Cancels; then nothing was imported.</param>
    public async Task<ImportOutcome> ExecuteAsync(Guid userId, Stream archive, CancellationToken ct)
    {
        var (reader, problem) = await ArchiveReader.OpenAsync(archive, options.Value.ImportUnpackedBytes, ct);
        if (reader is null)
            return new ImportOutcome.Refused(problem!);
        await using var opened = reader;
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var outcome = await RestoreAsync(userId, reader, ct);
            if (outcome is not ImportOutcome.Done(var files))
                return outcome;
            await transaction.CommitAsync(ct);
            db.ChangeTracker.Clear();
            return new ImportOutcome.Done([.. files, await RestoreProfileAsync(userId, reader, ct)]);
        }
        catch (JsonException e)
        {
            return new ImportOutcome.Refused($"A row cannot be read: {e.Path}");
        }
        catch (DbUpdateException e) when (!DbErrors.IsUnavailable(e) && !DbErrors.IsLostRace(e) && !DbErrors.IsUniqueViolation(e))
        {
            return new ImportOutcome.Refused("A row holds what cannot be stored.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<ImportOutcome> RestoreAsync(Guid userId, ArchiveReader reader, CancellationToken ct)
    {
        var known = new KnownRows(userId);
        var files = new List<ImportedFile>();
        foreach (var table in TableOrder.Sort(db.Model, features.SelectMany(f => f.Tables(userId)).Where(t => t.IsRestored)))
        {
            await using var stream = await reader.OpenFileAsync(table.File + ".json", ct);
            var present = table.HasId ? await table.IdsAsync(ct) : [];
            known.Begin(table, present, await table.SharedIdsAsync(ct));
            var (added, skipped) = (0, 0);
            await foreach (var entity in ReadAsync(table.Type, stream, ct))
            {
                if (known.Rows++ == options.Value.ImportRows)
                    return new ImportOutcome.Refused("The archive has more rows than are accepted.");
                var row = db.Entry(entity);
                known.Own(table, row);
                table.Adjust(row);
                if (known.IsNew(row) ?? await db.FindAsync(table.Type, KeyOf(row), ct) is null)
                {
                    row.State = EntityState.Added;
                    if (++added % AtOnce == 0)
                        await SaveAsync(ct);
                }
                else
                {
                    skipped++;
                }
            }

            await SaveAsync(ct);
            if (!known.Covers(table, present))
                return new ImportOutcome.NotEmpty();
            files.Add(new ImportedFile(table.File!, added, skipped));
        }

        return new ImportOutcome.Done(files);
    }

    /// <summary>Goes the way of a profile that is typed in, with all its rules; an account that has one keeps it, and a name that is taken stays taken.</summary>
    private async Task<ImportedFile> RestoreProfileAsync(Guid userId, ArchiveReader reader, CancellationToken ct)
    {
        await using var stream = await reader.OpenFileAsync("profile.json", ct);
        var profiles = stream is null ? [] : await JsonSerializer.DeserializeAsync<List<ProfileInput>>(stream, EntityJson.Options, ct);
        if (profiles is not [{ } profile, ..])
            return new ImportedFile("profile", 0, 0);
        var isNew = await accounts.FindAsync(userId, ct) is { Profile: null } && await changes.ExecuteAsync(userId, new AccountChange(null, profile), null, ct) is ChangeOutcome.Changed;
        return new ImportedFile("profile", isNew ? 1 : 0, isNew ? 0 : 1);
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private static object?[] KeyOf(EntityEntry row) => [.. row.Metadata.FindPrimaryKey()!.Properties.Select(p => row.Property(p.Name).CurrentValue)];

    /// <summary>The elements of a JSON array; none when the archive does not have the file.</summary>
    private static async IAsyncEnumerable<object> ReadAsync(Type type, Stream? stream, [EnumeratorCancellation] CancellationToken ct)
    {
        if (stream is null)
            yield break;
        await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, EntityJson.Options, ct))
            yield return element.Deserialize(type, EntityJson.Options) ?? throw new JsonException("A row is null.");
    }
}
