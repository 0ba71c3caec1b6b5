using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using FitTrack.Core.Points;
using FitTrack.Core.Privacy;
using FitTrack.Core.Trackers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Accounts;

/// <summary>A member's own account.</summary>
internal static class MeEndpoints
{
    public static RouteGroupBuilder MapMe(this IEndpointRouteBuilder app)
    {
        app.MapPost("/users", AuthEndpoints.RegisterAsync).WithTags("Accounts").WithSummary("Opens an account (the same as /auth/register)").AllowAnonymous();
        var me = app.MapGroup("/users/me").WithTags("Accounts").RequireAuthorization();
        me.MapGet("", ShowAsync).WithSummary("Own account, profile and points");
        me.MapPut("", UpdateAsync).WithSummary("Changes state and profile");
        me.MapPut("/profile", UpdateProfileAsync).WithSummary("Replaces the profile; sex, level and OPEN can change once in 30 days");
        me.MapDelete("", DeleteAsync).RequireRecentSignIn().WithSummary("Closes the account, a few minutes after signing in; the answer links to an export. Personal data is erased after 30 days");
        return me;
    }

    private static async Task<Results<TaggedResult<MeResponse>, NotFoundProblem>> ShowAsync(ClaimsPrincipal user, AccountDirectory directory, PointsOverviews points, CancellationToken ct) =>
        await directory.FindAsync(user.RequiredMemberId(), ct) is { } account ? await RespondAsync(account, points, ct) : Problems.NotFound();

    private static Task<Results<TaggedResult<MeResponse>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem, InvalidProblem>> UpdateAsync(
        UpdateMeRequest request, IfMatch ifMatch, ClaimsPrincipal user, ChangeAccount change, PointsOverviews points, CancellationToken ct) =>
        ChangeAsync(new AccountChange(request.State, request.Profile?.ToInput()), ifMatch, "", user, change, points, ct);

    private static Task<Results<TaggedResult<MeResponse>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem, InvalidProblem>> UpdateProfileAsync(
        ProfileRequest request, IfMatch ifMatch, ClaimsPrincipal user, ChangeAccount change, PointsOverviews points, CancellationToken ct) =>
        ChangeAsync(new AccountChange(null, request.ToInput()), ifMatch, "profile.", user, change, points, ct);

    /// <param name="prefix">Where the profile's fields are the body itself, this is taken off their names.</param>
    private static async Task<Results<TaggedResult<MeResponse>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem, InvalidProblem>> ChangeAsync(
        AccountChange change, IfMatch ifMatch, string prefix, ClaimsPrincipal user, ChangeAccount accounts, PointsOverviews points, CancellationToken ct) =>
        await accounts.ExecuteAsync(user.RequiredMemberId(), change, version => AccountTag.Allows(ifMatch, version), ct) switch
        {
            ChangeOutcome.Changed(var account) => await RespondAsync(account, points, ct),
            ChangeOutcome.Invalid(var fields) => fields.Select(f => f with { Field = f.Field[(f.Field.StartsWith(prefix, StringComparison.Ordinal) ? prefix.Length : 0)..] }).ToProblem(),
            ChangeOutcome.Stale => Problems.PreconditionFailed(),
            ChangeOutcome.DisplayNameTaken => Problems.Conflict("Display name already taken"),
            ChangeOutcome.DeclaredLately(var next) => Problems.Conflict($"Sex, fitness level and OPEN can change once in {Profile.DaysBetweenDeclarations} days; again from {next:yyyy-MM-dd}."),
            _ => Problems.NotFound(),
        };

    /// <summary>The answer's <c>Link</c> offers the export, which the member can no longer sign in for.</summary>
    private static async Task<Results<NoContent, NotFoundProblem, PreconditionFailedProblem>> DeleteAsync(
        IfMatch ifMatch, ClaimsPrincipal user, CloseAccount close, ExportTickets tickets, HttpResponse response, CancellationToken ct)
    {
        switch (await close.ExecuteAsync(user.RequiredMemberId(), version => AccountTag.Allows(ifMatch, version), admin: null, ct))
        {
            case CloseOutcome.Closed:
                response.Headers.Link = $"</api/v1/exports/{tickets.Issue(user.RequiredMemberId())}>; rel=\"archives\"; type=\"application/zip\"";
                return TypedResults.NoContent();
            case CloseOutcome.Stale:
                return Problems.PreconditionFailed();
            default:
                return Problems.NotFound();
        }
    }

    private static async Task<TaggedResult<MeResponse>> RespondAsync(AccountView account, PointsOverviews points, CancellationToken ct)
    {
        var answer = new MeResponse(
            account.Id, account.Email, account.Role, account.Status, account.EmailVerifiedAt is not null, account.CreatedAt, account.UpdatedAt,
            AccountProfile.Of(account), await points.OfAsync(account.Id, ct));
        return Tagged.Ok(answer, AccountTag.Of(account, answer.Points));
    }
}

