using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FitTrack.Core.Messaging;

/// <summary>Without the bus answers stay right, only older: degraded, never down.</summary>
internal sealed class BusHealth(IMessageBus bus) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = bus.Status;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["transport"] = status.Transport };
        return Task.FromResult(status.Connected
            ? HealthCheckResult.Healthy(status.Transport, data)
            : HealthCheckResult.Degraded($"The message bus ({status.Transport}) is not connected; cached answers may be up to 5 minutes old.", data: data));
    }
}

/// <summary>Without a worker nothing is lost but work waits: degraded, with the queues' lengths.</summary>
internal sealed class WorkerHealth(Heartbeats heartbeats, QueueLengths queues) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var seen = await heartbeats.SeenAsync(cancellationToken);
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["running"] = seen.Running };
        if (seen.LastSeenAt is { } last)
            data["lastSeenAt"] = last;
        data["queues"] = await queues.MeasureAsync(cancellationToken);
        return seen.Running > 0
            ? HealthCheckResult.Healthy($"{seen.Running} running", data)
            : HealthCheckResult.Degraded("No worker is running; queued work waits.", data: data);
    }
}
