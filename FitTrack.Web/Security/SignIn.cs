using System.Buffers.Text;
using System.Security.Claims;
using System.Text.Json;
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
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? code, [FromForm] string? returnUrl, FitTrackApi api, TimeProvider clock, KeptForm kept, HttpContext http, CancellationToken ct)
    {
        var outcome = await api.LogInAsync(email ?? "", password ?? "", string.IsNullOrWhiteSpace(code) ? null : code, ct);
        var isAgain = http.User.Identity?.IsAuthenticated == true;
        if (outcome.Value is not { } tokens)
            return TypedResults.LocalRedirect((isAgain ? "/sign-in-again" : "/") + QueryString.Create("sign-in", Reason(outcome)).Add("ReturnUrl", Local(returnUrl)).ToUriComponent());

        if (isAgain)
            await api.LogOutAsync(everywhere: false, ct);
        var properties = new AuthenticationProperties { IsPersistent = true };
        TokenRefresh.Store(properties, tokens, clock.GetUtcNow());
        await http.SignInAsync(PrincipalOf(email!, tokens), properties);
        kept.Remember(http, email!);
        return TypedResults.LocalRedirect(Local(returnUrl));
    }

    /// <summary>Who the cookie says is signed in. Id and role only decide what is shown: the Api checks its own token.</summary>
    public static ClaimsPrincipal PrincipalOf(string email, Tokens tokens)
    {
        var claims = new List<Claim> { new(ClaimTypes.Name, email) };
        if (tokens.AccessToken.Split('.') is [_, var payload, _])
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            foreach (var (name, type) in new[] { ("role", ClaimTypes.Role), ("sub", ClaimTypes.NameIdentifier) })
            {
                if (json.RootElement.TryGetProperty(name, out var value))
                    claims.Add(new Claim(type, value.GetString()!));
            }
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
    }

    /// <summary>Out, and on to the sign-in that leads back to where the member was.</summary>
    public static async Task EndAsync(HttpContext http)
    {
        await http.SignOutAsync();
        http.Response.Redirect("/" + QueryString.Create("sign-in", "ended").Add("ReturnUrl", Local(http.Request.PathBase + http.Request.Path + http.Request.QueryString)).ToUriComponent());
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

    private static async Task<RedirectHttpResult> SignOutAsync([FromForm] bool? everywhere, FitTrackApi api, KeptForm kept, HttpContext http, CancellationToken ct)
    {
        await api.LogOutAsync(everywhere == true, ct);
        await http.SignOutAsync();
        kept.Forget(http);
        return TypedResults.LocalRedirect("/");
    }
}
