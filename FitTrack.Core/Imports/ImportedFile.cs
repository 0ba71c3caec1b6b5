using System.IO.Compression;
using System.Text;

namespace FitTrack.Core.Imports;

/// <summary>Tells by its content what a file is, and reads it; what it is called does not matter.</summary>
public static class ImportedFile
{
    private const int MaxEntries = 10_000;
    private const long MaxUnpackedBytes = 256L * 1024 * 1024;
    private const int HeadBytes = 4096;

    /// <summary>Extensions that an archive's entries are looked at for; an export holds pictures and more.</summary>
    private static readonly string[] Extensions = [".gpx", ".tcx", ".fit", ".csv"];

    /// <summary>What a file is by its first bytes.</summary>
    /// <exception cref="RefusedFileException">Nothing that can be imported.</exception>
    public static ImportKind KindOf(ReadOnlySpan<byte> content)
    {
        if (content is [(byte)'P', (byte)'K', 3 or 5 or 7, ..] or [0x1F, 0x8B, ..])
            return ImportKind.Zip;
        if (content.Length >= 12 && content[8..12].SequenceEqual(".FIT"u8))
            return ImportKind.Fit;
        var line = Encoding.UTF8.GetString(content[..Math.Min(content.Length, HeadBytes)]).Split('\n')[0];
        return XmlSource.RootOf(content) switch
        {
            "gpx" => ImportKind.Gpx,
            "TrainingCenterDatabase" => ImportKind.Tcx,
            "html" or "HTML" => throw new RefusedFileException("It is a web page, not a recording: the download has probably failed."),
            { } root => throw new RefusedFileException($"It is neither GPX nor TCX: it begins with <{Text.Line(root, 40)}>."),
            null when MapMyFitnessCsv.IsHeader(line) => ImportKind.MapMyFitnessCsv,
            null when StravaCsv.IsHeader(line) => ImportKind.StravaCsv,
            null => throw new RefusedFileException("It is none of GPX, TCX, FIT, a CSV export of MapMyFitness or Strava, or a zip of these."),
        };
    }

    /// <summary>Everything in a file, in its order: workouts, and what is refused with its reason.</summary>
    /// <param name="name">For the log.</param>
    /// <param name="now">Nothing is later.</param>
    /// <exception cref="RefusedFileException">The whole file is refused.</exception>
    public static IReadOnlyList<FileItem> Read(byte[] content, string name, DateTimeOffset now)
    {
        var items = new FileItems(now);
        if (KindOf(content) != ImportKind.Zip)
            ReadPlain(content, name, items);
        else if (content[0] == 0x1F)
            ReadPlain(Unzip(content), name, items);
        else
            ReadArchive(content, items);
        return items.All;
    }

    private static void ReadPlain(byte[] content, string name, FileItems items)
    {
        switch (KindOf(content))
        {
            case ImportKind.Gpx:
                GpxFile.Read(content, name, items);
                break;
            case ImportKind.Tcx:
                TcxFile.Read(content, name, items);
                break;
            case ImportKind.Fit:
                FitFile.Read(content, name, items);
                break;
            case ImportKind.MapMyFitnessCsv:
                MapMyFitnessCsv.Read(content, items);
                break;
            case ImportKind.StravaCsv:
                StravaCsv.Read(content, items);
                break;
            default:
                throw new RefusedFileException("An archive in an archive is not unpacked.");
        }
    }

    private static void ReadArchive(byte[] content, FileItems items)
    {
        // The directory is read as a whole before anybody can count it: count what could be entries first.
        if (content.AsSpan().Count("PK\u0001\u0002"u8) > MaxEntries)
            throw new RefusedFileException($"The archive has more than {MaxEntries:N0} files.");
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content, writable: false));
            // The list first: it knows names and sports, and then the recordings of the same activities are duplicates of its rows.
            var entries = archive.Entries.Where(e => IsLookedAt(e.FullName)).OrderByDescending(e => e.FullName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToList();
            if (entries.Count == 0)
                throw new RefusedFileException("The archive holds no GPX, TCX, FIT or CSV file.");
            var unpacked = 0L;
            foreach (var entry in entries)
                unpacked += ReadEntry(entry, MaxUnpackedBytes - unpacked, items);
        }
        catch (InvalidDataException)
        {
            throw new RefusedFileException("The archive is damaged.");
        }
    }

    /// <returns>Bytes unpacked.</returns>
    private static long ReadEntry(ZipArchiveEntry entry, long left, FileItems items)
    {
        var unpacked = 0L;
        try
        {
            var content = Unpack(entry.Open, left, out unpacked);
            if (content is [0x1F, 0x8B, ..])
            {
                content = Unzip(content);
                unpacked += content.Length;
            }

            ReadPlain(content, entry.FullName, items);
        }
        catch (RefusedFileException refusal) when (unpacked < left)
        {
            items.Refuse(entry.FullName, refusal.Message);
        }
        catch (InvalidDataException)
        {
            items.Refuse(entry.FullName, "It is damaged, or packed in a way that is not supported.");
        }

        return unpacked;
    }

    private static bool IsLookedAt(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        // macOS puts a shadow of every file beside it.
        return Extensions.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && !path.StartsWith("__MACOSX", StringComparison.Ordinal);
    }

    private static byte[] Unzip(byte[] content)
    {
        try
        {
            return Unpack(() => new GZipStream(new MemoryStream(content, writable: false), CompressionMode.Decompress), ImportBatch.MaxBytes, out _);
        }
        catch (InvalidDataException)
        {
            throw new RefusedFileException("It is packed, and damaged.");
        }
    }

    /// <summary>What a size says is not believed: it is counted first, and nothing is kept of what is too much.</summary>
    private static byte[] Unpack(Func<Stream> open, long left, out long length)
    {
        var most = Math.Min(left, ImportBatch.MaxBytes);
        var buffer = new byte[64 * 1024];
        length = 0;
        using (var counted = open())
        {
            for (int n; (n = counted.Read(buffer)) > 0 && length <= most;)
                length += n;
        }

        if (length > most)
        {
            throw new RefusedFileException(most < ImportBatch.MaxBytes
                ? $"The archive holds more than {MaxUnpackedBytes >> 20} MB unpacked."
                : $"It is larger than {ImportBatch.MaxBytes >> 20} MB unpacked.");
        }

        var content = new byte[length];
        using var stream = open();
        stream.ReadExactly(content);
        return content;
    }
}