/// <summary>Accounts for administrators, under <c>/users</c> and <c>/admin/users</c>.</summary>
internal static class UserAdministration
{
    private static readonly ListSpec<AccountRow> List = new ListSpec<AccountRow>(a => a.User.Id)
        .Sort("created_at", a => a.User.CreatedAt)
        .Sort("updated_at", a => a.User.UpdatedAt)
        .Sort("last_login_at", a => a.User.LastLoginAt)
        .Sort("email", a => a.User.NormalizedEmail)
        .Sort("display_name", a => a.Profile!.NormalizedDisplayName)
        .Filter("status", a => a.User.Status)
        .Filter("role", a => a.User.Role)
        .Filter("tier", a => a.Profile!.TierCode)
        .Filter("state", a => a.User.State)
        .Filter("email", (string email) => EmailAddress.Normalize(email) is { } normalized ? a => a.User.NormalizedEmail == normalized : _ => false)
        .DefaultSort("-created_at");

    public static void MapUserAdministration(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/users").WithTags("Administration").MapTo();
        app.MapGroup("/admin/users").WithTags("Administration").MapTo();
    }

    private static void MapTo(this RouteGroupBuilder users)
    {
        users.RequireAdmin();
        users.MapGet("", ListAsync).WithList(List).WithSummary("Accounts that are not deleted");
        users.MapGet("/{id:guid}", ShowAsync).WithSummary("One account with its profile");
        users.MapPut("/{id:guid}", UpdateAsync).WithSummary("Changes an account; goes to the audit log");
        users.MapDelete("/{id:guid}", DeleteAsync).WithSummary("Closes an account; the row stays");
    }

    private static Task<Results<PageResult<UserItem>, InvalidProblem>> ListAsync(ListRequest list, AccountDirectory directory, CancellationToken ct) =>
        List.PageAsync(list, directory.All(), UserItem.Of, ct);

    private static async Task<Results<TaggedResult<UserResponse>, NotFoundProblem>> ShowAsync(
        Guid id, AccountDirectory directory, PointsOverviews points, TrackerConnections connections, CancellationToken ct) =>
        await directory.FindAsync(id, ct) is { } account ? await RespondAsync(account, points, connections, ct) : NotFound();

    private static async Task<Results<TaggedResult<UserResponse>, NotFoundProblem, ConflictProblem, PreconditionFailedProblem, InvalidProblem>> UpdateAsync(
        Guid id, UpdateUserRequest request, IfMatch ifMatch, HttpContext context, AdministerAccount accounts, PointsOverviews points, TrackerConnections connections, CancellationToken ct)
    {
        var change = new AdminAccountChange(request.Email, request.Role, request.Status, request.State, request.Profile?.ToInput());
        return await accounts.ExecuteAsync(id, change, version => AccountTag.Allows(ifMatch, version), context.AdminActor(), ct) switch
        {
            ChangeOutcome.Changed(var account) => await RespondAsync(account, points, connections, ct),
            ChangeOutcome.Invalid(var fields) => fields.ToProblem(),
            ChangeOutcome.Stale => Problems.PreconditionFailed(),
            ChangeOutcome.EmailTaken => Problems.Conflict("Email already registered"),
            ChangeOutcome.DisplayNameTaken => Problems.Conflict("Display name already taken"),
            _ => NotFound(),
        };
    }

    private static async Task<Results<NoContent, NotFoundProblem, ConflictProblem, PreconditionFailedProblem>> DeleteAsync(
        Guid id, IfMatch ifMatch, HttpContext context, CloseAccount close, CancellationToken ct)
    {
        var admin = context.AdminActor();
        if (admin.Id == id)
            return Problems.Conflict("Administrators close their own account under /users/me.");
        return await close.ExecuteAsync(id, version => AccountTag.Allows(ifMatch, version), admin, ct) switch
        {
            CloseOutcome.Closed => TypedResults.NoContent(),
            CloseOutcome.Stale => Problems.PreconditionFailed(),
            _ => NotFound(),
        };
    }

    private static NotFoundProblem NotFound() => Problems.NotFound("There is no such user.");

    private static async Task<TaggedResult<UserResponse>> RespondAsync(AccountView account, PointsOverviews summaries, TrackerConnections trackers, CancellationToken ct)
    {
        var points = await summaries.OfAsync(account.Id, ct);
        var connections = await trackers.ListAsync(account.Id, ct);
        var answer = new UserResponse(
            account.Id, account.Email, account.Role, account.Status, account.EmailVerifiedAt is not null, account.EmailVerifiedAt, account.DateOfBirth, account.State,
            account.TwoFactorEnabled, account.LastLoginAt, account.CreatedAt, account.UpdatedAt, account.ActivatedAt, AccountProfile.Of(account), points, connections);
        return Tagged.Ok(answer, AccountTag.Of(account, points, connections));
    }
}

/// <summary>
/// An account's entity tag: its version, and after a dot a hash of what is in the answer but moves by itself (points, last sign-in, connections). A change
/// names the version it read; that points were earned in the meantime does not stand in its way.
/// </summary>
internal static class AccountTag
{
    public static EntityTag Of(AccountView account, PointsOverview points, IReadOnlyList<ConnectionView>? connections = null)
    {
        var moving = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { points, account.LastLoginAt, connections }));
        return new($"\"{account.Version}.{Convert.ToHexStringLower(moving.AsSpan(0, 6))}\"");
    }

    public static bool Allows(IfMatch ifMatch, long version) => ifMatch.Tags is null
        || ifMatch.Tags.Any(tag => !tag.IsWeak && (tag.Tag.Equals("*", StringComparison.Ordinal) || tag.Tag.StartsWith($"\"{version}.", StringComparison.Ordinal)));
}
