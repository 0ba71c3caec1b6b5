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

    private static async Task<RedirectHttpResult> PostAsync(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? code, FitTrackApi api, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        var outcome = await api.LogInAsync(email ?? "", password ?? "", string.IsNullOrWhiteSpace(code) ? null : code, ct);
        if (outcome.Value is not { } tokens)
            return TypedResults.LocalRedirect($"/?sign-in={(outcome.Status is 0 or >= 500 ? "unavailable" : outcome.Status == 429 ? "locked" : "refused")}");

        var properties = new AuthenticationProperties { IsPersistent = true };
        TokenRefresh.Store(properties, tokens, clock.GetUtcNow());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, email!)], CookieAuthenticationDefaults.AuthenticationScheme);
        await http.SignInAsync(new ClaimsPrincipal(identity), properties);
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<RedirectHttpResult> SignOutAsync([FromForm] string? _, FitTrackApi api, HttpContext http, CancellationToken ct)
    {
        await api.LogOutAsync(ct);
        await http.SignOutAsync();
        return TypedResults.LocalRedirect("/");
    }
}
