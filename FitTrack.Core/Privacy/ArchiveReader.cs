using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace FitTrack.Core.Privacy;

/// <summary>
/// An archive that somebody sent, believed in nothing: every entry must be named by the manifest, lie at the top, unpack to exactly the
/// announced bytes with the announced hash, and all of them together to no more than the limit. Nothing is written to a path from inside.
/// </summary>
internal sealed class ArchiveReader : IAsyncDisposable
{
    private const int MostEntries = 100;
    private const int LargestManifest = 64 * 1024;

    private readonly ZipArchive _zip;

    private ArchiveReader(ZipArchive zip, ArchiveManifest manifest) => (_zip, Manifest) = (zip, manifest);

    public ArchiveManifest Manifest { get; }

    /// <summary>The archive, or why it is none of ours.</summary>
    public static async Task<(ArchiveReader? Archive, string? Problem)> OpenAsync(Stream seekable, long mostUnpacked, CancellationToken ct)
    {
        ZipArchive? zip = null;
        try
        {
            zip = await ZipArchive.CreateAsync(seekable, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
            var (manifest, problem) = await ReadManifestAsync(zip, ct);
            problem ??= await CheckFilesAsync(zip, manifest!, mostUnpacked, ct);
            if (problem is null)
                return (new ArchiveReader(zip, manifest!), null);
            await zip.DisposeAsync();
            return (null, problem);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or NotSupportedException or EndOfStreamException)
        {
            if (zip is not null)
                await zip.DisposeAsync();
            return (null, "The file is no readable zip archive.");
        }
    }

    /// <summary>The file of a table; null when the archive has none.</summary>
    public async Task<Stream?> OpenFileAsync(string path, CancellationToken ct) => _zip.GetEntry(path) is { } entry ? await entry.OpenAsync(ct) : null;

    public ValueTask DisposeAsync() => _zip.DisposeAsync();

    private static async Task<(ArchiveManifest? Manifest, string? Problem)> ReadManifestAsync(ZipArchive zip, CancellationToken ct)
    {
        if (zip.Entries.Count > MostEntries)
            return (null, "The archive has too many files.");
        // Two entries of one name: one would be checked and the other read.
        if (zip.Entries.Select(e => e.FullName).Distinct(StringComparer.OrdinalIgnoreCase).Count() != zip.Entries.Count)
            return (null, "The archive names a file twice.");
        if (zip.GetEntry(ArchiveManifest.Name) is not { Length: <= LargestManifest } entry)
            return (null, "The archive has no manifest.json.");
        var bytes = new byte[LargestManifest + 1];
        await using var stream = await entry.OpenAsync(ct);
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        if (length > LargestManifest)
            return (null, "The manifest is too large.");
        var manifest = JsonSerializer.Deserialize<ArchiveManifest>(bytes.AsSpan(0, length), EntityJson.Options);
        return manifest is { Format: ArchiveManifest.CurrentFormat, Version: ArchiveManifest.CurrentVersion, Files: not null } && manifest.Files.All(f => f is { Path: not null, Sha256: not null })
            ? (manifest, null)
            : (null, "The manifest is not of a FitTrack export of this version.");
    }

    private static async Task<string?> CheckFilesAsync(ZipArchive zip, ArchiveManifest manifest, long mostUnpacked, CancellationToken ct)
    {
        var announced = manifest.Files.Select(f => f.Path).Append(ArchiveManifest.Name).ToHashSet(StringComparer.Ordinal);
        if (announced.Count != manifest.Files.Count + 1 || zip.Entries.Count != announced.Count || zip.Entries.Any(e => !announced.Contains(e.FullName)))
            return "The archive's files are not those that its manifest names.";
        if (manifest.Files.Any(f => f.Path.AsSpan().ContainsAny('/', '\\', ':') || f.Path.Contains("..", StringComparison.Ordinal)))
            return "The manifest names a path outside the archive.";
        if (manifest.Files.Any(f => f.Bytes < 0) || manifest.Files.Sum(f => (decimal)f.Bytes) > mostUnpacked)
            return "The archive unpacks to more than is accepted.";
        foreach (var file in manifest.Files)
        {
            if (!await IsAsAnnouncedAsync(zip.GetEntry(file.Path)!, file, ct))
                return $"{file.Path} is not what the manifest says.";
        }

        return null;
    }

    /// <summary>Reads no further than the announced length, whatever the entry would unpack to.</summary>
    private static async Task<bool> IsAsAnnouncedAsync(ZipArchiveEntry entry, ArchiveFile file, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            await using var stream = await entry.OpenAsync(ct);
            for (var left = file.Bytes; ;)
            {
                var read = await stream.ReadAsync(buffer, ct);
                if (read == 0)
                    return left == 0 && Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256;
                if ((left -= read) < 0)
                    return false;
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
