using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FitTrack.Tests.Fixtures;

/// <summary>Export archives, opened, and made anew with whatever a test wants to be wrong.</summary>
internal static class Zips
{
    public static Dictionary<string, string> Open(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return archive.Entries.ToDictionary(e => e.FullName, e => new StreamReader(e.Open(), Encoding.UTF8).ReadToEnd(), StringComparer.Ordinal);
    }

    public static byte[] Make(IEnumerable<(string Name, byte[] Content)> entries)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>An archive whose manifest tells the truth about its files.</summary>
    public static byte[] Honest(params (string Name, byte[] Content)[] files) => Make([.. files, ("manifest.json", Manifest(files))]);

    public static byte[] Honest(params (string Name, string Json)[] files) => Honest([.. files.Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Json)))]);

    public static byte[] Manifest(params (string Name, byte[] Content)[] files) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        format = "fittrack-export",
        version = 1,
        exportedAt = TestClock.Start,
        userId = Guid.NewGuid(),
        files = files.Select(f => new { path = f.Name, rows = 1, bytes = f.Content.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(f.Content)) }),
    });
}
