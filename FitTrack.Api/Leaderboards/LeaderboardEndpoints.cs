using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Competition;
using FitTrack.Core.Leaderboards;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace FitTrack.Api.Leaderboards;

internal static class LeaderboardEndpoints
{
    public static IServiceCollection AddLeaderboardsApi(this IServiceCollection services) =>
        services.AddSingleton<LiveBoards>().AddHostedService(s => s.GetRequiredService<LiveBoards>());

    public static RouteGroupBuilder MapLeaderboards(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/leaderboards").WithTags("Leaderboards").RequireAuthorization().CountAs(RateLimitKind.Leaderboard);
        // Answered from memory tens of thousands of times a second: a timer a request would be the most expensive part.
        group.DisableRequestTimeout();
        group.MapGet("/tiers", TiersAsync).WithSummary("The 31 tiers, how many members compete in each, and their multipliers");
        group.MapGet("/live", ListenAsync).WithSummary("Server-sent events: a board's best ten, at once and whenever they change, at most once a second; Last-Event-ID resumes");
        group.MapGet("/{kind}", ShowAsync).WithMetadata(new PageMetadata(RenderedBoard.MostPerPage)).WithSummary("A board: its best, the caller's rank, and who is around the caller");
        app.MapGroup("/admin/leaderboards").WithTags("Administration").RequireAdmin()
            .MapPost("/clear", ClearAsync).WithSummary("Every instance forgets its boards and reads them anew");
        return group;
    }

    private static async Task<NoContent> ClearAsync(ClearBoards clear, HttpContext http, CancellationToken ct)
    {
        await clear.ExecuteAsync(http.User.RequiredMemberId(), http.Connection.RemoteIpAddress?.ToString(), ct);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<TierList>> TiersAsync(TierSizes sizes, BoardCache boards, IOptions<PointsOptions> points, CancellationToken ct)
    {
        var rates = points.Value.RatesOn(boards.Current(PeriodKind.Daily).Start);
        return TypedResults.Ok(new TierList([.. (await sizes.CountAsync(ct)).Select(t => new TierItem(t.Tier.Value, t.Members, rates.MultiplierTenths(t.Tier.Value) / 10m))]));
    }

    private static async Task<Results<BoardResult, NotFoundProblem, InvalidProblem>> ShowAsync(
        [Description("daily, weekly, monthly or alltime.")] string kind,
        [Description("A tier's code; the caller's own if not given.")] string? tier,
        [Description("First day of a past period, such as 2026-11-16; the running one if not given.")] string? period,
        ListRequest list, ClaimsPrincipal user, BoardCache boards, MemberCards cards, CompetitionCalendar calendar, TimeProvider clock, CancellationToken ct)
    {
        if (KindOf(kind) is not { } periodKind)
            return Problems.NotFound("There are boards for daily, weekly, monthly and alltime.");
        var errors = new List<FieldError>();
        var (page, rows) = list.Page(errors, RenderedBoard.MostPerPage);
        if ((page - 1L) * rows >= BoardSnapshot.Listed)
            errors.Add(new FieldError("page", $"Boards can be paged up to rank {BoardSnapshot.Listed}."));
        var asked = period is null ? boards.Current(periodKind) : Past(calendar, periodKind, period, clock.GetUtcNow(), errors);

        var caller = user.RequiredMemberId();
        var own = await cards.FindAsync(caller, ct);
        var code = TierOf(tier, own);
        if (code is null)
            errors.Add(UnknownTier(tier));
        if (errors.Count > 0 || code is null || asked is null)
            return Problems.Invalid(errors);

        var board = await boards.GetAsync(asked, code.Value, page * rows, ct);
        var rendered = RenderedBoard.Of(board);
        if (!rendered.TryGetBack(caller, out var back))
            back = rendered.Back(caller, own?.DisplayName, await boards.PlaceOfAsync(board, caller, ct));
        return new BoardResult(rendered.Front(page, rows), back!);
    }

    private static async Task<Results<LiveResult, InvalidProblem, UnavailableProblem>> ListenAsync(
        [Description("A tier's code; the caller's own if not given.")] string? tier,
        [Description("daily, weekly, monthly or alltime; weekly if not given.")] string? kind,
        [FromHeader(Name = "Last-Event-ID"), Description("The id of the last event that was heard; it is not told again.")] string? heard,
        ClaimsPrincipal user, LiveBoards boards, MemberCards cards, TimeProvider clock, CancellationToken ct)
    {
        var code = TierOf(tier, tier is null ? await cards.FindAsync(user.RequiredMemberId(), ct) : null);
        var errors = new List<FieldError>();
        if (code is null)
            errors.Add(UnknownTier(tier));
        var periodKind = KindOf(kind ?? "weekly");
        if (periodKind is null)
            errors.Add(new FieldError("kind", "There are boards for daily, weekly, monthly and alltime."));
        if (code is null || periodKind is null)
            return Problems.Invalid(errors);
        if (await boards.EnterAsync(periodKind.Value, code.Value, ct) is not { } board)
            return Problems.Unavailable(TimeSpan.FromSeconds(30), "Too many listen already.");
        return new LiveResult(board, boards, heard, clock);
    }

    private static FieldError UnknownTier(string? asked) => new(
        "tier", asked is null ? "You compete in no tier yet: complete your profile, or name a tier." : "There is no such tier. Tiers are named like M-30-39-INT, F-60+-BEG or OPEN.");

    /// <summary>Codes in capitals or not, as people write them into addresses.</summary>
    private static TierCode? TierOf(string? asked, MemberCard? own) => TierCode.Find((asked ?? own?.TierCode)?.ToUpperInvariant());

    private static PeriodKind? KindOf(string text) => text switch
    {
        "daily" => PeriodKind.Daily,
        "weekly" => PeriodKind.Weekly,
        "monthly" => PeriodKind.Monthly,
        "alltime" => PeriodKind.Alltime,
        _ => null,
    };

    private static Period? Past(CompetitionCalendar calendar, PeriodKind kind, string text, DateTimeOffset now, List<FieldError> errors)
    {
        string wrong;
        if (kind == PeriodKind.Alltime)
            wrong = "The board of all time has no periods.";
        else if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < Period.AlltimeStart)
            wrong = "The value must be the first day of a period, such as 2026-11-16.";
        else if (day > calendar.DayOf(now))
            wrong = "This period has not begun.";
        else if (calendar.PeriodOf(kind, day) is var found && found.Start != day)
            wrong = $"This period begins on {found.Start:yyyy-MM-dd}.";
        else
            return found;
        errors.Add(new FieldError("period", wrong));
        return null;
    }
}
