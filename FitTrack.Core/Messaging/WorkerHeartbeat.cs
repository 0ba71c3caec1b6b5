using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FitTrack.Core.Messaging;

/// <summary>A worker process that runs, or did: its sign of life, read by <c>/health/ready</c>.</summary>
public sealed class WorkerHeartbeat : IEntityTypeConfiguration<WorkerHeartbeat>
{
    internal const int MaxVersion = 50;

    public string WorkerId { get; private set; } = "";

    public string Version { get; private set; } = "";

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset SeenAt { get; private set; }

    internal static WorkerHeartbeat Create(InstanceId worker, string version, DateTimeOffset now) =>
        new() { WorkerId = worker.Value, Version = version, StartedAt = now, SeenAt = now };

    void IEntityTypeConfiguration<WorkerHeartbeat>.Configure(EntityTypeBuilder<WorkerHeartbeat> builder)
    {
        builder.ToTable("worker_heartbeats", t => t.HasComment("Signs of life of the worker processes; old ones are removed."));
        builder.HasKey(x => x.WorkerId);
        builder.Property(x => x.WorkerId).HasMaxLength(100);
        builder.Property(x => x.Version).HasMaxLength(MaxVersion);
    }
}
