using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitTrack.Api.Accounts;

/// <summary>A member's password, sessions, second factor and limits.</summary>
internal static class SecurityEndpoints
{
    private static readonly ListSpec<SessionView> SessionList = new ListSpec<SessionView>(s => s.Id)
        .Sort("last_used_at", s => s.LastUsedAt)
        .Sort("created_at", s => s.CreatedAt)
        .DefaultSort("-last_used_at");

    public static void MapMySecurity(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/users/me").WithTags("Accounts").RequireAuthorization();
        me.MapPut("/password", ChangePasswordAsync).WithSummary("Changes the password and ends every other session");
        me.MapGet("/sessions", ListSessionsAsync).WithList(SessionList).WithSummary("Own sessions, one a device that is signed in");
        me.MapDelete("/sessions/{id:guid}", EndSessionAsync).WithSummary("Signs a device out");
        me.MapGet("/two-factor", ShowTwoFactorAsync).WithSummary("Whether two-factor sign-in is on");
        me.MapPost("/two-factor", TwoFactorAsync).WithSummary("Switches two-factor sign-in on: first with the password, then with a code");
        me.MapDelete("/two-factor", TwoFactorOffAsync).WithSummary("Switches two-factor sign-in off");
        me.MapGet("/limits", ShowLimitsAsync).WithSummary("Own spending limit, pause and exclusion");
        me.MapPut("/limits", ChangeLimitsAsync).WithSummary("Limits spending, takes a pause, excludes from drawings");
    }

    private static async Task<Results<NoContent, NotFoundProblem, InvalidProblem, TooManyRequestsProblem, UnavailableProblem>> ChangePasswordAsync(
        ChangePasswordRequest request, HttpContext context, ChangePassword change, CancellationToken ct)
    {
        var user = context.User;
        return await change.ExecuteAsync(user.RequiredMemberId(), user.RequiredSessionId(), request.CurrentPassword!, request.NewPassword!, context.ClientInfo(), ct) switch
        {
            PasswordChangeOutcome.Changed => TypedResults.NoContent(),
            PasswordChangeOutcome.Invalid(var fields) => fields.ToProblem(),
            PasswordChangeOutcome.NotProven(ProofOutcome.Locked(var wait)) => AuthEndpoints.Locked(wait),
            PasswordChangeOutcome.NotProven(ProofOutcome.Busy) => AuthEndpoints.Busy(),
            PasswordChangeOutcome.NotProven => Problems.Invalid("currentPassword", "The password is not right."),
            _ => Problems.NotFound(),
        };
    }

    private static Task<Results<PageResult<SessionItem>, InvalidProblem>> ListSessionsAsync(ListRequest list, ClaimsPrincipal user, Sessions sessions, CancellationToken ct) =>
        SessionList.PageAsync(list, sessions.Of(user.RequiredMemberId()), SessionItem.Of(user.RequiredSessionId()), ct);

    private static async Task<Results<NoContent, NotFoundProblem>> EndSessionAsync(Guid id, ClaimsPrincipal user, Sessions sessions, CancellationToken ct) =>
        await sessions.EndAsync(user.RequiredMemberId(), id, ct) ? TypedResults.NoContent() : Problems.NotFound("There is no such session.");

    private static async Task<Results<Ok<TwoFactorResponse>, NotFoundProblem>> ShowTwoFactorAsync(ClaimsPrincipal user, TwoFactor twoFactor, CancellationToken ct) =>
        await twoFactor.StateAsync(user.RequiredMemberId(), ct) is { } state ? TypedResults.Ok(TwoFactorResponse.Of(state)) : Problems.NotFound();

    private static async Task<Results<Ok<TwoFactorResponse>, NotFoundProblem, ConflictProblem, InvalidProblem, TooManyRequestsProblem, UnavailableProblem>> TwoFactorAsync(
        TwoFactorRequest request, HttpContext context, TwoFactor twoFactor, CancellationToken ct)
    {
        if (request is { Password: null, Code: null })
            return Problems.Invalid("password", "The password begins, a code ends it.");
        context.Response.Headers.CacheControl = "no-store";
        var (userId, client) = (context.User.RequiredMemberId(), context.ClientInfo());
        var isFirst = request.Code is null;
        return (isFirst ? await twoFactor.StartAsync(userId, request.Password!, client, ct) : await twoFactor.ConfirmAsync(userId, request.Code!, client, ct)) switch
        {
            TwoFactorOutcome.Started started => TypedResults.Ok(TwoFactorResponse.Of(started)),
            TwoFactorOutcome.Enabled enabled => TypedResults.Ok(TwoFactorResponse.Of(enabled)),
            TwoFactorOutcome.AlreadyEnabled => Problems.Conflict("Two-factor sign-in is on already."),
            TwoFactorOutcome.NotStarted => Problems.Conflict("Send the password first."),
            TwoFactorOutcome.NotProven(ProofOutcome.Locked(var wait)) => AuthEndpoints.Locked(wait),
            TwoFactorOutcome.NotProven(ProofOutcome.Busy) => AuthEndpoints.Busy(),
            TwoFactorOutcome.NotProven => isFirst ? Problems.Invalid("password", "The password is not right.") : Problems.Invalid("code", "The code is not right."),
            _ => Problems.NotFound(),
        };
    }

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, InvalidProblem, TooManyRequestsProblem>> TwoFactorOffAsync(
        [FromBody] TwoFactorOffRequest request, HttpContext context, TwoFactor twoFactor, CancellationToken ct) =>
        await twoFactor.DisableAsync(context.User.RequiredMemberId(), request.TwoFactorCode!, context.ClientInfo(), ct) switch
        {
            TwoFactorOutcome.Disabled => TypedResults.NoContent(),
            TwoFactorOutcome.NotStarted => Problems.Conflict("Two-factor sign-in is off."),
            TwoFactorOutcome.NotProven(ProofOutcome.Locked(var wait)) => AuthEndpoints.Locked(wait),
            TwoFactorOutcome.NotProven => Problems.Invalid("twoFactorCode", "The code is not right."),
            _ => Problems.NotFound(),
        };

    private static async Task<Ok<LimitsResponse>> ShowLimitsAsync(ClaimsPrincipal user, SelfLimits limits, CancellationToken ct) =>
        TypedResults.Ok(LimitsResponse.Of(await limits.ShowAsync(user.RequiredMemberId(), ct)));

    private static async Task<Results<Ok<LimitsResponse>, ConflictProblem, InvalidProblem>> ChangeLimitsAsync(LimitsRequest request, ClaimsPrincipal user, SelfLimits limits, CancellationToken ct)
    {
        var change = new LimitsChange(request.WeeklySpendingLimit, request.CoolOffUntil, request.SelfExclusion is not null, request.SelfExclusion?.Until);
        return await limits.ChangeAsync(user.RequiredMemberId(), change, ct) switch
        {
            LimitsOutcome.Changed(var now) => TypedResults.Ok(LimitsResponse.Of(now)),
            LimitsOutcome.Invalid(var fields) => fields.ToProblem(),
            LimitsOutcome.CannotShorten => Problems.Conflict("A pause or an exclusion in force cannot be shortened."),
            _ => Problems.Conflict("The limits were changed at the same moment; read them again."),
        };
    }
}
