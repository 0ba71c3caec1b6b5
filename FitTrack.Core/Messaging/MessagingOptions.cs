using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Messaging;

/// <summary>Configuration section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>How long messages are gathered before they leave together; repeated ones leave once.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The first wait after a lost connection; it doubles up to <see cref="LongestBackoff"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromMilliseconds(250);

    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often an idle connection proves that it still stands.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(20);
}
