using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using FitTrack.Core.Data;

namespace FitTrack.Core.Privacy;

/// <summary>Writes everything that FitTrack keeps about a member as one zip, a JSON file a table, while it is read: no export needs more memory than a row.</summary>
public sealed class ExportArchive(IEnumerable<IPersonalData> features, TimeProvider clock)
{
    /// <param name="userId">Whose data.</param>
    /// <param name="to">Where the zip goes; need not be seekable, stays open.</param>
    /// <param name="ct">Cancels; what was written until then is no whole zip.</param>
    public async Task WriteAsync(Guid userId, Stream to, CancellationToken ct)
    {
        await using var stream = new AsyncOnlyStream(to);
        await using (var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct))
            await WriteAsync(zip, userId, ct);
        await stream.FlushAsync(ct);
    }

    private async Task WriteAsync(ZipArchive zip, Guid userId, CancellationToken ct)
    {
        var now = clock.Now();
        var files = new List<ArchiveFile>();
        foreach (var table in features.SelectMany(f => f.Tables(userId)).Where(t => t.File is not null))
            files.Add(await WriteAsync(zip, table, now, ct));

        var manifest = new ArchiveManifest(ArchiveManifest.CurrentFormat, ArchiveManifest.CurrentVersion, now, userId, files);
        await using var entry = await NewEntry(zip, ArchiveManifest.Name, now).OpenAsync(ct);
        await JsonSerializer.SerializeAsync(entry, manifest, EntityJson.Options, ct);
    }

    private static async Task<ArchiveFile> WriteAsync(ZipArchive zip, PersonalTable table, DateTimeOffset now, CancellationToken ct)
    {
        var path = table.File + ".json";
        await using var entry = await NewEntry(zip, path, now).OpenAsync(ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new ArrayBufferWriter<byte>();
        var (rows, bytes) = (0, 0L);
        await foreach (var row in table.RowsAsync().WithCancellation(ct))
        {
            buffer.Write(rows++ == 0 ? "[\n"u8 : ",\n"u8);
            using (var json = new Utf8JsonWriter(buffer))
                JsonSerializer.Serialize(json, row, row.GetType(), EntityJson.Options);
            await FlushAsync();
        }

        buffer.Write(rows == 0 ? "[]\n"u8 : "\n]\n"u8);
        await FlushAsync();
        return new ArchiveFile(path, rows, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));

        async Task FlushAsync()
        {
            hash.AppendData(buffer.WrittenSpan);
            bytes += buffer.WrittenCount;
            await entry.WriteAsync(buffer.WrittenMemory, ct);
            buffer.ResetWrittenCount();
        }
    }

    private static ZipArchiveEntry NewEntry(ZipArchive zip, string path, DateTimeOffset now)
    {
        var entry = zip.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = now;
        return entry;
    }
}
