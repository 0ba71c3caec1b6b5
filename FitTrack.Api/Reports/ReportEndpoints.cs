using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Competition;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using FitTrack.Core.Reports;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitTrack.Api.Reports;

/// <param name="Entities">A line for each table.</param>
/// <param name="Days">The last four weeks, today last.</param>
public sealed record SummaryResponse(DateTimeOffset GeneratedAt, IReadOnlyList<EntityCount> Entities, IReadOnlyList<DayOfAll> Days);

/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Tiers">All 31, in their order.</param>
public sealed record FairnessResponse(DateTimeOffset GeneratedAt, DateOnly From, DateOnly To, IReadOnlyList<TierFairness> Tiers);

/// <summary>Rates to try, by the names that the options have; multipliers in tenths, 12 is 1.2. What is left out stays as it was on each day.</summary>
public sealed record RateQuery
{
    [FromQuery(Name = "lightPerMinute")]
    public string? LightPerMinute { get; init; }

    [FromQuery(Name = "moderatePerMinute")]
    public string? ModeratePerMinute { get; init; }

    [FromQuery(Name = "vigorousPerMinute")]
    public string? VigorousPerMinute { get; init; }

    [FromQuery(Name = "perThousandSteps")]
    public string? PerThousandSteps { get; init; }

    [FromQuery(Name = "stepsPerDay")]
    public string? StepsPerDay { get; init; }

    [FromQuery(Name = "workoutBonus")]
    public string? WorkoutBonus { get; init; }

    [FromQuery(Name = "workoutBonusesPerDay")]
    public string? WorkoutBonusesPerDay { get; init; }

    [FromQuery(Name = "pointsPerDay")]
    public string? PointsPerDay { get; init; }

    [FromQuery(Name = "beginnerTenths")]
    public string? BeginnerTenths { get; init; }

    [FromQuery(Name = "intermediateTenths")]
    public string? IntermediateTenths { get; init; }

    [FromQuery(Name = "advancedTenths")]
    public string? AdvancedTenths { get; init; }

    [FromQuery(Name = "openTenths")]
    public string? OpenTenths { get; init; }

    internal OtherRates Rates(List<FieldError> errors)
    {
        return new OtherRates(
            Read(LightPerMinute), Read(ModeratePerMinute), Read(VigorousPerMinute), Read(PerThousandSteps), Read(StepsPerDay), Read(WorkoutBonus), Read(WorkoutBonusesPerDay),
            Read(PointsPerDay), Read(BeginnerTenths), Read(IntermediateTenths), Read(AdvancedTenths), Read(OpenTenths));

        int? Read(string? text, [CallerArgumentExpression(nameof(text))] string name = "")
        {
            if (text is null)
                return null;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return number;
            errors.Add(new FieldError(JsonNamingPolicy.CamelCase.ConvertName(name), "The value must be a whole number."));
            return null;
        }
    }
}

/// <summary>What administrators read about the system.</summary>
internal static class ReportEndpoints
{
    private const int DaysShown = 28;

    public static RouteGroupBuilder MapReports(this IEndpointRouteBuilder app)
    {
        var reports = app.MapGroup("/reports").WithTags("Reports").RequireAdmin();
        reports.MapGet("/summary", SummaryAsync).WithSummary("Rows of every table, and what members earned day by day");
        reports.MapGet("/integrity", IntegrityAsync).WithSummary("Orphans, balances against the ledger, the audit log's chain");
        reports.MapGet("/fairness", FairnessAsync).WithSummary("How points are spread over each tier, and how they would be without multipliers or with other rates; nothing is written");
        return reports;
    }

    private static async Task<Ok<SummaryResponse>> SummaryAsync(SystemReports reports, PointsOverviews points, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(new SummaryResponse(clock.Now(), await reports.CountAsync(ct), await points.LastDaysAsync(DaysShown, ct)));

    private static async Task<Ok<IntegrityReport>> IntegrityAsync(SystemReports reports, CancellationToken ct) => TypedResults.Ok(await reports.CheckAsync(ct));

    private static async Task<Results<Ok<FairnessResponse>, InvalidProblem>> FairnessAsync(
        [Description("The first day, such as 2026-11-02; four weeks up to the last one if not given.")] string? from,
        [Description("The last day; today if not given.")] string? to,
        [AsParameters] RateQuery tried, FairnessReport report, CompetitionCalendar calendar, TimeProvider clock, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        var today = calendar.DayOf(clock.GetUtcNow());
        var last = Day(to, "to", errors) ?? today;
        var first = Day(from, "from", errors) ?? last.AddDays(1 - DaysShown);
        var rates = tried.Rates(errors);
        errors.AddRange(rates.Check().Select(e => new FieldError(JsonNamingPolicy.CamelCase.ConvertName(e.MemberNames.First()), e.ErrorMessage!)));
        if (last > today)
            errors.Add(new FieldError("to", "The day has not come yet."));
        if (first > last)
            errors.Add(new FieldError("from", "The first day must not be after the last."));
        else if (last.DayNumber - first.DayNumber >= FairnessReport.MostDays)
            errors.Add(new FieldError("from", $"A report covers at most {FairnessReport.MostDays} days."));
        return errors.Count > 0 ? Problems.Invalid(errors) : TypedResults.Ok(new FairnessResponse(clock.Now(), first, last, await report.RunAsync(first, last, rates, ct)));
    }

    private static DateOnly? Day(string? text, string name, List<FieldError> errors)
    {
        if (text is null)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day >= Period.AlltimeStart)
            return day;
        errors.Add(new FieldError(name, "The value must be a day, such as 2026-11-02."));
        return null;
    }
}
