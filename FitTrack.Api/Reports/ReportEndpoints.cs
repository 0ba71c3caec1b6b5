using FitTrack.Api.Accounts;
using FitTrack.Core.Data;
using FitTrack.Core.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Reports;

/// <param name="Entities">A line for each table.</param>
public sealed record SummaryResponse(DateTimeOffset GeneratedAt, IReadOnlyList<EntityCount> Entities);

/// <param name="Tiers">All 31, in their order.</param>
public sealed record FairnessResponse(DateTimeOffset GeneratedAt, IReadOnlyList<TierFairness> Tiers);

/// <summary>What administrators read about the system.</summary>
internal static class ReportEndpoints
{
    public static RouteGroupBuilder MapReports(this IEndpointRouteBuilder app)
    {
        var reports = app.MapGroup("/reports").WithTags("Reports").RequireAdmin();
        reports.MapGet("/summary", SummaryAsync).WithSummary("Rows of every table");
        reports.MapGet("/integrity", IntegrityAsync).WithSummary("Orphans, balances against the ledger, the audit log's chain");
        reports.MapGet("/fairness", FairnessAsync).WithSummary("Members and points of each tier");
        return reports;
    }

    private static async Task<Ok<SummaryResponse>> SummaryAsync(SystemReports reports, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new SummaryResponse(clock.Now(), await reports.CountAsync(ct)));

    private static async Task<Ok<IntegrityReport>> IntegrityAsync(SystemReports reports, CancellationToken ct) => TypedResults.Ok(await reports.CheckAsync(ct));

    private static async Task<Ok<FairnessResponse>> FairnessAsync(SystemReports reports, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new FairnessResponse(clock.Now(), await reports.CompareTiersAsync(ct)));
}
