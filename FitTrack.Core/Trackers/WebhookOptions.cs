using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Trackers;

/// <summary>How stored webhooks are worked off; configuration section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Messages in one transaction.</summary>
    [Range(1, 500)]
    public int BatchSize { get; set; } = 100;

    /// <summary>Attempts until a message is given up.</summary>
    [Range(1, 50)]
    public int Attempts { get; set; } = 8;

    /// <summary>The first wait; it doubles with each attempt, up to <see cref="LongestBackoff"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromSeconds(15);

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a claimed message is kept from other processes.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the queue is looked at without being woken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a message that was worked off, or given up, is kept to look things up; what it brought stays.</summary>
    [Range(7, 3650)]
    public int KeepDays { get; set; } = 30;

    internal TimeSpan BackoffAfter(int attempts)
    {
        var wait = FirstBackoff * Math.Pow(2, Math.Min(attempts - 1, 30));
        return wait < LongestBackoff ? wait : LongestBackoff;
    }
}
