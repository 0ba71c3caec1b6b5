using FitTrack.Core.Accounts;
using FitTrack.Core.Activities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Training;

public enum RunType
{
    OutdoorRun,
    TreadmillRun,
}

/// <summary>A run of the training log. Its id and source never change; what else changes is kept in <see cref="RunVersion"/>.</summary>
public sealed class Run
{
    private Run()
    {
    }

    public Guid Id { get; private set; }
    public Guid UserId { get; private set; }

    /// <summary><c>strava_{id}</c>, <c>mmf_{id}</c>, or <c>fittrack_{id}</c> for our own; unique per member, never changes.</summary>
    public string NaturalId { get; private set; } = "";

    /// <summary>Never changes.</summary>
    public TrainingSource Source { get; private set; }
    public RunType Type { get; private set; }
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>The day it started on where it was run.</summary>
    public DateOnly Day { get; private set; }
    public double DistanceMeters { get; private set; }
    public int DurationSeconds { get; private set; }

    /// <summary>Beats a minute, 20 to 260.</summary>
    public int? AverageHeartRate { get; private set; }
    public double? ElevationGainMeters { get; private set; }
    public string? Title { get; private set; }
    public string? Notes { get; private set; }
    public Guid? ShoeId { get; private set; }

    /// <summary>The workout it fulfils.</summary>
    public Guid? WorkoutId { get; private set; }

    /// <summary>The record it was made from, where a tracker or a file brought it.</summary>
    public Guid? ActivityId { get; private set; }
    public Guid? ImportBatchId { get; private set; }

    /// <summary>Names of the fields that the member edited, comma separated; a re-sync leaves these alone.</summary>
    public string? EditedFields { get; private set; }
    public DateTimeOffset? SourceUpdatedAt { get; private set; }
    public int Version { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>A run typed in by the member.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative distance or duration.</exception>
    public static Run Manual(Guid userId, RunType type, DateTimeOffset startedAt, DateOnly day, double distanceMeters, int durationSeconds, Guid? shoeId, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return Create(id, userId, $"fittrack_{id:N}", TrainingSource.Manual, type, startedAt, day, distanceMeters, durationSeconds, shoeId, now);
    }

    /// <summary>A provider's run; <paramref name="naturalId"/> as in <see cref="NaturalId"/>.</summary>
    /// <exception cref="ArgumentException">No natural id, or a negative distance or duration.</exception>
    public static Run Synced(Guid userId, string naturalId, TrainingSource source, RunType type, DateTimeOffset startedAt, DateOnly day, double distanceMeters, int durationSeconds, Guid? shoeId, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(naturalId);
        return Create(Guid.CreateVersion7(now), userId, naturalId, source, type, startedAt, day, distanceMeters, durationSeconds, shoeId, now);
    }

    private static Run Create(Guid id, Guid userId, string naturalId, TrainingSource source, RunType type, DateTimeOffset startedAt, DateOnly day, double distanceMeters, int durationSeconds, Guid? shoeId, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(distanceMeters);
        ArgumentOutOfRangeException.ThrowIfNegative(durationSeconds);
        return new Run
        {
            Id = id,
            UserId = userId,
            NaturalId = naturalId,
            Source = source,
            Type = type,
            StartedAt = startedAt,
            Day = day,
            DistanceMeters = distanceMeters,
            DurationSeconds = durationSeconds,
            ShoeId = shoeId,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}

internal sealed class RunConfiguration : IEntityTypeConfiguration<Run>
{
    public void Configure(EntityTypeBuilder<Run> b)
    {
        b.ToTable("runs", t =>
        {
            t.HasComment("Runs of the training log as they stand now; earlier versions are in runs_history.");
            t.HasCheckConstraint("ck_runs_distance", "distance_meters >= 0");
            t.HasCheckConstraint("ck_runs_duration", "duration_seconds >= 0");
            t.HasCheckConstraint("ck_runs_average_heart_rate", "average_heart_rate BETWEEN 20 AND 260");
            t.HasCheckConstraint("ck_runs_elevation_gain", "elevation_gain_meters >= 0");
            t.HasCheckConstraint("ck_runs_version", "version >= 1");
        });
        b.HasKey(x => x.Id);
        b.Property(x => x.NaturalId).HasMaxLength(80);
        b.Property(x => x.Title).HasMaxLength(200);
        b.Property(x => x.Notes).HasMaxLength(4000);
        b.Property(x => x.EditedFields).HasMaxLength(200);
        b.Property(x => x.Version).IsConcurrencyToken();
        b.HasIndex(x => new { x.UserId, x.NaturalId }).IsUnique();
        b.HasIndex(x => new { x.UserId, x.StartedAt });
        b.HasOne<User>().WithMany().HasForeignKey(x => x.UserId);
        b.HasOne<Shoe>().WithMany().HasForeignKey(x => x.ShoeId);
        b.HasOne<Workout>().WithMany().HasForeignKey(x => x.WorkoutId);
        b.HasOne<Activity>().WithMany().HasForeignKey(x => x.ActivityId);
        b.HasOne<Imports.ImportBatch>().WithMany().HasForeignKey(x => x.ImportBatchId);
    }
}
