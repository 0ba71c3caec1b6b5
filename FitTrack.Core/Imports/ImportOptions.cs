using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Imports;

/// <summary>How uploaded files are worked off; configuration section <c>Imports</c>.</summary>
public sealed class ImportOptions
{
    public const string Section = "Imports";

    /// <summary>How long a claimed batch is kept from other processes; longer than any file takes.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Claims until a file is given up that ended the process which read it.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 3;

    /// <summary>How often the queue is looked at without being woken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Files of one member that may wait at once.</summary>
    [Range(1, 100)]
    public int WaitingAtOnce { get; set; } = 10;
}
