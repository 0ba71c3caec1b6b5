using System.Security.Claims;
using FitTrack.Api.Http;
using FitTrack.Core.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitTrack.Api.Accounts;

/// <summary>Registration, verification, sign-in, refresh and sign-out.</summary>
internal static class AuthEndpoints
{
    private const string CookieName = "fittrack_refresh";
    private const string CookiePath = "/api/v1/auth";

    public static RouteGroupBuilder MapAuth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/auth").WithTags("Accounts").AllowAnonymous();
        group.MapPost("/register", RegisterAsync).WithSummary("Opens an account and sends the verification mail");
        group.MapPost("/verify-email", VerifyAsync).WithSummary("Makes the account of a mailed link active");
        group.MapPost("/resend-verification", ResendAsync).WithSummary("Sends another link, if there is a pending account");
        group.MapPost("/forgot-password", ForgotAsync).WithSummary("Sends a link that resets the password, if there is an account");
        group.MapPost("/reset-password", ResetAsync).WithSummary("Sets a new password by a mailed link and signs out everywhere");
        group.MapPost("/login", LoginAsync).WithSummary("Signs in");
        group.MapPost("/refresh", RefreshAsync).WithSummary("Trades a refresh token for new tokens");
        var signedIn = app.MapGroup("/auth").WithTags("Accounts").RequireAuthorization();
        signedIn.MapPost("/logout", LogoutAsync).WithSummary("Ends this session");
        signedIn.MapPost("/logout-all", LogoutAllAsync).WithSummary("Ends every session of the member");
        return group;
    }

    public static IEndpointRouteBuilder MapJwks(this IEndpointRouteBuilder app)
    {
        app.MapGet("/.well-known/jwks.json", async (JwtKeys keys, HttpContext context, CancellationToken ct) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=300";
            return TypedResults.Ok(new JsonWebKeySet(await keys.PublishedAsync(ct)));
        }).WithTags("Operations").WithSummary("Public keys of access tokens").AllowAnonymous().DisableRateLimiting();
        return app;
    }

    internal static async Task<Results<Created<RegisteredResponse>, BadRequestProblem, ConflictProblem, InvalidProblem, UnavailableProblem>> RegisterAsync(
        RegisterRequest request, RegisterAccount register, AccountDirectory directory, CancellationToken ct)
    {
        var outcome = await register.ExecuteAsync(new Registration(request.Email, request.Password, request.DateOfBirth, request.State, request.Profile?.ToInput()), ct);
        switch (outcome)
        {
            case RegistrationOutcome.Invalid(var fields):
                return fields.ToProblem();
            case RegistrationOutcome.TooYoung(var age):
                return Problems.BadRequest($"Must be {age} or older");
            case RegistrationOutcome.StateNotEligible:
                return Problems.BadRequest("State not eligible for sweepstakes");
            case RegistrationOutcome.EmailTaken:
                return Problems.Conflict("Email already registered");
            case RegistrationOutcome.DisplayNameTaken:
                return Problems.Conflict("Display name already taken");
            case RegistrationOutcome.Registered(var id):
                var account = await directory.FindAsync(id, ct) ?? throw new InvalidOperationException("The account that was just opened is gone.");
                return TypedResults.Created($"/api/v1/users/{id}", new RegisteredResponse(
                    account.Id, account.Email, account.Role, account.Status, account.EmailVerifiedAt is not null, account.CreatedAt, AccountProfile.Of(account), "Verification email sent"));
            default:
                return Busy();
        }
    }

    private static async Task<Results<Ok<VerifiedResponse>, BadRequestProblem>> VerifyAsync(TokenRequest request, EmailVerification verification, CancellationToken ct) =>
        await verification.ConfirmAsync(request.Token, ct) switch
        {
            VerificationOutcome.Verified => TypedResults.Ok(new VerifiedResponse("Email verified", Next: "/profile")),
            VerificationOutcome.Expired => Problems.BadRequest("Token expired, request new verification email"),
            _ => Problems.BadRequest("Invalid verification token"),
        };

    private static async Task<Accepted<MessageResponse>> ForgotAsync(EmailRequest request, AccountMails mails, CancellationToken ct)
    {
        await mails.RequestAsync(AccountMail.ResetLink, request.Email, ct);
        return TypedResults.Accepted((string?)null, new MessageResponse("If the address has an account, a mail is on its way."));
    }

    private static async Task<Results<NoContent, BadRequestProblem, InvalidProblem, UnavailableProblem>> ResetAsync(ResetPasswordRequest request, PasswordReset reset, CancellationToken ct) =>
        await reset.ExecuteAsync(request.Token, request.NewPassword!, ct) switch
        {
            ResetOutcome.Done => TypedResults.NoContent(),
            ResetOutcome.Expired => Problems.BadRequest("Token expired, request a new link"),
            ResetOutcome.Invalid(var fields) => fields.ToProblem(),
            ResetOutcome.Busy => Busy(),
            _ => Problems.BadRequest("Invalid reset token"),
        };

    private static async Task<Accepted<MessageResponse>> ResendAsync(EmailRequest request, AccountMails mails, CancellationToken ct)
    {
        await mails.RequestAsync(AccountMail.VerificationLink, request.Email, ct);
        return TypedResults.Accepted((string?)null, new MessageResponse("If the address has an account that waits for verification, a mail is on its way."));
    }

    private static async Task<Results<Ok<TokenResponse>, UnauthorizedProblem, ForbiddenProblem, TooManyRequestsProblem, UnavailableProblem>> LoginAsync(
        LoginRequest request, SignIn signIn, AccessTokens tokens, JwtOptions options, TimeProvider clock, HttpContext context, CancellationToken ct) =>
        await signIn.ExecuteAsync(request.Email!, request.Password!, request.TwoFactorCode, context.ClientInfo(), ct) switch
        {
            SignInOutcome.SignedIn(var session) => TypedResults.Ok(await RespondAsync(session, tokens, options, clock, context, ct)),
            SignInOutcome.EmailNotVerified => Problems.Forbidden("Email not verified, check inbox"),
            SignInOutcome.Suspended => Problems.Forbidden("Account suspended"),
            SignInOutcome.CodeRequired => Problems.Unauthorized("Two-factor code required"),
            SignInOutcome.CodeWrong => Problems.Unauthorized("Invalid two-factor code"),
            SignInOutcome.Locked(var wait) => Locked(wait),
            SignInOutcome.Busy => Busy(),
            _ => Problems.Unauthorized("Invalid email or password"),
        };

    private static async Task<Results<Ok<TokenResponse>, UnauthorizedProblem>> RefreshAsync(
        RefreshRequest? request, Sessions sessions, AccessTokens tokens, JwtOptions options, TimeProvider clock, HttpContext context, CancellationToken ct) =>
        await sessions.RefreshAsync(request?.RefreshToken ?? context.Request.Cookies[CookieName], ct) switch
        {
            RefreshOutcome.Refreshed(var session) => TypedResults.Ok(await RespondAsync(session, tokens, options, clock, context, ct)),
            RefreshOutcome.Expired => Problems.Unauthorized("Refresh token expired, please log in again"),
            _ => Problems.Unauthorized("Invalid refresh token"),
        };

    private static async Task<NoContent> LogoutAsync(ClaimsPrincipal user, Sessions sessions, HttpContext context, CancellationToken ct)
    {
        await sessions.EndAsync(user.RequiredMemberId(), user.RequiredSessionId(), ct);
        context.Response.Cookies.Delete(CookieName, Cookie(null));
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> LogoutAllAsync(ClaimsPrincipal user, Sessions sessions, HttpContext context, CancellationToken ct)
    {
        await sessions.EndAllAsync(user.RequiredMemberId(), SessionEnd.SignedOutEverywhere, ct);
        context.Response.Cookies.Delete(CookieName, Cookie(null));
        return TypedResults.NoContent();
    }

    private static async Task<TokenResponse> RespondAsync(SessionGrant session, AccessTokens tokens, JwtOptions options, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Cookies.Append(CookieName, session.RefreshToken, Cookie(session.RefreshExpiresAt));
        var refreshSeconds = (int)(session.RefreshExpiresAt - clock.GetUtcNow()).TotalSeconds;
        return new TokenResponse(await tokens.IssueAsync(session, ct), session.RefreshToken, "Bearer", (int)options.Lifetime.TotalSeconds, refreshSeconds);
    }

    /// <summary>Scripts cannot read it, other sites cannot send it, and it goes to these endpoints only.</summary>
    private static CookieOptions Cookie(DateTimeOffset? expires) =>
        new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = CookiePath, Expires = expires, IsEssential = true };

    internal static TooManyRequestsProblem Locked(TimeSpan wait) => Problems.TooManyRequests($"Account temporarily locked, try again in {Minutes(wait)}", wait);

    internal static UnavailableProblem Busy() => Problems.Unavailable(TimeSpan.FromSeconds(5), "Too many people are signing in at the moment. Try again in a few seconds.");

    private static string Minutes(TimeSpan wait) => (int)Math.Ceiling(wait.TotalMinutes) is var minutes && minutes == 1 ? "1 minute" : $"{minutes} minutes";
}

/// <summary>What accounts need to know of a request.</summary>
internal static class AccountRequests
{
    public static ClientInfo ClientInfo(this HttpContext context) => new(context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString());

    public static AdminActor AdminActor(this HttpContext context) => new(context.User.RequiredMemberId(), context.Connection.RemoteIpAddress?.ToString());

    /// <summary>The session of the caller's access token, on endpoints that require one.</summary>
    public static Guid RequiredSessionId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirst("sid")?.Value, out var id) ? id : throw new InvalidOperationException("This endpoint must require authorization.");

    public static InvalidProblem ToProblem(this IEnumerable<InvalidField> fields) => Problems.Invalid(fields.Select(f => new FieldError(f.Field, f.Message)));
}
