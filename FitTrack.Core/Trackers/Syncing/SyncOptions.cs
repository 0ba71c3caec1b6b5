using System.ComponentModel.DataAnnotations;

namespace FitTrack.Core.Trackers.Syncing;

/// <summary>When and how much is fetched from providers; configuration section <c>Sync</c>.</summary>
public sealed class SyncOptions
{
    public const string Section = "Sync";

    /// <summary>From one synchronisation of a connection to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>From one synchronisation that a member asks for to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ByMemberEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked for what is due, without being woken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections that one process synchronises at a time.</summary>
    [Range(1, 200)]
    public int AtOnce { get; set; } = 8;

    /// <summary>How long a connection is kept from other processes; it takes this long until others go on with what a dead one had begun.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>After this long a synchronisation lets others go first and goes on from where it is; less than <see cref="Lease"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan Turn { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Attempts of one synchronisation; after the last one the next interval is waited for.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 3;

    /// <summary>The wait before the second attempt; it doubles with each.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An access token that ends within this time is renewed before it is used.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "06:00:00")]
    public TimeSpan RenewBefore { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Days that are read again each time, for what reaches the provider late.</summary>
    [Range(0, 30)]
    public int OverlapDays { get; set; } = 2;

    /// <summary>Days before the connection that are read at first, for the log.</summary>
    [Range(0, 1_825)]
    public int BackfillDays { get; set; } = 90;

    /// <summary>Days that a full synchronisation reads.</summary>
    [Range(1, 1_825)]
    public int FullDays { get; set; } = 730;

    /// <summary>Days in one request.</summary>
    [Range(1, 365)]
    public int WindowDays { get; set; } = 28;

    /// <summary>How long a sign-in at a provider may take.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SignInWithin { get; set; } = TimeSpan.FromMinutes(15);

    internal TimeSpan BackoffAfter(int attempts) => FirstBackoff * Math.Pow(2, Math.Min(attempts - 1, 20));
}
