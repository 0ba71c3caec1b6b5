using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Privacy;

/// <summary>Configuration section <c>Privacy</c>.</summary>
public sealed class PrivacyOptions
{
    public const string Section = "Privacy";

    /// <summary>Days after the deletion of an account until its personal data is erased.</summary>
    [Range(0, 365)]
    public int EraseAfterDays { get; set; } = 30;

    /// <summary>The largest archive that an import takes, in bytes.</summary>
    [Range(1024, 1L << 30)]
    public long ImportBytes { get; set; } = 25 << 20;

    /// <summary>The most that an archive may unpack to, in bytes.</summary>
    [Range(1024, 1L << 32)]
    public long ImportUnpackedBytes { get; set; } = 100 << 20;

    /// <summary>The most rows that an import takes.</summary>
    [Range(1, 10_000_000)]
    public int ImportRows { get; set; } = 200_000;
}
