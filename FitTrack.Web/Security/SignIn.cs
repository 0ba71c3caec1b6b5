using System.Security.Claims;
using FitTrack.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FitTrack.Web.Security;

/// <summary>Signing in and out: plain form posts, so that they work without JavaScript.</summary>
internal static class SignIn
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", PostAsync);
        routes.MapPost("/sign-out", SignOutAsync);
    }

    /// <summary>An address of this site, for going on after the sign-in; anything else becomes the first page.</summary>
    public static string Local(string? address) => address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/";

    private static async Task<RedirectHttpResult> PostAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? code, [FromForm] string? returnUrl, FitTrackApi api, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var outcome = await api.LogInAsync(email ?? "", password ?? "", string.IsNullOrWhiteSpace(code) ? null : code, ct);
        if (outcome.Value is not { } tokens)
            return TypedResults.LocalRedirect("/" + QueryString.Create("sign-in", Reason(outcome)).Add("ReturnUrl", Local(returnUrl)).ToUriComponent());

        var properties = new AuthenticationProperties { IsPersistent = true };
        TokenRefresh.Store(properties, tokens, clock.GetUtcNow());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, email!)], CookieAuthenticationDefaults.AuthenticationScheme);
        await http.SignInAsync(new ClaimsPrincipal(identity), properties);
        return TypedResults.LocalRedirect(Local(returnUrl));
    }

    private static string Reason(ApiResult<Tokens> outcome) => (outcome.Status, outcome.Problem?.Detail) switch
    {
        (401, "Two-factor code required") => "code",
        (401, "Invalid two-factor code") => "wrong-code",
        (403, "Email not verified, check inbox") => "unverified",
        (403, _) => "suspended",
        (429, _) => "locked",
        _ => outcome.Unreachable ? "unavailable" : "refused",
    };

    private static async Task<RedirectHttpResult> SignOutAsync([FromForm] bool? everywhere, FitTrackApi api, HttpContext http, CancellationToken ct)
    {
        await api.LogOutAsync(everywhere == true, ct);
        await http.SignOutAsync();
        return TypedResults.LocalRedirect("/");
    }
}
