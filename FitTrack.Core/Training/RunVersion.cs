using FitTrack.Core.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum RunChange
{
    Original,
    Edit,
    Deletion,
}

/// <summary>A run as it was in one version; written with the change itself, never changed after.</summary>
public sealed class RunVersion
{
    private RunVersion()
    {
    }

    public Guid RunId { get; private set; }

    /// <summary>From 1; a restore is a new version too.</summary>
    public int Version { get; private set; }
    public RunChange Change { get; private set; }
    public RunType Type { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }
    public double DistanceMeters { get; private set; }
    public int DurationSeconds { get; private set; }
    public int? AverageHeartRate { get; private set; }
    public Guid? ShoeId { get; private set; }
    public string? EditedFields { get; private set; }

    /// <summary>Null when a sync made it.</summary>
    public Guid? ChangedBy { get; private set; }
    public DateTimeOffset ChangedAt { get; private set; }
    public string? Reason { get; private set; }

    /// <summary>The run's present version.</summary>
    public static RunVersion Of(Run run, RunChange change, Guid? changedBy, string? reason, DateTimeOffset now) => new()
    {
        RunId = run.Id,
        Version = run.Version,
        Change = change,
        Type = run.Type,
        StartedAt = run.StartedAt,
        DistanceMeters = run.DistanceMeters,
        DurationSeconds = run.DurationSeconds,
        AverageHeartRate = run.AverageHeartRate,
        ShoeId = run.ShoeId,
        EditedFields = run.EditedFields,
        ChangedBy = changedBy,
        ChangedAt = now,
        Reason = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim(),
    };
}

internal sealed class RunVersionConfiguration : IEntityTypeConfiguration<RunVersion>
{
    public void Configure(EntityTypeBuilder<RunVersion> b)
    {
        b.ToTable("runs_history", t =>
        {
            t.HasComment("Every version of every run: what it was, who changed it, when and why.");
            t.HasCheckConstraint("ck_runs_history_version", "version >= 1");
        });
        b.HasKey(x => new { x.RunId, x.Version });
        b.Property(x => x.EditedFields).HasMaxLength(200);
        b.Property(x => x.Reason).HasMaxLength(500);
        b.HasOne<Run>().WithMany().HasForeignKey(x => x.RunId);
        b.HasOne<Shoe>().WithMany().HasForeignKey(x => x.ShoeId);
        b.HasOne<User>().WithMany().HasForeignKey(x => x.ChangedBy);
    }
}
