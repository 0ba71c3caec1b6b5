using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using FitTrack.Api.Accounts;
using FitTrack.Api.Http;
using FitTrack.Core.Data;
using FitTrack.Core.Points;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace FitTrack.Api.Points;

/// <param name="Kind"><c>activity</c>, <c>correction</c>, <c>purchase</c>, <c>admin</c>, ...</param>
/// <param name="Id">Which one.</param>
public sealed record TransactionReference(string Kind, string Id);

/// <param name="Id">Its id.</param>
/// <param name="Seq">Its number in the member's ledger.</param>
/// <param name="Type"><c>earn</c>, <c>spend</c>, <c>adjust</c> or <c>refund</c>.</param>
/// <param name="Amount">Signed points.</param>
/// <param name="BalanceAfter">The balance it led to.</param>
/// <param name="EarnedOn">The competition day, for awards and their corrections.</param>
/// <param name="Reason">In words.</param>
/// <param name="Reference">What it belongs to.</param>
/// <param name="RateVersion">The rates, for awards and their corrections.</param>
/// <param name="Hash">Chains it to the row before; lower-case hex.</param>
/// <param name="CreatedAt">When.</param>
public sealed record TransactionItem(
    Guid Id, long Seq, PointTransactionType Type, long Amount, long BalanceAfter, DateOnly? EarnedOn, string Reason, TransactionReference Reference, string? RateVersion, string Hash, DateTimeOffset CreatedAt)
{
    internal static TransactionItem Of(PointTransaction t) => new(
        t.Id, t.Seq, t.Type, t.Amount, t.BalanceAfter, t.EarnedOn, t.Reason, new TransactionReference(t.ReferenceKind, t.ReferenceKey), t.RateVersion, Convert.ToHexStringLower(t.Hash), t.CreatedAt);
}

/// <param name="Balance">Points that can be spent.</param>
/// <param name="EarnedTotal">Ever earned by activity.</param>
/// <param name="EarnedToday">Of the running competition day.</param>
/// <param name="RemainingToday">Left to today's cap.</param>
public sealed record BalanceView(long Balance, long EarnedTotal, int EarnedToday, int RemainingToday);

/// <summary>The root over everybody's ledger at the end of a day; who keeps it can tell whether history was rewritten.</summary>
public sealed record LedgerRootItem(DateOnly Day, DateTimeOffset CutoffAt, int Members, string Root, DateTimeOffset PublishedAt);

public sealed record LedgerRootList(IReadOnlyList<LedgerRootItem> Items);

public sealed record DayList(IReadOnlyList<EarnedDay> Items);

/// <param name="UserId">Whose balance.</param>
/// <param name="Points">Signed, not zero.</param>
/// <param name="Reason">Why; the member reads it.</param>
/// <param name="Clawback">Lets the balance go below zero.</param>
public sealed record AdjustmentRequest(
    [property: Required] Guid? UserId,
    [property: Required, Range(-10_000_000, 10_000_000)] long? Points,
    [property: Required, StringLength(LedgerEntry.MaxReason, MinimumLength = 3)] string? Reason,
    bool? Clawback);

internal static class PointEndpoints
{
    private static readonly ListSpec<PointTransaction> Transactions = new ListSpec<PointTransaction>(t => t.Id)
        .Sort("seq", t => t.Seq)
        .Sort("created_at", t => t.CreatedAt)
        .Sort("amount", t => t.Amount)
        .Filter("type", t => t.Type)
        .Filter("reference_kind", t => t.ReferenceKind)
        .Filter("earned_on", t => t.EarnedOn!.Value)
        .Span((DateTimeOffset from) => t => t.CreatedAt >= from, to => t => t.CreatedAt < to)
        .DefaultSort("-seq");

    private const int MostRoots = 366;

    public static IEndpointRouteBuilder MapPoints(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/points").WithTags("Points").RequireAuthorization();
        group.MapGet("/balance", BalanceAsync).WithSummary("The caller's points, and what is left to today's cap");
        group.MapGet("/transactions", ListAsync).WithList(Transactions).WithSummary("The caller's ledger, newest first");
        group.MapGet("/days", DaysAsync).WithSummary("The caller's last hundred days that earned, newest first");
        group.MapGet("/ledger-roots", RootsAsync).AllowAnonymous().WithSummary("Daily roots over all ledgers, newest first");
        app.MapGroup("/admin/points").WithTags("Administration").RequireAdmin()
            .MapPost("/adjust", AdjustAsync).Idempotent().WithSummary("Changes a member's balance, with a reason");
        return app;
    }

    private static async Task<Ok<BalanceView>> BalanceAsync(ClaimsPrincipal user, PointsOverviews overviews, CancellationToken ct)
    {
        var (balance, earned, today, remaining) = await overviews.OfAsync(user.RequiredMemberId(), ct);
        return TypedResults.Ok(new BalanceView(balance, earned, today, remaining));
    }

    private static Task<Results<PageResult<TransactionItem>, InvalidProblem>> ListAsync(ListRequest list, ClaimsPrincipal user, FitTrackDbContext db, CancellationToken ct)
    {
        var caller = user.RequiredMemberId();
        return Transactions.PageAsync(list, db.Set<PointTransaction>().AsNoTracking().Where(t => t.UserId == caller), t => TransactionItem.Of(t), ct);
    }

    private static async Task<Ok<DayList>> DaysAsync(ClaimsPrincipal user, PointsOverviews points, CancellationToken ct) =>
        TypedResults.Ok(new DayList(await points.DaysAsync(user.RequiredMemberId(), ct)));

    private static async Task<Ok<LedgerRootList>> RootsAsync(FitTrackDbContext db, CancellationToken ct) =>
        TypedResults.Ok(new LedgerRootList([.. (await db.Set<LedgerRoot>().AsNoTracking().OrderByDescending(r => r.CompetitionDay).Take(MostRoots).ToListAsync(ct))
            .Select(r => new LedgerRootItem(r.CompetitionDay, r.CutoffAt, r.Members, Convert.ToHexStringLower(r.RootHash), r.PublishedAt))]));

    private static async Task<Results<Created<TransactionItem>, NotFoundProblem, ConflictProblem, InvalidProblem>> AdjustAsync(
        AdjustmentRequest request, ClaimsPrincipal user, HttpContext context, AdjustPoints adjust, FitTrackDbContext db, CancellationToken ct)
    {
        if (request.Points == 0)
            return Problems.Invalid("points", "The value must not be zero.");
        if (string.IsNullOrWhiteSpace(request.Reason))
            return Problems.Invalid("reason", "A reason is required.");
        var adjustment = new Adjustment(
            user.RequiredMemberId(), request.UserId!.Value, request.Points!.Value, request.Reason.Trim(), request.Clawback ?? false, context.Connection.RemoteIpAddress?.ToString());
        switch (await adjust.ExecuteAsync(adjustment, ct))
        {
            case AdjustOutcome.Booked(var id):
                var row = await db.Set<PointTransaction>().AsNoTracking().SingleAsync(t => t.Id == id, ct);
                return TypedResults.Created((string?)null, TransactionItem.Of(row));
            case AdjustOutcome.NoSuchMember:
                return Problems.NotFound("There is no such member.");
            case AdjustOutcome.InsufficientBalance(var balance):
                return Problems.Conflict($"The balance is {balance}; only a clawback may take it below zero.");
            default:
                return Problems.Conflict("The balance kept changing. Try again.");
        }
    }
}
