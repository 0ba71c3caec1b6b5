using System.Globalization;
using FitTrack.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace FitTrack.Web.Security;

/// <summary>
/// Renews the access token in the cookie shortly before it expires; a refusal signs out, an unreachable Api does not. Answers who may not see a page.
/// </summary>
internal sealed class TokenRefresh(FitTrackApi api, TimeProvider clock) : CookieAuthenticationEvents
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(2);

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (Expiry(context.Properties) - clock.GetUtcNow() > Early)
            return;

        var outcome = await api.RefreshAsync(context.Properties.GetTokenValue("refresh_token") ?? "", context.HttpContext.RequestAborted);
        if (outcome.Value is { } tokens)
        {
            Store(context.Properties, tokens, clock.GetUtcNow());
            context.ReplacePrincipal(SignIn.PrincipalOf(context.Principal?.Identity?.Name ?? "", tokens));
            context.ShouldRenew = true;
        }
        else if (outcome.Status is 400 or 401 or 403)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    }

    /// <summary>For others than administrators, administrators' pages do not exist.</summary>
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static void Store(AuthenticationProperties properties, Tokens tokens, DateTimeOffset now) => properties.StoreTokens(
    [
        new AuthenticationToken { Name = "access_token", Value = tokens.AccessToken },
        new AuthenticationToken { Name = "refresh_token", Value = tokens.RefreshToken },
        new AuthenticationToken { Name = "expires_at", Value = now.AddSeconds(tokens.ExpiresIn).ToString("O", CultureInfo.InvariantCulture) },
    ]);

    private static DateTimeOffset Expiry(AuthenticationProperties properties) =>
        DateTimeOffset.TryParse(properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : DateTimeOffset.MinValue;
}
