namespace FitTrack.Core.Privacy;

/// <summary>What stands in <c>manifest.json</c> of an archive.</summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>.</param>
/// <param name="Version">Grows when a file's shape changes.</param>
/// <param name="ExportedAt">When.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Files">Every other file of the archive.</param>
public sealed record ArchiveManifest(string Format, int Version, DateTimeOffset ExportedAt, Guid UserId, IReadOnlyList<ArchiveFile> Files)
{
    public const string Name = "manifest.json";
    public const string CurrentFormat = "fittrack-export";
    public const int CurrentVersion = 1;
}

/// <param name="Path">Its name in the archive.</param>
/// <param name="Rows">Elements of the JSON array that it holds.</param>
/// <param name="Bytes">Its length, unpacked.</param>
/// <param name="Sha256">Of the unpacked bytes, in lower-case hex.</param>
public sealed record ArchiveFile(string Path, int Rows, long Bytes, string Sha256);
