using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum CalendarSyncStatus
{
    Pending,
    Synced,
    Failed,
}

/// <summary>A run's event in the member's Google calendar.</summary>
public sealed class SyncedRun
{
    private SyncedRun()
    {
    }

    public Guid RunId { get; private set; }

    /// <summary>Google's calendar id, <c>primary</c> by default.</summary>
    public string CalendarId { get; private set; } = "primary";

    /// <summary>Chosen by us from the run's id, so that a repeated insert meets the same event.</summary>
    public string EventId { get; private set; } = "";

    /// <summary>The run's version that the event shows; 0 before the first success.</summary>
    public int RunVersion { get; private set; }
    public CalendarSyncStatus Status { get; private set; }
    public string? Error { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset? LastAttemptAt { get; private set; }
    public DateTimeOffset? NextAttemptAt { get; private set; }
    public DateTimeOffset? SyncedAt { get; private set; }

    /// <summary>An event still to be made.</summary>
    public static SyncedRun Pending(Run run, DateTimeOffset now) =>
        new() { RunId = run.Id, EventId = EventIdOf(run.Id), Status = CalendarSyncStatus.Pending, NextAttemptAt = now };

    /// <summary>Google takes 5 to 1,024 of a to v and 0 to 9; hexadecimal digits fit.</summary>
    public static string EventIdOf(Guid runId) =>
        "ft" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"run:{runId}")))[..40];
}

internal sealed class SyncedRunConfiguration : IEntityTypeConfiguration<SyncedRun>
{
    public void Configure(EntityTypeBuilder<SyncedRun> b)
    {
        b.ToTable("synced_runs", t =>
        {
            t.HasComment("How each run stands in the member's Google calendar: event, version shown, last error.");
            t.HasCheckConstraint("ck_synced_runs_run_version", "run_version >= 0");
            t.HasCheckConstraint("ck_synced_runs_attempts", "attempts >= 0");
        });
        b.HasKey(x => x.RunId);
        b.Property(x => x.CalendarId).HasMaxLength(250);
        b.Property(x => x.EventId).HasMaxLength(64);
        b.Property(x => x.Error).HasMaxLength(1000);
        b.HasIndex(x => new { x.Status, x.NextAttemptAt });
        b.HasOne<Run>().WithMany().HasForeignKey(x => x.RunId);
    }
}
