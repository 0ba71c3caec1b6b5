using FitTrack.Api.Accounts;
using FitTrack.Core.Messaging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Administration;

/// <param name="Name">Of the queue.</param>
/// <param name="Waiting">Pieces of work that are due and not done.</param>
public sealed record QueueLength(string Name, long Waiting);

/// <param name="Workers">Every worker process of the last day.</param>
/// <param name="Queues">By name.</param>
public sealed record JobsResponse(IReadOnlyList<WorkerSeen> Workers, IReadOnlyList<QueueLength> Queues);

/// <summary>The work behind the scenes, for administrators.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder app) =>
        app.MapGroup("/admin/jobs").WithTags("Administration").RequireAdmin().MapGet("", ShowAsync).WithSummary("Which workers run, and how much work waits in each queue");

    private static async Task<Ok<JobsResponse>> ShowAsync(Heartbeats heartbeats, QueueLengths queues, CancellationToken ct) =>
        TypedResults.Ok(new JobsResponse(await heartbeats.ListAsync(ct), [.. (await queues.MeasureAsync(ct)).Select(q => new QueueLength(q.Key, q.Value))]));
}
